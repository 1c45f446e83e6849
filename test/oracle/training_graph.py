"""What PyTorch makes of a training graph that Cadenza exported (test/fixtures/pytorch/training-graph.safetensors).

    python training_graph.py          writes ../golden/training-graph.json

test/examples/training-graph.test.ts makes the same batch, and asks Cadenza's own engine. Runs on requirements-torch.txt and
safetensors.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "examples" / "pytorch-twin"))

from cadenza_twin.files import read_model  # noqa: E402
from cadenza_twin.graph import GraphModel, read_graph  # noqa: E402
from cadenza_twin.model import Batch  # noqa: E402
from cadenza_twin.parameters import ATTRIBUTES, views  # noqa: E402

FILE = HERE.parent / "fixtures" / "pytorch" / "training-graph.safetensors"
ROWS = 3


def numbers(*shape: int) -> torch.Tensor:
    count = int(torch.tensor(shape).prod())
    return torch.tensor([(i * 37) % 101 / 101 for i in range(count)]).view(shape)


def classes(size: int, by: int, *shape: int) -> torch.Tensor:
    count = int(torch.tensor(shape).prod())
    return torch.tensor([(i * by) % size for i in range(count)]).view(shape)


def main() -> None:
    config, flat = read_model(FILE)
    graph = read_graph(FILE)
    model = GraphModel(graph, config)
    shape = (graph["steps"], ROWS)
    place, _ = graph["inputs"]["context"]
    width = graph["nodes"][place]["shapes"][0][2]
    now = {name: classes(size, 7, *shape) for name, size in ATTRIBUTES.items()}
    # What is said is allowed; of the rest every third is not.
    allowed = classes(3, 1, *shape, ATTRIBUTES["symbol"]) > 0
    allowed.scatter_(2, now["symbol"][..., None], True)
    batch = Batch(
        before={name: classes(size + 1, 5, *shape) for name, size in ATTRIBUTES.items()},
        now=now,
        weight={name: (classes(4, 3, *shape) > 0).float() for name in ATTRIBUTES},
        context=numbers(*shape, width),
        allowed=allowed,
    )
    states = [tuple(numbers(ROWS, config.hidden) - part for part in (0.5, 0.25)) for _ in range(config.layers)]
    parameters = flat.clone().requires_grad_(True)
    nats, after = model.losses(views(parameters, config), batch, states, True)
    mean = sum(each.sum() for each in nats.values()) / (graph["steps"] * ROWS)
    (gradient,) = torch.autograd.grad(mean, [parameters])
    golden = {
        "torch": torch.__version__.split("+")[0],
        "losses": {name: (each / graph["steps"]).tolist() for name, each in nats.items()},
        "states": [[each.flatten().tolist() for each in state] for state in after],
        "gradient": gradient[:: max(1, len(gradient) // 400)].tolist(),
        "norm": gradient.double().norm().item(),
    }
    text = json.dumps(golden, default=str, indent=1)
    HERE.parent.joinpath("golden", "training-graph.json").write_text(text + "\n")


main()
