"""Which form of the tracker to take: the kernel where there is a CUDA device and it does what the plain form does."""

import sys
from collections.abc import Iterator

import torch

from .chunk import Chunk
from .piano import Notes, encode
from .stream import Piece, Rows, Store, Walk, chunk_of, pack
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


def choose_walk(pieces: list[Notes], device: str) -> Walk:
    if not device.startswith("cuda"):
        return plain_walk
    try:
        from .tracker_kernel import differences, walk

        largest, disagreements = differences(trial(pieces, device), device)
        if largest <= TOLERANCE and disagreements == 0:
            print(f"kernel checked: maps equal to {largest:.1e}, masks equal", flush=True)
            return walk
        why = f"maps differ by {largest:.1e}, masks in {disagreements} places"
    except Exception as error:  # noqa: BLE001: whatever the compiler or the driver says
        why = f"{type(error).__name__}: {error}"
    print(f"warning: the kernel is not used, and training is slower: {why}", file=sys.stderr, flush=True)
    return plain_walk
