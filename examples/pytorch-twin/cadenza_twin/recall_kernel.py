"""
recall.py's walk as one Triton kernel: a program a row, which goes along the places of the piece a block at a time. Both
alignments go together. A row of scores is read as the next one is written, hence two of each, in turns.
"""

import triton
import triton.language as tl
from torch import Tensor

from .piano import KEYS, TIME_BINS, VELOCITY_BINS
from .recall import AGREES, DIFFERS, EXTRA, LEAST_SCORE, MOST_SCORE, PLACE, REACH, SCORE_UNIT, RecallState
from .chunk import Chunk

BLOCK = 1024
LANES = 128


@triton.jit
def larger(a, b):
    return tl.maximum(a, b)


@triton.jit
def recall_kernel(
    ticks_ptr, symbol_ptr, velocity_ptr, count_ptr,
    keys_ptr, when_ptr, velocities_ptr, end_ptr, now_ptr,
    scores_ptr, best_ptr, surest_ptr, bin_of_ptr, falls_ptr, maps_ptr,
    rows, places, width, offset, STEPS: tl.constexpr,
    REMEMBERED: tl.constexpr, MOST_TICKS: tl.constexpr, K: tl.constexpr, BINS: tl.constexpr, UNIT: tl.constexpr,
    AGREES: tl.constexpr, DIFFERS: tl.constexpr, EXTRA: tl.constexpr, LEAST: tl.constexpr, MOST: tl.constexpr,
    PLACE: tl.constexpr, REACH: tl.constexpr, FORCES: tl.constexpr, BLOCK: tl.constexpr, LANES: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0)
    key = tl.arange(0, LANES)
    real = key < K
    is_bin = key < BINS
    history = row.to(tl.int64) * places
    layer = tl.full((), 0, tl.int64) + rows * places  # numbers of one of the four rows of scores, for all rows of the batch
    by_key_ptr = best_ptr + row * K
    by_interval_ptr = best_ptr + (rows + row) * K
    end = tl.load(end_ptr + row)
    now = tl.load(now_ptr + row)
    surest = tl.load(surest_ptr + row)
    count = tl.load(count_ptr + row)
    by_key = tl.load(by_key_ptr + key, mask=real, other=0)
    by_interval = tl.load(by_interval_ptr + key, mask=real, other=0)
    of_key = tl.load(velocities_ptr + history + by_key % PLACE + 1, mask=real & (by_key > 0), other=-1)
    last_key = tl.load(keys_ptr + history + tl.maximum(end - 1, 0))
    last_strike = tl.load(when_ptr + history + tl.maximum(end - 1, 0))
    sure_place = surest % PLACE
    wait = tl.load(when_ptr + history + sure_place + 1) - tl.load(when_ptr + history + sure_place)

    for t in range(0, STEPS):
        cell = t * rows + row
        here = t < count
        ticks = tl.load(ticks_ptr + cell)
        symbol = tl.load(symbol_ptr + cell)
        velocity = tl.load(velocity_ptr + cell)

        # The maps before the event; what is not stored stays 0.
        to = maps_ptr + cell.to(tl.int64) * width + offset + key
        store = real & here
        kind = maps_ptr.dtype.element_ty
        tl.store(to, ((by_key // PLACE).to(tl.float32) / UNIT).to(kind), mask=store)
        tl.store(to + K, ((by_interval // PLACE).to(tl.float32) / UNIT).to(kind), mask=store)
        tl.store(to + 2 * K, ((of_key + 1).to(tl.float32) / FORCES).to(kind), mask=store)
        left = wait - (now - last_strike)
        expected = tl.load(bin_of_ptr + tl.minimum(tl.maximum(left, 0), MOST_TICKS))
        away = tl.abs(key - expected)
        near = is_bin & here & (surest > 0) & (left >= 0) & (away <= REACH)
        certainty = (surest // PLACE).to(tl.float32) / UNIT
        for map in tl.static_range(3):
            fall = tl.load(falls_ptr + map * (REACH + 1) + away, mask=near, other=0.0)
            tl.store(to + 3 * K + map * BINS, (fall * certainty).to(kind), mask=near)

        # On past the event, where one is there.
        now = now + tl.where(here, tl.maximum(ticks, 0), 0)
        if here & (symbol < K):
            tl.store(keys_ptr + history + end, symbol)
            tl.store(when_ptr + history + end, now)
            tl.store(velocities_ptr + history + end, velocity)
            tl.store(by_key_ptr + key, tl.zeros([LANES], tl.int32), mask=real)
            tl.store(by_interval_ptr + key, tl.zeros([LANES], tl.int32), mask=real)
            tl.debug_barrier()
            step = symbol - last_key
            oldest = tl.maximum(end - REMEMBERED, 0)
            turn = end % 2
            above_keys = scores_ptr + (1 - turn) * layer + history
            row_keys = scores_ptr + turn * layer + history
            above_intervals = scores_ptr + (3 - turn) * layer + history
            row_intervals = scores_ptr + (2 + turn) * layer + history
            surest_lanes = tl.zeros([BLOCK], tl.int32)
            carried_keys = tl.full((), -(1 << 30), tl.int32)
            carried_intervals = tl.full((), -(1 << 30), tl.int32)
            for begin in range(oldest // BLOCK * BLOCK, end, BLOCK):
                place = begin + tl.arange(0, BLOCK)
                heard = (place >= oldest) & (place < end)
                is_above = heard & (place < end - 1)
                has_before = heard & (place > 0)
                this = tl.load(keys_ptr + history + place, mask=heard, other=0)
                before = tl.load(keys_ptr + history + place - 1, mask=has_before, other=0)
                after = tl.load(keys_ptr + history + place + 1, mask=heard, other=0)

                straight = tl.load(above_keys + place, mask=is_above, other=0)
                diagonal = tl.load(above_keys + place - 1, mask=has_before, other=0)
                score = tl.maximum(tl.where(this == symbol, AGREES, DIFFERS) + diagonal, straight + EXTRA)
                score = tl.where(heard, tl.minimum(score, MOST), DIFFERS) - EXTRA * place
                along = tl.maximum(tl.associative_scan(score, 0, larger), carried_keys)
                carried_keys = tl.maximum(carried_keys, tl.max(score, 0))
                found = tl.maximum(along + EXTRA * place, 0)
                tl.store(row_keys + place, found, mask=heard)
                packed = tl.where(heard & (found >= LEAST), found * PLACE + place, 0)
                surest_lanes = tl.maximum(surest_lanes, packed)
                tl.atomic_max(by_key_ptr + after, packed, mask=packed > 0, sem="relaxed")

                straight = tl.load(above_intervals + place, mask=is_above, other=0)
                diagonal = tl.load(above_intervals + place - 1, mask=has_before, other=0)
                agrees = has_before & (this - before == step)
                score = tl.maximum(tl.where(agrees, AGREES, DIFFERS) + diagonal, straight + EXTRA)
                score = tl.where(heard, tl.minimum(score, MOST), DIFFERS) - EXTRA * place
                along = tl.maximum(tl.associative_scan(score, 0, larger), carried_intervals)
                carried_intervals = tl.maximum(carried_intervals, tl.max(score, 0))
                found = tl.maximum(along + EXTRA * place, 0)
                tl.store(row_intervals + place, found, mask=heard)
                next_key = symbol + after - this
                counts = heard & (found >= LEAST) & (next_key >= 0) & (next_key < K)
                packed = tl.where(counts, found * PLACE + place, 0)
                tl.atomic_max(by_interval_ptr + next_key, packed, mask=counts, sem="relaxed")
            tl.debug_barrier()
            # Past the first cache, which does not see what atomics did.
            by_key = tl.load(by_key_ptr + key, mask=real, other=0, cache_modifier=".cg")
            by_interval = tl.load(by_interval_ptr + key, mask=real, other=0, cache_modifier=".cg")
            of_key = tl.load(velocities_ptr + history + by_key % PLACE + 1, mask=real & (by_key > 0), other=-1)
            surest = tl.max(surest_lanes, 0)
            sure_place = surest % PLACE
            wait = tl.load(when_ptr + history + sure_place + 1) - tl.load(when_ptr + history + sure_place)
            last_key = symbol
            last_strike = now
            end = end + 1
            tl.debug_barrier()

    tl.store(end_ptr + row, end)
    tl.store(now_ptr + row, now)
    tl.store(surest_ptr + row, surest)


def walk(state: RecallState, chunk: Chunk, maps: Tensor, offset: int, block: int = BLOCK) -> None:
    """Writes what is recalled before every event into maps (T, B, C), from `offset` on, and moves the state on."""
    steps, rows, width = maps.shape
    recall_kernel[(rows,)](
        chunk.ticks, chunk.symbol, chunk.velocity, chunk.count,
        state.keys, state.ticks, state.velocities, state.end, state.now,
        state.scores, state.best, state.surest, state.bin_of, state.falls, maps,
        rows, state.places, width, offset, STEPS=steps,
        REMEMBERED=state.remembered, MOST_TICKS=len(state.bin_of) - 1, K=KEYS, BINS=TIME_BINS, UNIT=SCORE_UNIT,
        AGREES=AGREES, DIFFERS=DIFFERS, EXTRA=EXTRA, LEAST=LEAST_SCORE, MOST=MOST_SCORE,
        PLACE=PLACE, REACH=REACH, FORCES=VELOCITY_BINS, BLOCK=block, LANES=LANES, num_warps=8, num_stages=1,
    )  # fmt: skip
