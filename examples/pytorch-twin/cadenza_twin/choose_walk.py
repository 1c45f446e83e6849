"""Which form of the tracker to take: a fast one, for a card or for processors, where it does what the plain form does."""

import sys
from collections.abc import Iterator

import torch

from .chunk import Chunk
from .piano import Notes, encode
from .stream import Piece, Rows, Store, Walk, chunk_of, pack
from .tracker import TrackerState
from .tracker import walk as plain_walk

ROWS, STEPS, CHUNKS = 8, 48, 48
TOLERANCE = 1e-4


def trial(pieces: list[Notes], device: str) -> list[tuple[Chunk, torch.Tensor]]:
    """Some chunks of real pieces, some of them ending and others beginning."""
    chosen = [encode(piece) for piece in pieces[: 2 * ROWS]]
    packed = pack(chosen)
    store = Store(len(packed.ticks), device)
    stored = store.add(packed)
    # Every other piece is cut short, so that rows end and begin anew.
    waiting: Iterator[Piece] = iter(
        [Piece(p.number, p.at, min(p.length, 60 if p.number % 2 else p.length)) for p in stored]
    )
    rows = Rows(min(ROWS, len(chosen)), STEPS)
    chunks: list[tuple[Chunk, torch.Tensor]] = []
    while len(chunks) < CHUNKS and (made := rows.advance(waiting)) is not None:
        plan = torch.from_numpy(made).to(device)
        chunks.append((chunk_of(store, plan, STEPS)[0], plan[2] == 1))
    return chunks


def differences(walk: Walk, chunks: list[tuple[Chunk, torch.Tensor]], device: str) -> tuple[float, int]:
    """
    Walks along chunks, with the rows (B) that begin pieces in each, in this and in the plain form: the largest difference of
    the maps, and how many symbols are allowed by only one of them.
    """
    rows = chunks[0][0].ticks.shape[1]
    places = sum(chunk.ticks.shape[0] for chunk, _ in chunks)
    precision = torch.float32 if device.startswith("cuda") else torch.float64
    fast, plain = TrackerState(rows, device, precision, places), TrackerState(rows, places=places)
    largest, disagreements = 0.0, 0
    for chunk, began in chunks:
        fast.reset(began.to(device))
        plain.reset(began.cpu())
        there = Chunk(*(each.to(device) for each in vars(chunk).values()))
        here = Chunk(*(each.cpu() for each in vars(chunk).values()))
        maps, may_be = walk(fast, there, torch.float32)
        maps_plain, may_be_plain = plain_walk(plain, here)
        largest = max(largest, float((maps.cpu() - maps_plain).abs().max()))
        disagreements += int((may_be.cpu() != may_be_plain).sum())
    return largest, disagreements


def choose_walk(pieces: list[Notes], device: str) -> Walk:
    try:
        if device.startswith("cuda"):
            from .tracker_kernel import walk
        else:
            from .compiled_walk import walk
        largest, disagreements = differences(walk, trial(pieces, device), device)
        if largest <= TOLERANCE and disagreements == 0:
            print(f"fast walk checked: maps equal to {largest:.1e}, masks equal", flush=True)
            return walk
        why = f"maps differ by {largest:.1e}, masks in {disagreements} places"
    except ImportError as error:
        remedy = "Triton comes with PyTorch for CUDA" if device.startswith("cuda") else "the extra [processor] has Numba"
        why = f"{error}; {remedy}"
    except Exception as error:  # noqa: BLE001: whatever the compiler or the driver says
        why = f"{type(error).__name__}: {error}"
    print(f"warning: the fast walk is not taken, and training is slower: {why}", file=sys.stderr, flush=True)
    return plain_walk
