"""Whether several processes of the PyTorch twin learn what one does, and outlive one of them. Needs torch.

    python twin_ranks.py [--steps 50]

Trains a small model on pieces that it makes, on processors: alone, with two processes, and with two of which one is killed on
the way (torchrun begins all again from the last state). Says how far the losses are apart, and whether the weights after the
kill are those of an undisturbed run from the same state; exits with 1 where they are not.
"""

import argparse
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save

HERE = Path(__file__).parent
TWIN = HERE.parent.parent / "examples" / "pytorch-twin"
SIZES = ["--layers", "2", "--hidden", "24", "--head", "16", "--context-units", "12", "--key-features", "4"]


def planes(values: np.ndarray) -> np.ndarray:
    """(N) whole numbers as (4, N) bytes, all lowest first."""
    return np.ascontiguousarray(values.astype("<i4").view(np.uint8).reshape(-1, 4).T)


def write_corpus(path: Path) -> None:
    """Pieces of broken chords, on a grid of milliseconds, as `cadenza corpus` writes them; the last two are held out."""
    random = np.random.default_rng(3)
    lengths = random.integers(150, 400, 12)
    count = lengths.sum()
    step = random.choice([0, 100, 200, 400], count)
    step[np.cumsum(lengths) - lengths] = 0
    tensors = {
        "piece_notes": lengths.astype(np.int32),
        "piece_part": (np.arange(len(lengths)) >= len(lengths) - 2).astype(np.uint8),
        "piece_unit": np.full(len(lengths), 0.001),
        "pitch": random.integers(40, 90, count).astype(np.uint8),
        "velocity": random.integers(30, 110, count).astype(np.uint8),
        "step": planes(step),
        "duration": planes(random.choice([100, 300, 800], count)),
    }
    told = {"names": [f"piece {n}" for n in range(len(lengths))], "composers": [None] * len(lengths), "styles": []}
    metadata = {"notes_format": "2", **{name: json.dumps(value) for name, value in told.items()}}
    path.write_bytes(gzip.compress(save(tensors, metadata)))


def run(out: Path, notes: Path, steps: int, processes: int, *more: str) -> subprocess.Popen:
    script = ["-m", "cadenza_twin", "train", "--notes", str(notes), "--out", str(out), *SIZES]
    script += ["--updates", str(steps), "--rows", "8", "--steps", "32", "--device", "cpu", "--print-steps", "1"]
    script += ["--warmup", "5", "--check-minutes", "1000", "--seed", "4", *more]
    launch = [sys.executable]
    if processes > 1:
        launch += ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes), "--max-restarts", "2"]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(TWIN)}
    return subprocess.Popen([*launch, *script], env=env)


def losses(out: Path) -> list[float]:
    records = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return [record["train"] for record in records if "train" in record]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=50)
    steps = parser.parse_args().steps
    folder = Path(tempfile.mkdtemp())
    notes = folder / "notes.safetensors.gz"
    write_corpus(notes)
    for name, processes in (("alone", 1), ("two", 2)):
        if run(folder / name, notes, steps, processes).wait() != 0:
            return 1
    apart = max(abs(a - b) for a, b in zip(losses(folder / "alone"), losses(folder / "two"), strict=True))
    print(f"{steps} steps: losses of one and of two processes are at most {apart:.2e} bits a note apart")
    return 0 if apart < 1e-4 and outlives(folder, notes, steps) else 1


def outlives(folder: Path, notes: Path, steps: int) -> bool:
    half = steps // 2
    before = folder / "before"
    if run(before, notes, steps, 2, "--save-updates", str(half), "--stop-after", str(half)).wait() != 0:
        return False
    results = []
    for name in ("calm", "killed"):
        out = folder / name
        subprocess.run(["cp", "-r", str(before), str(out)], check=True)
        going = run(out, notes, steps, 2, "--resume", "--save-updates", str(10 * steps))
        if name == "killed":
            kill_one(going, out)
        if going.wait() != 0:
            return False
        results.append(load_file(out / "result.safetensors"))
    same = all(np.array_equal(results[0][key], results[1][key]) for key in results[0])
    print(f"one of two processes killed: the weights are {'the same' if same else 'OTHERS'}")
    return same


def kill_one(going: subprocess.Popen, out: Path) -> None:
    """As soon as it has gone on a little."""
    first = len((out / "log.jsonl").read_text().splitlines())
    while len((out / "log.jsonl").read_text().splitlines()) < first + 6:
        time.sleep(0.05)
    children = Path(f"/proc/{going.pid}/task/{going.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
