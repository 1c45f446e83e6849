"""
What a model is told of a piece: how far the end is, and in whose style it is, as ending.ts and performance-guided.ts of
src/representation have it.
"""

import torch
from torch import Tensor

from .piano import TICKS_PER_SECOND

ENDING_SIZE = 8
"""Numbers that tell how far the end is: how near it is to 0, 1, 3, 7 … 127 units."""
MOST_STYLES = 16
TOLD_SIZE = ENDING_SIZE + MOST_STYLES
UNIT = TICKS_PER_SECOND / 4


def told(left: Tensor, style: Tensor, dtype: torch.dtype) -> Tensor:
    """(…, TOLD_SIZE) for ticks to the last strike and numbers of styles (…), NONE where they are not told."""
    scaled = torch.log2(1 + left.clamp(min=0).double() / UNIT)[..., None]
    bins = torch.arange(ENDING_SIZE, device=left.device)
    ending = (1 - (scaled - bins).abs()).clamp(min=0)
    ending = torch.where(left[..., None] >= 0, ending, 0)
    styles = torch.arange(MOST_STYLES, device=style.device) == style[..., None]
    return torch.cat([ending.to(dtype), styles.to(dtype)], -1)
