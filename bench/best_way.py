"""Lets a contestant find out on the spot which of several ways is its fastest here, before the race."""

import os
import time

TRIALS = 3


def thread_counts():
    """1, 2, 4, … threads, as far as there are cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [count for count in (1, 2, 4, 8) if count <= cores]


def best_way(ways, trial):
    """The way whose best of a few trials is fastest. `trial` does a short piece of the work."""
    times = []
    for way in ways:
        trial(way)  # warm
        least = float("inf")
        for _ in range(TRIALS):
            start = time.perf_counter()
            trial(way)
            least = min(least, time.perf_counter() - start)
        times.append(least)
    return ways[times.index(min(times))]
