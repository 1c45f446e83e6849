"""
What a model hears beside the events, and what may come next: PerformanceTracker of src/representation/performance.ts, for
many rows at once. This is the plain form, statement by statement; tracker_kernel.py has the fast one.

Legend: T events, B rows, K = 88 keys.
"""

import math

import torch
from torch import Tensor

from . import recall
from .chunk import Chunk
from .piano import KEYS, MAPS, SYMBOLS, VELOCITY_BINS

NOTHING = -1
RELEASES, STRIKES, SHORT_RELEASES = 0, 1, 2
"""Where in a tick's fixed order the last event stood."""

LONG_AGE = 4096
USE_TICKS = 800
USE_FORGOTTEN = 4 * USE_TICKS
RANK_FADES = 0.6
RANKS_FADING = torch.full((KEYS,), RANK_FADES, dtype=torch.float64).index_fill(0, torch.tensor([0]), 1).cumprod(0)
"""0.6⁰, 0.6¹, …, each the product of the one before."""


class TrackerState:
    """How the keys are after the events so far."""

    def __init__(
        self,
        rows: int,
        device: str | torch.device = "cpu",
        precision: torch.dtype = torch.float64,
        places: int = 0,
    ):
        """places: strikes of the longest piece, where the model recalls; 0 where it does not."""

        def full(shape, value, dtype):
            return torch.full(shape, value, dtype=dtype, device=device)

        self.onset = full((rows, KEYS), NOTHING, torch.int32)
        self.struck = full((rows, KEYS), NOTHING, torch.int32)
        self.force = full((rows, KEYS), 0, torch.float32)
        self.use = full((rows, KEYS), 0, precision)
        self.now = full((rows,), 0, torch.int32)
        self.phase = full((rows,), RELEASES, torch.int32)
        self.last_key = full((rows,), NOTHING, torch.int32)
        self.last_is_strike = full((rows,), 0, torch.int32)
        self.recall = recall.RecallState(rows, places, device) if places > 0 else None

    @property
    def context_size(self) -> int:
        return MAPS * KEYS + (0 if self.recall is None else recall.RECALL_CONTEXT)

    def reset(self, began: Tensor) -> None:
        """Rows (B) bool that begin a piece."""
        for keys, value in ((self.onset, NOTHING), (self.struck, NOTHING), (self.force, 0), (self.use, 0)):
            keys.masked_fill_(began[:, None], value)
        for each, value in ((self.now, 0), (self.phase, RELEASES), (self.last_key, NOTHING), (self.last_is_strike, 0)):
            each.masked_fill_(began, value)
        if self.recall is not None:
            self.recall.reset(began)


def scaled_age(ticks: Tensor) -> Tensor:
    age = torch.log1p(ticks.double()) / math.log(LONG_AGE)
    return torch.where(ticks < LONG_AGE, age.float().double(), age)  # a table of single precision in Cadenza


def context(state: TrackerState) -> Tensor:
    """(B, 8, K) the eight maps, in double precision."""
    down = state.onset != NOTHING
    known = state.struck != NOTHING
    now = state.now[:, None]
    last_key = state.last_key[:, None]
    maps = torch.zeros(len(down), MAPS, KEYS, dtype=torch.float64, device=down.device)
    maps[:, 0] = down.double()
    maps[:, 1] = torch.where(down, scaled_age(now - state.onset), 0)
    recency = (1 - scaled_age(now - state.struck)).clamp(min=0)
    maps[:, 2] = torch.where(known, recency, 0)
    maps[:, 3] = torch.where(known, recency * state.force.double(), 0)
    use = state.use.double()
    maps[:, 4] = torch.where(known, use / (1 + use), 0)
    # 0.6 for each key that is down between it and the last event's.
    rank = down.cumsum(1)  # keys that are down, up to this one
    place = last_key.long().clamp(min=0)
    rank_of_last, last_is_down = rank.gather(1, place), down.gather(1, place).long()
    key = torch.arange(KEYS, device=down.device)
    nears = RANKS_FADING.to(down.device)
    above = nears[(rank - 1 - rank_of_last).clamp(min=0)]
    below = -nears[(rank_of_last - last_is_down - rank).clamp(min=0)]
    near = torch.where(key > last_key, above, below)
    maps[:, 5] = torch.where(down & (key != last_key) & (last_key >= 0), near, 0)
    is_last = key == last_key
    is_strike = state.last_is_strike[:, None] == 1
    maps[:, 6] = (is_last & is_strike).double()
    maps[:, 7] = (is_last & ~is_strike).double()
    return maps


