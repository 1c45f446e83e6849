"""How PyTorch's SGD with Nesterov momentum goes on when the gradient is how far some workers went.

    python outer_step.py          writes ../golden/outer-step.json

src/node/cluster/jobs/join.test.ts takes the same steps. Runs on requirements-torch.txt.
"""

import json
from pathlib import Path

import torch

HERE = Path(__file__).parent
ROUNDS, SHARDS, SIZE = 4, 3, 5


def moved(round_: int, shard: int, weights: torch.Tensor) -> torch.Tensor:
    """Where a worker comes to: made up, and the same in the test."""
    way = [((round_ * 31 + shard * 17 + i * 7) % 23 - 11) / 16 for i in range(SIZE)]
    return weights + torch.tensor(way)


def rounds(rate: float, momentum: float) -> list[list[float]]:
    weights = torch.nn.Parameter(torch.tensor([(i - 2) / 4 for i in range(SIZE)]))
    optimiser = torch.optim.SGD([weights], lr=rate, momentum=momentum, nesterov=momentum > 0)
    after = []
    for round_ in range(ROUNDS):
        start = weights.detach().clone()
        mean = torch.stack([moved(round_, shard, start) for shard in range(SHARDS)]).mean(0)
        weights.grad = start - mean
        optimiser.step()
        after.append(weights.tolist())
    return after


cases = [{"rate": rate, "momentum": momentum, "after": rounds(rate, momentum)} for rate, momentum in [(0.7, 0.9), (1.0, 0.0), (0.5, 0.5)]]
(HERE.parent / "golden" / "outer-step.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")
