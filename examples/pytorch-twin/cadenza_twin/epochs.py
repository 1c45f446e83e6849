"""
Epochs over the pieces to learn from, in the order and with the variations of src/kinds/performance/event-epoch.ts. They are encoded
by several processes while the device is busy with the epoch before.
"""

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from .piano import NONE, Events, Notes, encode
from .seeded import Random, seeded_permutation
from .stream import Packed, Piece, Store, join, pack


@dataclass(frozen=True)
class Variation:
    transpose: int = 6
    """Most semitones up or down."""
    stretch: float = 0.1
    """Largest part by which a piece gets slower or faster."""
    untold: bool = False
    """Whether nothing is told of the pieces."""


TELLING = 0.9
"""In which part of the pieces it is told how far the end is, and in which part whose style they are in."""


def varied(
    piece: Notes, index: int, epoch: int, seed: int, variation: Variation, styles: tuple[str, ...] = ()
) -> Events:
    random = Random(seed).fork(f"epoch {epoch}").fork(f"piece {index}")
    tells = not variation.untold
    tells_end = tells and random.fork("end").next() < TELLING
    tells_style = tells and random.fork("style").next() < TELLING and piece.composer in styles
    transpose = random.below(2 * variation.transpose + 1) - variation.transpose
    stretch = 1 + variation.stretch * (2 * random.next() - 1)
    return encode(piece, transpose, stretch, tells_end, styles.index(piece.composer) if tells_style else NONE)


_pieces: list[Notes] = []  # what the processes share with the one that started them


def _encode(job: tuple[list[int], int, int, Variation, tuple[str, ...]]) -> Packed:
    indices, epoch, seed, variation, styles = job
    return pack([varied(_pieces[index], index, epoch, seed, variation, styles) for index in indices])


class Epochs:
    """Make it before anything touches a CUDA device: its processes are forks of this one."""

    def __init__(
        self,
        pieces: list[Notes],
        seed: int,
        variation: Variation,
        processes: int | None = None,
        styles: tuple[str, ...] = (),
    ):
        global _pieces
        _pieces = pieces
        self.seed = seed
        self.variation = variation
        self.styles = styles
        self.processes = processes or max(1, min(15, len(os.sched_getaffinity(0)) - 1))
        self.pool = multiprocessing.get_context("fork").Pool(self.processes) if self.processes > 1 else None

    def _jobs(self, epoch: int) -> list:
        order = seeded_permutation(len(_pieces), self.seed, epoch)
        parts = 4 * self.processes
        size = max(1, -(-len(order) // parts))
        how = (epoch, self.seed, self.variation, self.styles)
        return [(order[at : at + size], *how) for at in range(0, len(order), size)]

    def begin(self, epoch: int):
        """Begins to encode an epoch; call what it gives for the result."""
        jobs = self._jobs(epoch)
        if self.pool is None:
            return lambda: join([_encode(job) for job in jobs])
        return lambda pending=self.pool.map_async(_encode, jobs, chunksize=1): join(pending.get())

    def endless(self, epoch: int, rows: int, device: str | torch.device) -> Iterator[tuple[int, Piece, Store]]:
        """
        The pieces of this epoch and of all after it, for so many rows, with the epoch's number and where they are stored.
        """
        pending = self.begin(epoch)
        store: Store | None = None
        while True:
            packed = pending()
            pending = self.begin(epoch + 1)
            # While one row plays the longest piece, the others may play as many events each.
            longest = int(packed.lengths.max(initial=0)) + 4096
            store = store or Store(4 * len(packed.ticks) + rows * longest, device)
            for piece in store.add(packed):
                yield epoch, piece, store
            epoch += 1

    def close(self) -> None:
        if self.pool is not None:
            self.pool.terminate()
