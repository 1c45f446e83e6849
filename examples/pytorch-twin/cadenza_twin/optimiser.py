"""
Adam, clipping, schedule and running mean over flat vectors, as src/graph/optimisers/adam.ts and src/training/ have them. Nothing here
waits for the device, so that steps can follow each other closely.
"""

import math

import torch
from torch import Tensor

BETA1 = 0.9
EPSILON = 1e-7


def schedule_factor(update: int, part: float, warmup: int, decay_from: float) -> float:
    """The factor on the learning rate at an update 0, 1, …, when this part (0 … 1) of the training is over."""
    up = min(1.0, (update + 1) / max(1, warmup))
    down = 1.0 if decay_from >= 1 else min(1.0, (1 - part) / (1 - decay_from))
    return max(0.0, min(up, down))


class Adam:
    """Keras' form: ε is added to √v before bias correction, which is folded into the step size."""

    def __init__(
        self,
        parameters: Tensor,
        beta2: float = 0.99,
        clip_norm: float = 1.0,
        decay: float = 0.0,
        decayed: Tensor | None = None,
        half: bool = False,
    ):
        self.parameters = parameters
        self.first = torch.zeros_like(parameters)
        self.second = torch.zeros_like(parameters)
        self.beta2 = beta2
        self.clip_norm = clip_norm
        self.decay = decay
        self.decayed = decayed
        """(P) 1 where weights decay."""
        self.half = half
        self.updates = 0

    @torch.no_grad()
    def step(self, gradient: Tensor, learning_rate: float) -> Tensor:
        """Moves the parameters; gives the gradient's norm before clipping."""
        self.updates += 1
        correction = math.sqrt(1 - self.beta2**self.updates) / (1 - BETA1**self.updates)
        norm = gradient.square().sum().sqrt()
        if self.half:  # a product that left the range of half precision: no news
            gradient = torch.where(norm.isfinite(), gradient, 0)
            norm = torch.where(norm.isfinite(), norm, 0)
        gradient = gradient * (self.clip_norm / (norm + 1e-12)).clamp(max=1)
        self.first.mul_(BETA1).add_(gradient, alpha=1 - BETA1)
        self.second.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        if self.decay > 0 and self.decayed is not None:
            self.parameters.addcmul_(self.parameters, self.decayed, value=-learning_rate * self.decay)
        self.parameters.addcdiv_(self.first, self.second.sqrt().add_(EPSILON), value=-learning_rate * correction)
        return norm


class RunningMean:
    """Follows the weights, closely at first; it is what is judged and kept."""

    def __init__(self, parameters: Tensor, decay: float):
        self.mean = parameters.detach().clone()
        self.decay = decay

    @torch.no_grad()
    def follow(self, parameters: Tensor, updates_before: int) -> None:
        part = 1 - min(self.decay, (1 + updates_before) / (10 + updates_before))
        self.mean.lerp_(parameters, part)