def allowed(state: TrackerState, ticks: Tensor) -> Tensor:
    """(B, 2K) which symbols may come, if so many ticks (B) have passed."""
    same_tick = (ticks == 0)[:, None]
    phase = state.phase[:, None]
    down = state.onset != NOTHING
    struck_now = same_tick & (state.struck == state.now[:, None])
    higher = torch.arange(KEYS, device=down.device) > state.last_key[:, None]
    strike, release = ~down, down
    release = torch.where(same_tick & (phase == RELEASES), release & higher, release)
    strike = torch.where(same_tick & (phase == STRIKES), strike & higher, strike)
    release = torch.where(same_tick & (phase == STRIKES), release & struck_now, release)
    strike = torch.where(same_tick & (phase == SHORT_RELEASES), strike & struck_now, strike)
    release = torch.where(same_tick & (phase == SHORT_RELEASES), release & struck_now & higher, release)
    return torch.cat([strike, release], 1)


def push(state: TrackerState, ticks: Tensor, symbol: Tensor, velocity: Tensor, here: Tensor) -> None:
    """Goes on past an event (B), in the rows (B) where one is there."""
    ticks = torch.where(here, ticks, 0)
    state.now += ticks
    state.phase = torch.where(ticks > 0, RELEASES, state.phase)
    fade = torch.exp(-ticks.double() / USE_TICKS)
    fade = torch.where(ticks < USE_FORGOTTEN, fade, 0)
    state.use *= fade[:, None].to(state.use.dtype)
    is_strike = symbol < KEYS
    hit = (torch.arange(KEYS, device=symbol.device) == (symbol % KEYS)[:, None]) & here[:, None]
    struck = hit & is_strike[:, None]
    now = state.now[:, None]
    state.onset = torch.where(struck, now, torch.where(hit, NOTHING, state.onset))
    state.struck = torch.where(struck, now, state.struck)
    state.force = torch.where(struck, ((velocity + 1) / VELOCITY_BINS)[:, None], state.force)
    state.use += struck
    after_release = torch.where(state.phase == STRIKES, SHORT_RELEASES, state.phase)
    phase = torch.where(is_strike, STRIKES, after_release)
    state.phase = torch.where(here, phase, state.phase).int()
    state.last_key = torch.where(here, symbol % KEYS, state.last_key).int()
    state.last_is_strike = torch.where(here, is_strike, state.last_is_strike).int()


def walk(state: TrackerState, chunk: Chunk, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """The maps (T, B, C) before every event and the symbols (T, B, 2K) bool that it may be; moves the state on."""
    steps, rows = chunk.ticks.shape
    device = chunk.ticks.device
    maps = torch.zeros(steps, rows, state.context_size, dtype=dtype, device=device)
    may_be = torch.ones(steps, rows, SYMBOLS, dtype=torch.bool, device=device)
    for t in range(steps):
        here = t < chunk.count
        event = (chunk.ticks[t], chunk.symbol[t], chunk.velocity[t], here)
        heard = [context(state).flatten(1)]
        may_be[t] = allowed(state, chunk.ticks[t]) | ~here[:, None]
        push(state, *event)
        if state.recall is not None:
            heard.append(recall.context(state.recall))
            recall.push(state.recall, *event)
        maps[t] = torch.where(here[:, None], torch.cat(heard, 1), 0).to(dtype)
    return maps, may_be
