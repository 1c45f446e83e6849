"""One training step after the other: from a plan of places to weights that moved."""

import warnings

from dataclasses import dataclass

import torch
from torch import Tensor

from .graph import GraphModel
from .model import EventModel, States, silence
from .optimiser import Adam, RunningMean
from .parameters import ATTRIBUTES, matrices, views
from .ranks import Ranks
from .stream import Store, Walk, batch_of
from .tracker import TrackerState

TOLD = (*ATTRIBUTES, "strikes", "events")
"""What a step tells: nats of each attribute, and of how much."""

# The weights are views of one vector; cuDNN copies them into its own order.
warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk")


@dataclass
class Part:
    """Rows that are learned from at once: the gradients of all parts are added up before a step."""

    rows: slice
    """Of this process's."""
    plan: Tensor
    tracker: TrackerState
    states: States


class Learner:
    def __init__(
        self,
        model: EventModel | GraphModel,
        flat: Tensor,
        walk: Walk,
        *,
        rows: int,
        steps: int,
        places: int,
        device: str | torch.device = "cpu",
        parts: int = 1,
        beta2: float = 0.99,
        clip_norm: float = 1.0,
        decay: float = 0.0,
        averaging: float = 0.999,
        ranks: Ranks = Ranks(),
    ):
        """
        `rows` are those of all processes together; this one learns from its share of them, in so many `parts` one after the
        other, whose gradients are added up: what does not fit into a card's memory at once does so in parts.
        """
        self.device = torch.device(device)
        self.ranks = ranks
        self.share = ranks.share(rows)
        self.all_rows = rows
        self.rows, self.steps = self.share.stop - self.share.start, steps
        if self.rows % parts:
            raise SystemExit(f"{self.rows} rows cannot be cut into {parts} parts; choose a multiple of it")
        config = model.config
        self.places = places if config.recall else 0
        """Strikes of the longest piece, and one more."""
        self.model = model
        self.part_rows = self.rows // parts
        self.walk = walk
        self.parameters = flat.detach().clone().to(device).requires_grad_(True)
        half = torch.float16 in (model.precision.products, model.precision.lstm)
        decayed = matrices(config).to(device) if decay > 0 else None
        self.adam = Adam(self.parameters, beta2, clip_norm, decay, decayed, half)
        self.average = RunningMean(self.parameters, averaging)
        self.graph: torch.cuda.CUDAGraph | None = None
        self.begin()

    def begin(self) -> None:
        """Silence: no row has heard anything."""
        precision = torch.float32 if self.device.type == "cuda" else torch.float64
        size = self.part_rows
        self.parts = [
            Part(
                slice(at, at + size),
                torch.zeros(4, size, dtype=torch.int64, device=self.device),
                TrackerState(size, self.device, precision, self.places),
                silence(self.model.config, size, self.device),
            )
            for at in range(0, self.rows, size)
        ]

    def _gradient(self, store: Store) -> tuple[Tensor, Tensor]:
        """Of the mean loss, flat (P), and what the step tells, for the plans that lie ready."""
        gradient, told = self._gradient_of(self.parts[0], store)
        for part in self.parts[1:]:
            more, tells = self._gradient_of(part, store)
            gradient, told = gradient + more, told + tells
        return gradient, told

    def _gradient_of(self, part: Part, store: Store) -> tuple[Tensor, Tensor]:
        kind = self.model.precision.products
        batch = batch_of(store, part.tracker, self.walk, part.plan, self.steps, kind, self.model.config.told_at)
        keep = (part.plan[2] == 0).float()[:, None]
        states = [(hidden * keep, cell * keep) for hidden, cell in part.states]
        weights = views(self.parameters, self.model.config)
        nats, after = self.model.losses(weights, batch, states, learning=True)
        sums = torch.stack([each.sum() for each in nats.values()])
        # The gradient of the sum is of a size that half precision holds; the mean's is not.
        (gradient,) = torch.autograd.grad(sums.sum(), [self.parameters])
        for kept, new in zip(part.states, after):
            kept[0].copy_(new[0])
            kept[1].copy_(new[1])
        told = torch.cat([sums.detach(), batch.weight["velocity"].sum()[None], batch.weight["time"].sum()[None]])
        return gradient / (self.steps * self.all_rows), told

    def step(self, plan: Tensor, store: Store, learning_rate: float) -> Tensor:
        """Learns from the events of a plan (4, B) of all rows; gives TOLD of them, which is still on the device."""
        self._plan(plan)
        if self.graph is None:
            gradient, told = self._gradient(store)
        else:
            self.graph.replay()
            gradient, told = self.static
        self.ranks.sum(gradient, told)
        before = self.adam.updates
        self.norm = self.adam.step(gradient, learning_rate)
        self.average.follow(self.parameters, before)
        return told.clone()

    def record(self, plan: Tensor, store: Store) -> None:
        """Records a step as one CUDA graph, played again from then on; before the first step."""
        self._plan(plan)
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self._gradient(store)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.static = self._gradient(store)
        # The same memory, as it was before.
        for part in self.parts:
            part.tracker.reset(torch.ones(self.part_rows, dtype=torch.bool, device=self.device))
            for hidden, cell in part.states:
                hidden.zero_()
                cell.zero_()
        self.graph = graph

    def _plan(self, plan: Tensor) -> None:
        own = plan[:, self.share]
        for part in self.parts:
            part.plan.copy_(own[:, part.rows], non_blocking=True)

    def vectors(self) -> dict[str, Tensor]:
        """All that the next step needs, but where the rows are."""
        adam = self.adam
        return {
            "parameters": self.parameters,
            "firstMoment": adam.first,
            "secondMoment": adam.second,
            "averageParameters": self.average.mean,
        }

    @torch.no_grad()
    def restore(self, vectors: dict[str, Tensor], updates: int) -> None:
        for name, vector in self.vectors().items():
            vector.copy_(vectors[name])
        self.adam.updates = updates
