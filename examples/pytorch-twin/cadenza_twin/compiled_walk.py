"""
tracker.py's and recall.py's walk for processors, compiled by Numba: every row walks along its events by itself, and the rows
are shared among as many threads as PyTorch has.

Legend: T events, B rows, K = 88 keys, P places: strikes of the longest piece.
"""

import math

import numpy as np
import torch
from numba import config, njit, prange, set_num_threads
from torch import Tensor

from .chunk import Chunk
from .piano import KEYS, MAPS, SYMBOLS, TIME_BINS, VELOCITY_BINS
from .recall import AGREES, DIFFERS, EXTRA, FALLS, LEAST_SCORE, MOST_SCORE, PLACE, REACH, SCORE_UNIT, TIME_MAPS, RecallState
from .tracker import (
    LONG_AGE,
    NOTHING,
    RANKS_FADING,
    RELEASES,
    SHORT_RELEASES,
    STRIKES,
    USE_FORGOTTEN,
    USE_TICKS,
    TrackerState,
    scaled_age,
)

AGES = scaled_age(torch.arange(LONG_AGE)).numpy()
NEARS = RANKS_FADING.numpy()
NO_SCORE = -(1 << 30)


@njit(inline="always")
def age_of(ticks):
    return AGES[ticks] if ticks < LONG_AGE else math.log1p(ticks) / math.log(LONG_AGE)


@njit(parallel=True, cache=True)
def walk_rows(ticks, symbols, velocities, counts, onset, struck, force, use, nows, phases, last_keys, strikes, maps, may_be):
    for row in prange(len(counts)):
        now, phase, last_key, was_strike = nows[row], phases[row], last_keys[row], strikes[row]
        for t in range(counts[row]):
            to = maps[t, row]
            passed = ticks[t, row]
            same = passed == 0

            # The maps before the event, and what it may be.
            last_is_down = last_key >= 0 and onset[row, last_key] != NOTHING
            rank_of_last = 0
            for key in range(last_key + 1):
                rank_of_last += onset[row, key] != NOTHING
            rank = 0
            for key in range(KEYS):
                down = onset[row, key] != NOTHING
                rank += down
                if down:
                    to[key] = 1
                    to[KEYS + key] = age_of(now - onset[row, key])
                    if last_key >= 0 and key > last_key:
                        to[5 * KEYS + key] = NEARS[rank - 1 - rank_of_last]
                    elif key < last_key:
                        to[5 * KEYS + key] = -NEARS[rank_of_last - last_is_down - rank]
                if struck[row, key] != NOTHING:
                    recency = max(0.0, 1 - age_of(now - struck[row, key]))
                    to[2 * KEYS + key] = recency
                    to[3 * KEYS + key] = recency * force[row, key]
                    to[4 * KEYS + key] = use[row, key] / (1 + use[row, key])
                strike, release = not down, down
                if same:
                    struck_now = struck[row, key] == now
                    if phase == RELEASES:
                        release = release and key > last_key
                    elif phase == STRIKES:
                        release = release and struck_now
                        strike = strike and key > last_key
                    else:
                        strike = strike and struck_now
                        release = release and struck_now and key > last_key
                may_be[t, row, key] = strike
                may_be[t, row, KEYS + key] = release
            if last_key >= 0:
                to[(7 - was_strike) * KEYS + last_key] = 1

            # On past the event.
            if passed > 0:
                now += passed
                phase = RELEASES
                fade = math.exp(-passed / USE_TICKS) if passed < USE_FORGOTTEN else 0.0
                for key in range(KEYS):
                    use[row, key] *= fade
            last_key = symbols[t, row] % KEYS
            was_strike = symbols[t, row] < KEYS
            if was_strike:
                onset[row, last_key] = struck[row, last_key] = now
                force[row, last_key] = (velocities[t, row] + 1) / VELOCITY_BINS
                use[row, last_key] += 1
                phase = STRIKES
            else:
                onset[row, last_key] = NOTHING
                phase = SHORT_RELEASES if phase == STRIKES else phase
        nows[row], phases[row], last_keys[row], strikes[row] = now, phase, last_key, was_strike


