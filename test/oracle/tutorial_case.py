"""The tutorial model's test case, by formula: weights, a batch, and what the goldens tell about them.

test/helpers/tutorial-case.ts makes the same numbers, bit for bit: each is a 24-bit integer times a power of two, and sums are
rounded once.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parent.parent / "golden"
LOSS_WEIGHTS = {"pitch": 0.05, "step": 1.0, "duration": 1.0}
# Larger input kernels, so that what a window holds decides, not the biases.
KERNEL_FACTORS = {"lstm.weight_ih_l0": 32, "lstm_1.weight_ih_l0": 4}
LEARNING_RATE = 0.005
STEPS = 10
SAMPLES = 24
PITCHES = 128
FEATURES = 3


@dataclass
class Case:
    window: int
    hidden: int
    dense: int
    batch: int
    weight_scale: float
    step_bias: float
    """Moves the predicted steps to both sides of zero, where their loss has its kink."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The parameters in PyTorch's layout, in the order of the checkpoint."""
        shapes: dict[str, tuple[int, ...]] = {}
        for name, size in (("lstm", FEATURES), ("lstm_1", self.hidden)):
            shapes[f"{name}.weight_ih_l0"] = (4 * self.hidden, size)
            shapes[f"{name}.weight_hh_l0"] = (4 * self.hidden, self.hidden)
            shapes[f"{name}.bias_ih_l0"] = (4 * self.hidden,)
        outputs = {"dense": self.dense, "duration": 1, "pitch": PITCHES, "step": 1}
        for name, size in outputs.items():
            shapes[f"{name}.weight"] = (size, self.hidden if name == "dense" else self.dense)
            shapes[f"{name}.bias"] = (size,)
        return shapes


CASES = {
    "small": Case(window=12, hidden=8, dense=10, batch=5, weight_scale=1.0, step_bias=-1 / 16),
    "full": Case(window=150, hidden=128, dense=256, batch=8, weight_scale=0.125, step_bias=3 / 128),
}


def hash32(stream: int, count: int) -> np.ndarray:
    """MurmurHash3's finaliser over consecutive words."""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) + np.uint32(stream * 0x9E3779B1 % 2**32)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        return h ^ (h >> np.uint32(16))


def uniform(stream: int, count: int) -> np.ndarray:
    """Float32 in [0, 1) with 24 bits."""
    return (hash32(stream, count) >> np.uint32(8)).astype(np.float32) / np.float32(2**24)


def weights(case: Case) -> dict[str, np.ndarray]:
    made = {}
    for stream, (name, shape) in enumerate(case.shapes.items()):
        scale = np.float32(case.weight_scale * KERNEL_FACTORS.get(name, 1))
        values = (uniform(stream, int(np.prod(shape))) - np.float32(0.5)) * scale
        if name.endswith("bias_ih_l0"):
            values[case.hidden : 2 * case.hidden] += np.float32(1)
        if name == "step.bias":
            values += np.float32(case.step_bias)
        made[name] = values.reshape(shape)
    return made


def batch(case: Case) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Windows (B, T, 3) and the notes after them: pitch (B) int32, step and duration (B)."""
    count = case.batch * (case.window + 1)
    pitch = 21 + hash32(100, count) % np.uint32(88)
    notes = np.stack(
        [
            pitch.astype(np.float32) / np.float32(PITCHES),
            uniform(101, count) * np.float32(0.25),
            uniform(102, count) * np.float32(0.5),
        ],
        axis=1,
    ).reshape(case.batch, case.window + 1, FEATURES)
    last = notes[:, -1]
    labels = {
        "pitch": (last[:, 0] * PITCHES).astype(np.int32),
        "step": last[:, 1].copy(),
        "duration": last[:, 2].copy(),
    }
    return notes[:, :-1].copy(), labels


def sampled(stream: int, tensor: np.ndarray) -> list[float]:
    flat = tensor.reshape(-1)
    return [float(flat[i]) for i in hash32(200 + stream, SAMPLES) % np.uint32(flat.size)]


def summary(name: str, tensors: dict[str, np.ndarray]) -> dict:
    """All elements of the small case's tensors; of the full one's norm, sum and some elements."""
    told = {}
    for stream, (key, shape) in enumerate(CASES[name].shapes.items()):
        tensor = np.asarray(tensors[key])
        assert tensor.shape == shape, (key, tensor.shape, shape)
        if name == "small":
            told[key] = [float(value) for value in tensor.reshape(-1)]
        else:
            wide = tensor.astype(np.float64)
            told[key] = {
                "norm": float(np.linalg.norm(wide.reshape(-1))),
                "sum": float(wide.sum()),
                "sampled": sampled(stream, tensor),
            }
    return told


def write_goldens(file: str, versions: dict[str, str], digits: int, results: dict) -> None:
    """One line a tensor, numbers with as many digits as their precision has."""

    def brief(value):
        if isinstance(value, float):
            return float(f"{value:.{digits}g}")
        if isinstance(value, dict):
            return {key: brief(item) for key, item in value.items()}
        return [brief(item) for item in value] if isinstance(value, list) else value

    def text(value, depth: int) -> str:
        if depth == 0 or not isinstance(value, dict):
            return json.dumps(value, separators=(",", ":"))
        inner = ",\n".join(f"{json.dumps(key)}:{text(item, depth - 1)}" for key, item in value.items())
        return "{\n" + inner + "\n}"

    GOLDEN.joinpath(file).write_text(text({"versions": versions, **brief(results)}, 3) + "\n")
