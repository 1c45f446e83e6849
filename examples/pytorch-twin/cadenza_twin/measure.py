"""
How fast a card trains: events a second and memory, for several types of numbers, rows and steps. For a first minute on a
new machine, to choose the flags of training.

    python -m cadenza_twin measure --notes notes.safetensors.gz [sizes as in training] [--shapes 128x256 256x256] [--seconds 4]
"""

import argparse
import time
from itertools import chain

import torch

from .choose_walk import choose_walk
from .epochs import Epochs, Variation
from .learner import Learner
from .model import EventModel
from .notes_file import read_notes
from .parameters import initial_parameters, parameter_count
from .settings import (
    add_device_flags,
    add_dropout_flags,
    add_model_flags,
    config_of,
    dropout_of,
    precision_of,
)
from .stream import Rows, batch_of, most_places


def main() -> None:
    parser = argparse.ArgumentParser(prog="cadenza_twin measure", description="how fast a card trains")
    parser.add_argument("--notes", required=True)
    parser.add_argument("--shapes", nargs="+", default=["128x256", "256x256", "512x256"], help="rows x steps")
    parser.add_argument(
        "--types", nargs="+", default=["tf32-tf32", "bf16-tf32", "bf16-bf16", "bf16-fp16"], help="products-lstm"
    )
    parser.add_argument("--seconds", type=float, default=3)
    add_model_flags(parser)
    add_device_flags(parser)
    add_dropout_flags(parser)
    options = parser.parse_args()
    on_gpu = options.device.startswith("cuda")

    def wait() -> None:
        if on_gpu:
            torch.cuda.synchronize()

    def timed(action) -> float:
        """Seconds of one, after two to warm up."""
        for _ in range(2):
            action()
        wait()
        began, count = time.monotonic(), 0
        while count < 3 or time.monotonic() - began < options.seconds:
            action()
            count += 1
            if count % 4 == 0:
                wait()
        wait()
        return (time.monotonic() - began) / count

    corpus = read_notes(options.notes)
    epochs = Epochs(corpus.train, 0, Variation())
    began = time.monotonic()
    packed = epochs.begin(1)()
    spent = time.monotonic() - began
    print(f"an epoch of {packed.lengths.sum()} events encoded in {spent:.2f} s by {epochs.processes} processes")
    walk = choose_walk(corpus.train, options.device)
    config = config_of(options, corpus.styles)
    print(f"{parameter_count(config)} parameters on {torch.cuda.get_device_name() if on_gpu else 'CPU'}", flush=True)
    for shape in options.shapes:
        options.rows, options.steps = (int(number) for number in shape.split("x"))
        pieces = epochs.endless(1, options.rows, options.device)
        first = next(pieces)
        store = first[2]
        waiting = chain([first[1]], (piece for _, piece, _ in pieces))

        def plan() -> torch.Tensor:
            """Goes on along the pieces: what is recalled takes longer, the more was played."""
            return torch.from_numpy(rows.advance(waiting)).to(options.device)

        for types in options.types:
            options.precision, options.lstm = types.split("-")
            try:
                if on_gpu:
                    torch.cuda.empty_cache()
                    torch.cuda.reset_peak_memory_stats()
                precision = precision_of(options)
                learner = Learner(
                    EventModel(config, options.device, precision, dropout_of(options)),
                    initial_parameters(config, 0),
                    walk,
                    rows=options.rows,
                    steps=options.steps,
                    places=most_places(corpus.train),
                    device=options.device,
                    parts=options.accumulate,
                )
                rows = Rows(options.rows, options.steps)
                if options.cuda_graph:
                    learner.record(plan(), store)
                tracker, share = learner.parts[0].tracker, learner.parts[0].rows

                def part() -> torch.Tensor:
                    return plan()[:, share]

                each = timed(lambda: learner.step(plan(), store, 1e-4))
                maps = timed(lambda: batch_of(store, tracker, walk, part(), options.steps, precision.products))
                memory = torch.cuda.max_memory_allocated() / 2**30 if on_gpu else 0
                events = options.rows * options.steps
                print(
                    f"{shape:>9} {types:>10}  {1000 * each:7.1f} ms a step, of which maps {1000 * maps:5.1f}  "
                    f"{events / each / 1e6:6.3f} M events/s  {memory:5.1f} GiB",
                    flush=True,
                )
                del learner
            except Exception as error:  # noqa: BLE001: the next one may work
                print(f"{shape:>9} {types:>10}  {type(error).__name__}: {str(error)[:160]}", flush=True)
    epochs.close()
