"""
Pieces in the rows of batches: every row goes on where it was, and begins the next piece when one is over, as EventEpoch
does. Events lie on the device; a batch is a plan of places, made into numbers there.

Legend: T events, B rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .chunk import Chunk
from .model import Batch
from .parameters import ATTRIBUTES
from .piano import KEYS, NONE, SYMBOLS, TIME_BIN_OF, TIME_BINS, VELOCITY_BINS, Events, Notes
from .told import told
from .tracker import TrackerState


@dataclass
class Packed:
    """Pieces one after the other, each after an event that is none."""

    ticks: np.ndarray
    symbol: np.ndarray
    velocity: np.ndarray
    left: np.ndarray
    style: np.ndarray
    lengths: np.ndarray
    """Events of each piece."""
    notes: np.ndarray
    """Notes of each piece."""


def pack(pieces: list[Events]) -> Packed:
    def joined(name: str, none: int, dtype: type) -> np.ndarray:
        parts: list = []
        for piece in pieces:
            values = getattr(piece, name)
            parts += [[none], np.where(values == NONE, none, values)]
        return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)

    lengths = np.array([len(piece) for piece in pieces], np.int64)
    # An event that is none, before a piece, tells nothing.
    style = np.repeat(np.array([piece.style for piece in pieces], np.int8), lengths + 1)
    style[np.cumsum(lengths + 1) - lengths - 1] = NONE
    return Packed(
        joined("time", -1, np.int32),
        joined("symbol", SYMBOLS, np.uint8),
        joined("velocity", VELOCITY_BINS, np.uint8),
        joined("left", NONE, np.int32),
        style,
        lengths,
        lengths // 2,
    )


def join(parts: list[Packed]) -> Packed:
    names = ("ticks", "symbol", "velocity", "left", "style", "lengths", "notes")
    return Packed(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def most_places(pieces: list[Notes]) -> int:
    """Room for the strikes of any of the pieces in which a model recalls, and for the one that follows them."""
    return max((len(piece) for piece in pieces), default=0) + 1


@dataclass
class Piece:
    number: int
    at: int
    """Where its first event lies in the store."""
    length: int


class Store:
    """Room for the events of some epochs; the oldest make room for new ones."""

    def __init__(self, capacity: int, device: str | torch.device):
        self.device = torch.device(device)
        self.ticks = torch.zeros(capacity, dtype=torch.int32, device=device)
        self.symbol = torch.zeros(capacity, dtype=torch.uint8, device=device)
        self.velocity = torch.zeros(capacity, dtype=torch.uint8, device=device)
        self.left = torch.zeros(capacity, dtype=torch.int32, device=device)
        self.style = torch.zeros(capacity, dtype=torch.int8, device=device)
        self.end = 0
        self.time_classes = torch.from_numpy(np.concatenate([[TIME_BINS], TIME_BIN_OF])).to(device)

    def add(self, packed: Packed) -> list[Piece]:
        size = len(packed.ticks)
        if size > len(self.ticks):
            raise ValueError(f"{size} events do not fit into a store of {len(self.ticks)}")
        if self.end + size > len(self.ticks):
            self.end = 0
        for name in ("ticks", "symbol", "velocity", "left", "style"):
            getattr(self, name)[self.end : self.end + size] = torch.from_numpy(getattr(packed, name)).to(self.device)
        at = self.end + np.cumsum(packed.lengths + 1) - packed.lengths
        self.end += size
        return [Piece(n, int(a), int(length)) for n, (a, length) in enumerate(zip(at, packed.lengths))]


class Rows:
    """Which events stand in which row."""

    def __init__(self, rows: int, steps: int):
        self.steps = steps
        self.at = np.ones(rows, np.int64)
        self.left = np.zeros(rows, np.int64)
        self.number = np.full(rows, -1, np.int64)

    def advance(self, pieces: Iterator[Piece]) -> np.ndarray | None:
        """(4, B) place of the first event, events, 1 where a piece begins, number of the piece; None when all is over."""
        began = np.zeros_like(self.at)
        for row in np.flatnonzero(self.left == 0):
            self.number[row] = -1
            piece = next(pieces, None)
            if piece is None:
                continue
            self.at[row], self.left[row], self.number[row], began[row] = piece.at, piece.length, piece.number, 1
        count = np.minimum(self.left, self.steps)
        if not count.any():
            return None
        plan = np.stack([self.at, count, began, self.number])
        self.at = self.at + count
        self.left = self.left - count
        return plan


Walk = Callable[[TrackerState, Chunk, torch.dtype], tuple[Tensor, Tensor]]


def chunk_of(store: Store, plan: Tensor, steps: int) -> tuple[Chunk, Batch]:
    """The numbers of a plan (4, B) on the device; the batch still without context and what is allowed."""
    step = torch.arange(steps, device=plan.device)[:, None]
    valid = step < plan[1]  # (T, B)
    place = (plan[0] + step).clamp(max=len(store.ticks) - 1)

    def classes(places: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        ticks = store.ticks[places]
        return ticks, store.time_classes[ticks + 1], store.symbol[places].long(), store.velocity[places].long()

    _, *before = classes(place - 1)
    ticks, time, symbol, velocity = classes(place)
    is_strike = valid & (symbol < KEYS)
    present = {"time": valid, "symbol": valid, "velocity": is_strike}
    now = {"time": time, "symbol": symbol, "velocity": velocity}
    empty = torch.empty(0, device=plan.device)
    batch = Batch(
        before={name: torch.where(valid, value, ATTRIBUTES[name]) for name, value in zip(ATTRIBUTES, before)},
        now={name: torch.where(present[name], now[name], 0) for name in ATTRIBUTES},
        weight={name: present[name].float() for name in ATTRIBUTES},
        context=empty,
        allowed=empty,
    )
    return Chunk(ticks, symbol.int(), velocity.int(), plan[1].int()), batch


def told_in(store: Store, plan: Tensor, steps: int, dtype: torch.dtype) -> Tensor:
    """(T, B, TOLD_SIZE) what the event before tells of the piece; 0 where there is none."""
    step = torch.arange(steps, device=plan.device)[:, None]
    before = (plan[0] + step).clamp(max=len(store.ticks) - 1) - 1
    return told(store.left[before], store.style[before], dtype) * (step < plan[1])[..., None]


def batch_of(
    store: Store,
    tracker: TrackerState,
    walk: Walk,
    plan: Tensor,
    steps: int,
    dtype: torch.dtype = torch.float32,
    told_at: int | None = None,
) -> Batch:
    """All that an EventBatch holds; where in the context the model is told of the piece, if it is."""
    chunk, batch = chunk_of(store, plan, steps)
    tracker.reset(plan[2] == 1)
    batch.context, batch.allowed = walk(tracker, chunk, dtype)
    if told_at is not None:
        maps = batch.context
        batch.context = torch.cat([maps[..., :told_at], told_in(store, plan, steps, dtype), maps[..., told_at:]], 2)
    return batch
