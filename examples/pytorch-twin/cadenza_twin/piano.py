"""From notes to the events of src/representation/performance.ts: grid, order, classes. Whole pieces at once in NumPy.

Legend: N notes, E = 2N events.
"""

from dataclasses import dataclass

import numpy as np

KEYS = 88
LOWEST_PITCH = 21
VELOCITY_BINS = 32
TICKS_PER_SECOND = 100

EXACT = 32
BINS_AN_OCTAVE = 8
OCTAVES = 9
TIME_BINS = EXACT + OCTAVES * BINS_AN_OCTAVE
MOST_TICKS = EXACT * 2**OCTAVES - 1
SYMBOLS = 2 * KEYS
MAPS = 8

NONE = -1
"""The velocity of a release."""

FIRST_TICKS = np.concatenate(
    [np.arange(EXACT)]
    + [EXACT * 2**octave // BINS_AN_OCTAVE * np.arange(BINS_AN_OCTAVE, 2 * BINS_AN_OCTAVE) for octave in range(OCTAVES)]
)
"""(TIME_BINS) the first tick of every class of time."""
BIN_WIDTHS = np.diff(FIRST_TICKS, append=MOST_TICKS + 1)
TIME_BIN_OF = np.repeat(np.arange(TIME_BINS), BIN_WIDTHS)
"""(MOST_TICKS + 1) the class of so many ticks."""


@dataclass
class Notes:
    """N notes of a piece, ascending by start; times in seconds."""

    pitch: np.ndarray
    velocity: np.ndarray
    start: np.ndarray
    end: np.ndarray
    composer: str | None = None

    def __len__(self) -> int:
        return len(self.pitch)


@dataclass
class Grid:
    """N notes by onset and key; times in ticks, velocities in bins."""

    key: np.ndarray
    velocity: np.ndarray
    onset: np.ndarray
    offset: np.ndarray


@dataclass
class Events:
    """E events: ticks since the one before, symbol, velocity bin or NONE; and what is told of the piece."""

    time: np.ndarray
    symbol: np.ndarray
    velocity: np.ndarray
    left: np.ndarray
    """Ticks to the last strike, or NONE."""
    style: int = NONE

    def __len__(self) -> int:
        return len(self.time)


def rounded(values: np.ndarray) -> np.ndarray:
    """As Math.round: halves up."""
    whole = np.floor(values)
    return (whole + (values - whole >= 0.5)).astype(np.int64)


def keys_of(pitch: np.ndarray) -> np.ndarray:
    """Pitches beyond the piano come back into it by octaves."""
    key = pitch.astype(np.int64) - LOWEST_PITCH
    key = np.where(key < 0, key + 12 * -(key // 12), key)
    return np.where(key >= KEYS, key - 12 * -((KEYS - 1 - key) // 12), key)


def grid_of(notes: Notes, transpose: int = 0, stretch: float = 1.0) -> Grid:
    scale = stretch * TICKS_PER_SECOND
    origin = notes.start[0] if len(notes) > 0 else 0.0
    onset = rounded((notes.start - origin) * scale)
    offset = np.maximum(onset, rounded((notes.end - origin) * scale))
    key = keys_of(notes.pitch.astype(np.int64) + transpose)
    order = np.lexsort((key, onset))  # stable: notes of one key and onset stay in their order
    key, onset, offset = key[order], onset[order], offset[order]
    velocity = notes.velocity[order].astype(np.int64) // (128 // VELOCITY_BINS)
    # None beyond its key's next onset.
    by_key = np.argsort(key, kind="stable")
    followed = key[by_key[:-1]] == key[by_key[1:]]
    this, following = by_key[:-1][followed], by_key[1:][followed]
    offset[this] = np.minimum(offset[this], onset[following])
    return Grid(key, velocity, onset, offset)


def events_of(grid: Grid, tells_end: bool = False, style: int = NONE) -> Events:
    """
    Strikes and releases in their fixed order. Within a tick: releases of notes with a length (0); then, for the first
    note of every key in the tick, strikes (1) and releases of those without length (2); for the second, again (3, 4); …
    """
    key, velocity, onset, offset = grid.key, grid.velocity, grid.onset, grid.offset
    count = len(key)
    index = np.arange(count)
    begins = np.ones(count, bool)
    begins[1:] = (onset[1:] != onset[:-1]) | (key[1:] != key[:-1])
    nth = index - np.maximum.accumulate(np.where(begins, index, 0))
    phases = 2 * int(nth.max(initial=0)) + 3
    strikes = (onset * phases + 1 + 2 * nth) * KEYS + key
    releases = (offset * phases + np.where(offset > onset, 0, 2 + 2 * nth)) * KEYS + key
    order = np.argsort(np.concatenate([strikes, releases]))
    tick = np.concatenate([onset, offset])[order]
    return Events(
        time=np.minimum(np.diff(tick, prepend=0), MOST_TICKS).astype(np.int32),
        symbol=np.concatenate([key, KEYS + key])[order].astype(np.int32),
        velocity=np.concatenate([velocity, np.full(count, NONE)])[order].astype(np.int32),
        left=(np.maximum(0, onset[-1] - tick) if tells_end and count else np.full(2 * count, NONE)).astype(np.int32),
        style=style,
    )


def encode(
    notes: Notes, transpose: int = 0, stretch: float = 1.0, tells_end: bool = False, style: int = NONE
) -> Events:
    return events_of(grid_of(notes, transpose, stretch), tells_end, style)
