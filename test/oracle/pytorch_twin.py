"""Ten steps of the performance model's training, without recall, with it and with guidance, in the PyTorch twin (examples/pytorch-twin).

    python pytorch_twin.py          writes ../golden/pytorch-twin.json

test/examples/pytorch-twin-case.ts makes the same pieces and weights, number for number. The golden file holds what every batch
feeds, as digests, the losses of every step, bits a note of the held-out pieces, and sums over the weights afterwards.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "examples" / "pytorch-twin"))

from cadenza_twin.bits import Judge  # noqa: E402
from cadenza_twin.epochs import Epochs, Variation  # noqa: E402
from cadenza_twin.learner import Learner  # noqa: E402
from cadenza_twin.model import EventModel  # noqa: E402
from cadenza_twin.optimiser import schedule_factor  # noqa: E402
from cadenza_twin.parameters import ATTRIBUTES, Config, parameter_count  # noqa: E402
from cadenza_twin.piano import Notes  # noqa: E402
from cadenza_twin.seeded import Random  # noqa: E402
from cadenza_twin.stream import Rows, Store, most_places  # noqa: E402
from cadenza_twin.tracker import walk as plain_walk  # noqa: E402

SIZES = {"layers": 2, "hidden": 12, "head": 10, "context_units": 7, "key_features": 3}
STYLES = ("Clara", "Erik")
CONFIGS = [
    Config(**SIZES, recall=False, guidance=False),
    Config(**SIZES, guidance=False),
    Config(**SIZES, styles=STYLES),
]
ROWS, STEPS, UPDATES, SEED = 3, 24, 10, 5
LEARNING_RATE, WARMUP, DECAY_FROM = 0.01, 3, 0.5
TRAIN, VALIDATION = [70, 22, 48, 35, 61], [40, 27]
GAPS = [0, 0, 0.004, 0.06, 0.25, 0.8, 9, 200]
LENGTHS = [0.003, 0.02, 0.1, 0.4, 1.5, 30]


def piece(seed: int, length: int, composer: str | None = None) -> Notes:
    """Chords, repeated keys, notes too short for the grid, keys beyond the piano, rests of all lengths."""
    random = Random(seed)
    rows, start = [], 0.0
    for _ in range(length):
        start += GAPS[random.below(len(GAPS) - (1 if random.below(8) else 0))] * random.next()
        pitch = 15 + random.below(100) if random.below(4) == 0 else 58 + random.below(9)
        rows.append((pitch, 1 + random.below(127), start, start + LENGTHS[random.below(len(LENGTHS))]))
    pitch, velocity, start, end = zip(*rows)
    times = np.array(start), np.array(end)
    return Notes(np.array(pitch, np.uint8), np.array(velocity, np.uint8), *times, composer)


def initial_weights(config: Config) -> torch.Tensor:
    random = Random(SEED)
    return torch.tensor([0.8 * random.next() - 0.4 for _ in range(parameter_count(config))])


def main() -> None:
    torch.set_num_threads(1)
    versions = {"python": sys.version.split()[0], "torch": torch.__version__.split("+")[0], "numpy": np.__version__}
    golden = {"versions": versions, **{config.to_cadenza()["representation"]: ten_steps(config) for config in CONFIGS}}
    text = json.dumps(golden, default=lambda value: float(f"{value:.9g}"), indent=1)
    HERE.parent.joinpath("golden", "pytorch-twin.json").write_text(text + "\n")


def ten_steps(config: Config) -> dict:
    composers = [STYLES[0], None, STYLES[1], "Nobody", STYLES[1]]
    train = [piece(100 + i, length, composers[i]) for i, length in enumerate(TRAIN)]
    validation = [piece(200 + i, length) for i, length in enumerate(VALIDATION)]
    epochs = Epochs(train, SEED, Variation(transpose=3, stretch=0.1), processes=1, styles=config.styles)
    places = most_places(train)
    learner = Learner(EventModel(config), initial_weights(config), plain_walk, rows=ROWS, steps=STEPS, places=places)
    judge = Judge(validation, "cpu", plain_walk, rows=2, steps=STEPS)
    digests: list[dict[str, str]] = []

    # What the model hears is written down on its way.
    hear = learner.model.losses

    def listen(weights, batch, states, learning):
        if learning:
            digests.append(digests_of(batch))
        return hear(weights, batch, states, learning)

    learner.model.losses = listen
    losses, bits = [], []
    epoch = 0
    while learner.adam.updates < UPDATES:
        epoch += 1
        packed = epochs.begin(epoch)()
        store = Store(len(packed.ticks), "cpu")
        pieces, rows = iter(store.add(packed)), Rows(ROWS, STEPS)
        learner.begin()
        while learner.adam.updates < UPDATES and (plan := rows.advance(pieces)) is not None:
            update = learner.adam.updates
            factor = schedule_factor(update, update / UPDATES, WARMUP, DECAY_FROM)
            told = learner.step(torch.from_numpy(plan), store, LEARNING_RATE * factor)
            nats = (told[: len(ATTRIBUTES)].double() / (ROWS * STEPS)).tolist()
            losses.append([sum(nats), *nats])
        bits.append(list(judge.bits_a_note(learner.model, learner.average.mean).values()))
    ends = {"parameters": learner.parameters.detach(), "average": learner.average.mean}
    sums = {name: [float(v.double().sum()), float(v.double().norm())] for name, v in ends.items()}
    return {"batches": digests, "losses": losses, "bits": bits, "sums": sums}


def digests_of(batch) -> dict[str, str]:
    told = {}
    for name in ATTRIBUTES:
        told[f"{name}Before"] = batch.before[name].int()
        told[name] = batch.now[name].int()
        told[f"{name}Weight"] = batch.weight[name].float()
    told["symbolAllowed"] = batch.allowed.float()
    told["context"] = batch.context.float()
    return {name: hashlib.sha256(value.contiguous().numpy().tobytes()).hexdigest()[:16] for name, value in told.items()}


main()