@njit(inline="always")
def recall_into(to, keys, when, forces, end, now, best, surest, bin_of):
    """Writes what is recalled before an event: the maps over the keys, and over the classes of time."""
    for key in range(KEYS):
        by_key = best[0, key]
        if by_key >= PLACE:
            to[key] = by_key // PLACE / SCORE_UNIT
            to[2 * KEYS + key] = (forces[by_key % PLACE + 1] + 1) / VELOCITY_BINS
        to[KEYS + key] = best[1, key] // PLACE / SCORE_UNIT
    if surest < PLACE:
        return
    place = surest % PLACE
    left = when[place + 1] - when[place] - (now - when[end - 1])
    if left < 0:
        return
    expected = bin_of[min(left, len(bin_of) - 1)]
    for time in range(max(0, expected - REACH), min(TIME_BINS, expected + REACH + 1)):
        for which in range(TIME_MAPS):
            fall = FALLS[which, abs(time - expected)]
            to[3 * KEYS + which * TIME_BINS + time] = fall * (surest // PLACE) / SCORE_UNIT


@njit(inline="always")
def score_of(agrees, diagonal, straight, carried):
    """The score of a place, from those before it in the row above, above it, and before it in its own row."""
    score = max((AGREES if agrees else DIFFERS) + diagonal, straight + EXTRA)
    return max(min(score, MOST_SCORE), carried + EXTRA)


@njit(inline="always")
def align(keys, end, oldest, above, own, best):
    """Goes on with both alignments past the strike at `end`; the best score by keys, and its place."""
    best[:] = 0
    struck = keys[end]
    step = struck - keys[max(0, end - 1)]
    surest = 0
    by_key = by_interval = NO_SCORE
    for place in range(oldest, end):
        straight_key = straight_interval = diagonal_key = diagonal_interval = 0
        if place < end - 1:
            straight_key, straight_interval = above[0, place], above[1, place]
        moves = False
        if place > 0:
            diagonal_key, diagonal_interval = above[0, place - 1], above[1, place - 1]
            moves = keys[place] - keys[place - 1] == step
        by_key = score_of(keys[place] == struck, diagonal_key, straight_key, by_key)
        by_interval = score_of(moves, diagonal_interval, straight_interval, by_interval)
        own[0, place] = max(0, by_key)
        own[1, place] = max(0, by_interval)
        following = keys[place + 1]
        if by_key >= LEAST_SCORE:
            packed = by_key * PLACE + place
            best[0, following] = max(best[0, following], packed)
            surest = max(surest, packed)
        following += struck - keys[place]
        if by_interval >= LEAST_SCORE and 0 <= following < KEYS:
            best[1, following] = max(best[1, following], by_interval * PLACE + place)
    return surest


@njit(parallel=True, cache=True)
def recall_rows(
    ticks, symbols, velocities, counts, keys, when, forces, ends, nows, scores, best, surest, bin_of, remembered, maps
):  # fmt: skip
    for row in prange(len(counts)):
        end, now = ends[row], nows[row]
        for t in range(counts[row]):
            own_best = best[:, row]
            recall_into(maps[t, row], keys[row], when[row], forces[row], end, now, own_best, surest[row], bin_of)
            now += max(0, ticks[t, row])
            if symbols[t, row] < KEYS:
                keys[row, end], when[row, end], forces[row, end] = symbols[t, row], now, velocities[t, row]
                above, own = scores[:, 1 - end % 2, row], scores[:, end % 2, row]
                surest[row] = align(keys[row], end, max(0, end - remembered), above, own, own_best)
                end += 1
        ends[row], nows[row] = end, now


def walk(state: TrackerState, chunk: Chunk, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """As tracker.walk, on a processor."""
    set_num_threads(min(torch.get_num_threads(), config.NUMBA_NUM_THREADS))
    steps, rows = chunk.ticks.shape
    maps = np.zeros((steps, rows, state.context_size), np.float32)
    may_be = np.ones((steps, rows, SYMBOLS), np.bool_)
    events = [each.numpy() for each in (chunk.ticks, chunk.symbol, chunk.velocity, chunk.count)]
    keys = [each.numpy() for each in (state.onset, state.struck, state.force, state.use)]
    last = [each.numpy() for each in (state.now, state.phase, state.last_key, state.last_is_strike)]
    walk_rows(*events, *keys, *last, maps, may_be)
    if state.recall is not None:
        recall_rows(*events, *recall_arrays(state.recall), maps[..., MAPS * KEYS :])
    return torch.from_numpy(maps).to(dtype), torch.from_numpy(may_be)


def recall_arrays(recall: RecallState) -> list:
    history = [each.numpy() for each in (recall.keys, recall.ticks, recall.velocities, recall.end, recall.now)]
    found = [each.numpy() for each in (recall.scores, recall.best, recall.surest, recall.bin_of)]
    return [*history, *found, recall.remembered]
