"""The next events of some rows, as trackers walk along them. Legend: T events, B rows."""

from dataclasses import dataclass

from torch import Tensor


@dataclass
class Chunk:
    """The next T events of B rows."""

    ticks: Tensor
    """(T, B) int32 since the event before."""
    symbol: Tensor
    """(T, B) int32"""
    velocity: Tensor
    """(T, B) int32, of strikes"""
    count: Tensor
    """(B) int32: events that are there; what stands after them has no meaning."""
