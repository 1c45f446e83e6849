"""
Trains the performance model on a GPU, for so many minutes, and writes a file that Cadenza plays and evaluates.

    python -m cadenza_twin train --notes notes.safetensors.gz --out run --minutes 25

In the folder: state.safetensors, from which `--resume` goes on; log.jsonl; so-far-half.safetensors when it was stopped; at
the end result.safetensors, and result-half.safetensors with the same weights in half the size. README.md has an
example of a command line.
"""

import argparse
import json
import signal
import time
from collections import deque
from functools import partial
from pathlib import Path

import numpy as np
import torch

from .bits import Judge
from .choose_walk import choose_walk
from .epochs import Epochs, Variation
from .files import read_model, read_state, write_model, write_state
from .graph import GraphModel, read_graph
from .learner import TOLD, Learner
from .model import EventModel
from .notes_file import read_notes
from .optimiser import schedule_factor
from .parameters import ATTRIBUTES, Config, initial_parameters, parameter_count
from .ranks import Ranks
from .settings import (
    add_device_flags,
    add_dropout_flags,
    add_model_flags,
    config_of,
    dropout_of,
    precision_of,
)
from .stream import Rows, Store, most_places


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cadenza_twin train", description="trains the performance model for so many minutes")
    parser.add_argument("--notes", required=True, help="what `cadenza corpus` wrote")
    parser.add_argument("--out", required=True, type=Path, help="folder for state, log and result")
    parser.add_argument("--from", dest="begin_with", help="a model file of Cadenza's to begin with, of any size; its representation must be `performance`, or that with recall or guidance")
    parser.add_argument("--graph", help="a model that Cadenza exported to be trained: what it computes, how far the gradient goes back, and the weights to begin with")
    parser.add_argument("--resume", action="store_true", help="go on from the state in the folder, if there is one")
    parser.add_argument("--minutes", type=float, default=25, help="of training in all")
    parser.add_argument("--sitting", type=float, help="stop after so many minutes, to be resumed")
    parser.add_argument("--updates", type=int, help="so many steps in all, instead of minutes")
    parser.add_argument("--stop-after", type=int, help="stop after so many steps in all, to be resumed")
    parser.add_argument("--learning-rate", type=float, default=0.003)
    parser.add_argument("--warmup", type=int, default=300, help="steps until the learning rate is reached")
    parser.add_argument("--decay-from", type=float, default=0.4, help="part of the time after which it falls to 0")
    parser.add_argument("--beta2", type=float, default=0.99)
    parser.add_argument("--clip-norm", type=float, default=1.0)
    parser.add_argument("--averaging", type=float, default=0.999)
    parser.add_argument("--decay", type=float, default=0.0, help="of weights (not biases), times the learning rate")
    parser.add_argument("--transpose", type=int, default=6)
    parser.add_argument("--stretch", type=float, default=0.1)
    parser.add_argument("--untold", action="store_true", help="tell nothing of the pieces: what hears it stays as it is")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check-pieces", type=int, default=24, help="held-out pieces heard on the way")
    parser.add_argument("--check-minutes", type=float, default=2)
    parser.add_argument("--save-minutes", type=float, default=1)
    parser.add_argument("--save-updates", type=int, help="save after so many steps too")
    parser.add_argument("--print-steps", type=int, default=100)
    add_model_flags(parser)
    add_device_flags(parser)
    add_dropout_flags(parser)
    return parser.parse_args()


