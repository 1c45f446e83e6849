"""
What was played before in a piece, and what came then: Recall, SelfAlignment and RecallTracker of src/representation/, for
many rows at once. This is the plain form, where a row of the alignment holds every place and not only those that agree;
recall_kernel.py has the fast one.

Legend: T events, B rows, K = 88 keys, P places: strikes of the longest piece.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .piano import KEYS, TIME_BIN_OF, TIME_BINS, VELOCITY_BINS

AGREES, DIFFERS, EXTRA = 2, -6, -3
MOST_SCORE = 64
REMEMBERED = 8192
LEAST_SCORE = 3
SCORE_UNIT = 16

RECALL_MAPS = 3
"""Over the keys: recalled as next, the same by intervals, how hard they were struck then."""
TIME_MAPS = 3
"""Over the classes of time: where the next strike is expected, sharply, less so, and widely."""
RECALL_CONTEXT = RECALL_MAPS * KEYS + TIME_MAPS * TIME_BINS
WIDTHS = (0.5, 1.5, 5)
REACH = 15
FALLS = np.exp(-np.arange(REACH + 1) / np.array(WIDTHS)[:, None]).astype(np.float32)
"""(3, REACH + 1) what a map has fallen to, so many classes away from where a strike is expected."""

PLACE = 1 << 20
"""A score and its place as one number, of which the larger is the better score, or the later place: score · PLACE + place."""

BY_KEY, BY_INTERVAL = 0, 1


class RecallState:
    """The strikes of the pieces in B rows so far, the last row of both alignments, and what they recall."""

    def __init__(self, rows: int, places: int, device: str | torch.device = "cpu", remembered: int = REMEMBERED):
        if places >= PLACE:
            raise ValueError(f"{places} strikes in a piece; at most {PLACE - 1} can be recalled")

        def zeros(*shape: int) -> Tensor:
            return torch.zeros(shape, dtype=torch.int32, device=device)

        self.places = places
        self.remembered = remembered
        self.keys = zeros(rows, places)
        self.ticks = zeros(rows, places)
        self.velocities = zeros(rows, places)
        self.end = zeros(rows)
        """Strikes so far."""
        self.now = zeros(rows)
        self.scores = zeros(2, 2, rows, places)
        """By keys, by intervals; in turns, the row of the last strike and the one before it."""
        self.best = zeros(2, rows, KEYS)
        """For every key that is recalled, by keys and by intervals: the best score and its place in one number."""
        self.surest = zeros(rows)
        """The best score by keys of all, and its place."""
        self.bin_of = torch.from_numpy(TIME_BIN_OF.astype(np.int32)).to(device)
        self.falls = torch.from_numpy(FALLS).to(device)

    def reset(self, began: Tensor) -> None:
        """Rows (B) bool that begin a piece; what lies beyond `end` has no meaning."""
        for each in (self.end, self.now, self.surest):
            each.masked_fill_(began, 0)
        self.best.masked_fill_(began[:, None], 0)


def context(state: RecallState) -> Tensor:
    """(B, 3·K + 3·TIME_BINS) the maps, in double precision."""

    def at(history: Tensor, place: Tensor) -> Tensor:
        return history.gather(1, place.long().clamp(max=state.places - 1))

    strength = state.best // PLACE
    forces = (at(state.velocities, state.best[BY_KEY] % PLACE + 1) + 1).double() / VELOCITY_BINS
    forces = torch.where(strength[BY_KEY] > 0, forces, 0)
    keys = torch.stack([strength[BY_KEY] / SCORE_UNIT, strength[BY_INTERVAL] / SCORE_UNIT, forces], 1)

    certainty = state.surest // PLACE
    place = (state.surest % PLACE)[:, None]
    wait = at(state.ticks, place + 1) - at(state.ticks, place)
    last = at(state.ticks, (state.end - 1).clamp(min=0)[:, None])
    left = (wait - (state.now[:, None] - last))[:, 0]
    known = (certainty > 0) & (left >= 0)
    expected = state.bin_of[left.long().clamp(0, len(state.bin_of) - 1)]
    away = (torch.arange(TIME_BINS, device=left.device) - expected[:, None]).abs()  # (B, TIME_BINS)
    falls = state.falls.double()[:, away.clamp(max=REACH)] * (certainty / SCORE_UNIT).double()[:, None]
    times = torch.where(known[:, None] & (away <= REACH), falls, 0).transpose(0, 1)
    return torch.cat([keys.double().flatten(1), times.flatten(1)], 1)


def aligned(above: Tensor, agrees: Tensor, heard: Tensor) -> Tensor:
    """The row (B, P) of an alignment after the one above it (B, P), where values agree, for the places that are heard."""
    place = torch.arange(above.shape[1], device=above.device)
    diagonal = F.pad(above[:, :-1], (1, 0))
    score = torch.maximum(torch.where(agrees, AGREES, DIFFERS) + diagonal, above + EXTRA).clamp(max=MOST_SCORE)
    score = torch.where(heard, score, DIFFERS)
    # A value that only the earlier place has costs EXTRA each: the best of all to the left.
    along = (score - EXTRA * place).cummax(1).values + EXTRA * place
    return torch.where(heard, along.clamp(min=0), 0).int()


def strike(state: RecallState, key: Tensor, velocity: Tensor, here: Tensor) -> None:
    """Hears a strike of key (B) in the rows (B) where there is one."""
    rows = torch.nonzero(here)[:, 0]
    if len(rows) == 0:
        return
    end, key = state.end[rows].long(), key[rows].long()
    for history, value in ((state.keys, key), (state.ticks, state.now[rows]), (state.velocities, velocity[rows])):
        history[rows, end] = value.int()
    keys = state.keys[rows].long()
    place = torch.arange(state.places, device=keys.device)
    heard = (place < end[:, None]) & (place >= end[:, None] - state.remembered)
    steps = F.pad(keys[:, 1:] - keys[:, :-1], (1, 0))  # from the strike before to this one
    last_step = key - keys.gather(1, (end - 1).clamp(min=0)[:, None])[:, 0]
    values = (keys == key[:, None], (steps == last_step[:, None]) & (place > 0))
    following = torch.roll(keys, -1, 1)
    recalled = (following, following - keys + key[:, None])
    turn = end % 2
    for which in (BY_KEY, BY_INTERVAL):
        above = torch.where(place < end[:, None] - 1, state.scores[which, 1 - turn, rows], 0)
        row = aligned(above, values[which], heard)
        state.scores[which, turn, rows] = row
        counts = (row >= LEAST_SCORE) & (recalled[which] >= 0) & (recalled[which] < KEYS)
        packed = torch.where(counts, row * PLACE + place, 0).int()
        into = torch.zeros(len(rows), KEYS, dtype=torch.int32, device=keys.device)
        into.scatter_reduce_(1, recalled[which].clamp(0, KEYS - 1), packed, "amax")
        state.best[which, rows] = into
        if which == BY_KEY:
            state.surest[rows] = packed.max(1).values
    state.end[rows] = (end + 1).int()


def push(state: RecallState, ticks: Tensor, symbol: Tensor, velocity: Tensor, here: Tensor) -> None:
    """Goes on past an event (B), in the rows (B) where one is there."""
    state.now += torch.where(here, ticks.clamp(min=0), 0).int()
    strike(state, symbol, velocity, here & (symbol < KEYS))
