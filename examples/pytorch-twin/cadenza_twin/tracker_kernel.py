"""
tracker.py's walk as one Triton kernel: a program a row, which walks along its events with the 88 keys side by side. It
counts in single precision; choose_walk.py tells how far it is from the plain form.
"""

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

from . import recall_kernel
from .chunk import Chunk
from .piano import KEYS, MAPS, SYMBOLS
from .tracker import LONG_AGE, RANK_FADES, USE_FORGOTTEN, USE_TICKS, TrackerState

LANES = 128


@triton.jit
def walk_kernel(
    ticks_ptr, symbol_ptr, velocity_ptr, count_ptr,
    onset_ptr, struck_ptr, force_ptr, use_ptr,
    now_ptr, phase_ptr, last_key_ptr, last_is_strike_ptr,
    maps_ptr, allowed_ptr,
    rows, width, STEPS: tl.constexpr,
    AGE_SCALE: tl.constexpr, USE_SCALE: tl.constexpr, USE_END: tl.constexpr, RANK_SCALE: tl.constexpr,
    K: tl.constexpr, LANES: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0)
    key = tl.arange(0, LANES)
    real = key < K
    at = row * K + key
    onset = tl.load(onset_ptr + at, mask=real, other=-1)
    struck = tl.load(struck_ptr + at, mask=real, other=-1)
    force = tl.load(force_ptr + at, mask=real, other=0.0)
    use = tl.load(use_ptr + at, mask=real, other=0.0)
    now = tl.load(now_ptr + row)
    phase = tl.load(phase_ptr + row)
    last_key = tl.load(last_key_ptr + row)
    last_is_strike = tl.load(last_is_strike_ptr + row)
    count = tl.load(count_ptr + row)

    for t in range(0, STEPS):
        cell = t * rows + row
        here = t < count
        ticks = tl.load(ticks_ptr + cell)
        symbol = tl.load(symbol_ptr + cell)
        velocity = tl.load(velocity_ptr + cell)

        # The maps before the event.
        down = onset >= 0
        known = struck >= 0
        age = tl.log(1.0 + (now - onset).to(tl.float32)) * AGE_SCALE
        recency = 1.0 - tl.log(1.0 + (now - struck).to(tl.float32)) * AGE_SCALE
        recency = tl.where(known & (recency > 0.0), recency, 0.0)
        rank = tl.cumsum(tl.where(down, 1, 0), 0)  # keys that are down, up to this one
        rank_of_last = tl.sum(tl.where(key == last_key, rank, 0), 0)
        last_is_down = tl.sum(tl.where((key == last_key) & down, 1, 0), 0)
        between_above = (rank - 1 - rank_of_last).to(tl.float32)
        between_below = (rank_of_last - last_is_down - rank).to(tl.float32)
        near_above = tl.exp(between_above * RANK_SCALE)
        near_below = -tl.exp(between_below * RANK_SCALE)
        near = tl.where(key > last_key, near_above, tl.where(key < last_key, near_below, 0.0))
        near = tl.where(down & (last_key >= 0), near, 0.0)
        is_last = key == last_key
        was_struck = is_last & (last_is_strike == 1)
        was_released = is_last & (last_is_strike == 0)

        to = maps_ptr + cell.to(tl.int64) * width + key
        store = real & here  # what is not stored stays 0
        tl.store(to, tl.where(down, 1.0, 0.0).to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + K, tl.where(down, age, 0.0).to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 2 * K, recency.to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 3 * K, (recency * force).to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 4 * K, (use / (1.0 + use)).to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 5 * K, near.to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 6 * K, tl.where(was_struck, 1.0, 0.0).to(maps_ptr.dtype.element_ty), mask=store)
        tl.store(to + 7 * K, tl.where(was_released, 1.0, 0.0).to(maps_ptr.dtype.element_ty), mask=store)

        # What the event may be.
        same = ticks == 0
        strike = tl.where(down, 0, 1)
        release = tl.where(down, 1, 0)
        release = tl.where(same & (phase == 0) & (key <= last_key), 0, release)
        strike = tl.where(same & (phase == 1) & (key <= last_key), 0, strike)
        release = tl.where(same & (phase == 1) & (struck != now), 0, release)
        strike = tl.where(same & (phase == 2) & (struck != now), 0, strike)
        release = tl.where(same & (phase == 2) & ((struck != now) | (key <= last_key)), 0, release)
        to_allowed = allowed_ptr + cell.to(tl.int64) * (2 * K) + key
        tl.store(to_allowed, strike.to(tl.uint8), mask=store)
        tl.store(to_allowed + K, release.to(tl.uint8), mask=store)

        # On past the event, where one is there.
        passed = tl.where(here, ticks, 0)
        now = now + passed
        phase = tl.where(passed > 0, 0, phase)
        fade = tl.exp(passed.to(tl.float32) * USE_SCALE)
        fade = tl.where(passed < USE_END, fade, 0.0)
        is_strike = symbol < K
        hit = (key == symbol % K) & here
        hit_struck = hit & is_strike
        use = use * fade + tl.where(hit_struck, 1.0, 0.0)
        onset = tl.where(hit, -1, onset)
        onset = tl.where(hit_struck, now, onset)
        struck = tl.where(hit_struck, now, struck)
        force = tl.where(hit_struck, (velocity + 1).to(tl.float32) * (1.0 / 32.0), force)
        after_release = tl.where(phase == 1, 2, phase)
        phase = tl.where(here, tl.where(is_strike, 1, after_release), phase)
        last_key = tl.where(here, symbol % K, last_key)
        last_is_strike = tl.where(here, tl.where(is_strike, 1, 0), last_is_strike)

    tl.store(onset_ptr + at, onset, mask=real)
    tl.store(struck_ptr + at, struck, mask=real)
    tl.store(force_ptr + at, force, mask=real)
    tl.store(use_ptr + at, use, mask=real)
    tl.store(now_ptr + row, now)
    tl.store(phase_ptr + row, phase)
    tl.store(last_key_ptr + row, last_key)
    tl.store(last_is_strike_ptr + row, last_is_strike)


def walk(state: TrackerState, chunk: Chunk, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """As tracker.walk; the state's `use` has to be of single precision."""
    steps, rows = chunk.ticks.shape
    device = chunk.ticks.device
    maps = torch.zeros(steps, rows, state.context_size, dtype=dtype, device=device)
    may_be = torch.ones(steps, rows, SYMBOLS, dtype=torch.uint8, device=device)
    walk_kernel[(rows,)](
        chunk.ticks, chunk.symbol, chunk.velocity, chunk.count,
        state.onset, state.struck, state.force, state.use,
        state.now, state.phase, state.last_key, state.last_is_strike,
        maps, may_be, rows, state.context_size, STEPS=steps,
        AGE_SCALE=1 / math.log(LONG_AGE), USE_SCALE=-1 / USE_TICKS, USE_END=USE_FORGOTTEN,
        RANK_SCALE=math.log(RANK_FADES), K=KEYS, LANES=LANES, num_warps=1,
    )  # fmt: skip
    if state.recall is not None:
        recall_kernel.walk(state.recall, chunk, maps, MAPS * KEYS)
    return maps, may_be.bool()