class Training:
    def __init__(self, options: argparse.Namespace, ranks: Ranks):
        self.options = options
        self.ranks = ranks
        options.out.mkdir(parents=True, exist_ok=True)
        self.state_path = options.out / "state.safetensors"
        corpus = read_notes(options.notes)
        variation = Variation(options.transpose, options.stretch, options.untold)
        vectors, told = read_state(self.state_path) if options.resume and self.state_path.exists() else ({}, {})
        config, flat = self.beginning(vectors, told, corpus.styles)
        # Before anything touches the device.
        processes = max(1, min(15, ranks.cores - 1))
        self.epochs = Epochs(corpus.train, options.seed, variation, processes, config.styles)
        options.device = ranks.begin(options.device)
        self.held_out = corpus.validation
        precision = precision_of(options)
        walk = choose_walk(corpus.train, options.device)
        network = partial(GraphModel, read_graph(options.graph)) if options.graph else EventModel
        self.exam = network(config, options.device)  # judges in single precision, without dropout
        model = network(config, options.device, precision, dropout_of(options))
        # A graph says how far the gradient goes back.
        options.steps = getattr(model, "steps", options.steps)
        self.learner = Learner(
            model,
            flat,
            walk,
            rows=options.rows,
            steps=options.steps,
            places=most_places(corpus.train),
            device=options.device,
            parts=options.accumulate,
            beta2=options.beta2,
            clip_norm=options.clip_norm,
            decay=options.decay,
            averaging=options.averaging,
            ranks=ranks,
        )
        self.walk = walk
        self.judges: dict[int, Judge] = {}
        self.seconds_before = told.get("seconds", 0.0)
        self.epoch = told.get("epoch", 0) + 1
        self.best_bits = told.get("bestBits", float("inf"))
        self.best = vectors["bestParameters"].to(options.device) if "bestParameters" in vectors else None
        if vectors:
            self.learner.restore(vectors, told["updates"])
            self.say(f"goes on after {self.seconds_before / 60:.1f} minutes, {told['updates']} updates")
        self.started = time.monotonic()
        self.stopped = False
        self.say(f"{parameter_count(config)} parameters, {len(corpus.train)} pieces, {len(corpus.validation)} held out")

    def beginning(self, vectors: dict, told: dict, styles: tuple[str, ...]) -> tuple[Config, torch.Tensor]:
        if vectors:
            return Config.from_cadenza(told["config"]), vectors["parameters"]
        if begin_with := self.options.graph or self.options.begin_with:
            return read_model(begin_with)
        config = config_of(self.options, styles)
        return config, initial_parameters(config, self.options.seed)

    @property
    def sitting_seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def seconds(self) -> float:
        return self.seconds_before + self.sitting_seconds

    @property
    def part(self) -> float:
        """How much of the training is over, 0 … 1."""
        if self.options.updates:
            return self.learner.adam.updates / self.options.updates
        return self.seconds / (60 * self.options.minutes)

    @property
    def stops(self) -> bool:
        """Whether this sitting is over before the training is."""
        options = self.options
        is_late = options.sitting is not None and self.sitting_seconds > 60 * options.sitting
        is_enough = options.stop_after is not None and self.learner.adam.updates >= options.stop_after
        return self.stopped or is_late or is_enough

    def run(self) -> None:
        options, learner = self.options, self.learner
        pieces = self.epochs.endless(self.epoch, options.rows, options.device)
        rows = Rows(options.rows, options.steps)
        store: Store

        def next_pieces():
            nonlocal store
            for self.epoch, piece, store in pieces:
                yield piece

        waiting = next_pieces()
        checked, saved, since = self.seconds, self.seconds, time.monotonic()
        sums = torch.zeros(len(TOLD), dtype=torch.float64, device=options.device)
        under_way: deque = deque()
        while True:
            part, stops = self.ranks.agree([self.part, float(self.stops)], options.device)
            if part >= 1 or stops:
                break
            plan = torch.from_numpy(rows.advance(waiting))
            if options.cuda_graph and learner.graph is None:
                learner.record(plan, store)
            update = learner.adam.updates
            factor = schedule_factor(update, part, options.warmup, options.decay_from)
            sums += learner.step(plan, store, options.learning_rate * factor)
            if options.device.startswith("cuda"):  # at most two steps ahead of the device
                under_way.append(torch.cuda.Event())
                under_way[-1].record()
                if len(under_way) > 2:
                    under_way.popleft().synchronize()
            if (update + 1) % options.print_steps == 0:
                self.tell(sums.tolist(), time.monotonic() - since, options.learning_rate * factor)
                sums.zero_()
                since = time.monotonic()
            if self.seconds - checked > 60 * options.check_minutes:
                self.check()
                checked = self.seconds
            is_turn = options.save_updates and (update + 1) % options.save_updates == 0
            if is_turn or self.seconds - saved > 60 * options.save_minutes:
                self.save()
                saved = self.seconds
        if not self.ranks.is_first:
            return
        if part >= 1:
            self.finish()
        else:
            self.save()
            so_far = self.options.out / "so-far-half.safetensors"
            write_model(so_far, self.learner.average.mean, self.exam.config, half=True)
            self.say(f"stopped after {self.seconds / 60:.1f} minutes; --resume goes on")

    def tell(self, sums: list[float], seconds: float, rate: float) -> None:
        *nats, strikes, events = sums
        bits = np.array(nats) / np.log(2) / max(1, strikes)
        if not np.isfinite(bits).all():
            raise SystemExit("the loss is no longer a finite number; resume with a smaller --learning-rate")
        self.say(
            f"update {self.learner.adam.updates}  epoch {self.epoch}  {events / seconds / 1e6:.3f} M events/s  "
            f"{bits.sum():.3f} bits a note ({', '.join(f'{each:.3f}' for each in bits)})  "
            f"rate {rate:.5f}  norm {float(self.learner.norm):.3f}",
            train=bits.sum(),
            **dict(zip(ATTRIBUTES, bits)),
        )

    def judge(self, pieces: int) -> Judge:
        """Of so many held-out pieces, from all over the list."""
        if pieces not in self.judges:
            chosen = np.unique(np.linspace(0, len(self.held_out) - 1, pieces).round().astype(int))
            held_out = [self.held_out[i] for i in chosen]
            steps = self.options.steps if self.options.graph else 256
            self.judges[pieces] = Judge(held_out, self.options.device, self.walk, rows=128, steps=steps)
        return self.judges[pieces]

    def check(self) -> None:
        """Hears some held-out pieces with the running mean, and keeps it if it is the best so far."""
        pieces = min(self.options.check_pieces, len(self.held_out))
        if pieces == 0 or not self.ranks.is_first:
            return
        mean = self.learner.average.mean
        bits = self.judge(pieces).bits_a_note(self.exam, mean)
        better = bits["total"] < self.best_bits
        if better:
            self.best_bits, self.best = bits["total"], mean.clone()
        told = ", ".join(f"{name} {value:.3f}" for name, value in bits.items())
        self.say(f"held out, {pieces} pieces: {told}{', the best so far' if better else ''}", check=bits)

    def finish(self) -> None:
        self.check()
        self.save()
        result = self.learner.average.mean if self.best is None else self.best
        config = self.exam.config
        write_model(self.options.out / "result.safetensors", result, config)
        write_model(self.options.out / "result-half.safetensors", result, config, half=True)
        if self.held_out:
            bits = self.judge(len(self.held_out)).bits_a_note(self.exam, result)
            told = ", ".join(f"{name} {value:.4f}" for name, value in bits.items())
            self.say(f"result, all {len(self.held_out)} held-out pieces: {told}", result=bits)

    def save(self) -> None:
        if not self.ranks.is_first:
            return
        vectors = self.learner.vectors()
        if self.best is not None:
            vectors["bestParameters"] = self.best
        told = {
            "config": self.exam.config.to_cadenza(),
            "updates": self.learner.adam.updates,
            "seconds": self.seconds,
            "epoch": self.epoch,
            **({} if self.best is None else {"bestBits": self.best_bits}),
        }
        write_state(self.state_path, vectors, told)

    def say(self, text: str, **numbers) -> None:
        if not self.ranks.is_first:
            return
        minutes = self.seconds / 60 if hasattr(self, "started") else 0
        print(f"{minutes:6.2f} min  {text}", flush=True)
        record = {"minutes": round(minutes, 3), "updates": self.learner.adam.updates, "text": text, **numbers}
        with open(self.options.out / "log.jsonl", "a") as file:
            file.write(json.dumps(record) + "\n")


def main() -> None:
    ranks = Ranks.started()
    training = Training(options_of(), ranks)

    def stop(*_) -> None:
        training.stopped = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        training.run()
    finally:
        training.epochs.close()
        ranks.leave()

