"""One training step after the other: from a plan of places to weights that moved."""

import warnings

import torch
from torch import Tensor

from .model import Dropout, EventModel, Precision, silence
from .optimiser import Adam, RunningMean
from .parameters import ATTRIBUTES, Config, matrices, views
from .ranks import Ranks
from .stream import Store, Walk, batch_of
from .tracker import TrackerState

TOLD = (*ATTRIBUTES, "strikes", "events")
"""What a step tells: nats of each attribute, and of how much."""

# The weights are views of one vector; cuDNN copies them into its own order.
warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk")


class Learner:
    def __init__(
        self,
        config: Config,
        flat: Tensor,
        walk: Walk,
        *,
        rows: int,
        steps: int,
        places: int,
        device: str | torch.device = "cpu",
        precision: Precision = Precision(),
        dropout: Dropout = Dropout(),
        beta2: float = 0.99,
        clip_norm: float = 1.0,
        decay: float = 0.0,
        averaging: float = 0.999,
        ranks: Ranks = Ranks(),
    ):
        """`rows` are those of all processes together; this one learns from its share of them."""
        self.device = torch.device(device)
        self.ranks = ranks
        self.share = ranks.share(rows)
        self.all_rows = rows
        self.rows, self.steps = self.share.stop - self.share.start, steps
        self.places = places if config.recall else 0
        """Strikes of the longest piece, and one more."""
        self.model = EventModel(config, device, precision, dropout)
        self.walk = walk
        self.parameters = flat.detach().clone().to(device).requires_grad_(True)
        half = torch.float16 in (precision.products, precision.lstm)
        decayed = matrices(config).to(device) if decay > 0 else None
        self.adam = Adam(self.parameters, beta2, clip_norm, decay, decayed, half)
        self.average = RunningMean(self.parameters, averaging)
        self.plan = torch.zeros(4, self.rows, dtype=torch.int64, device=device)
        self.graph: torch.cuda.CUDAGraph | None = None
        self.begin()

    def begin(self) -> None:
        """Silence: no row has heard anything."""
        precision = torch.float32 if self.device.type == "cuda" else torch.float64
        self.tracker = TrackerState(self.rows, self.device, precision, self.places)
        self.states = silence(self.model.config, self.rows, self.device)

    def _gradient(self, store: Store) -> tuple[Tensor, Tensor]:
        """Of the mean loss, flat (P), and what the step tells, for the plan that lies ready."""
        kind = self.model.precision.products
        batch = batch_of(store, self.tracker, self.walk, self.plan, self.steps, kind, self.model.config.told_at)
        keep = (self.plan[2] == 0).float()[:, None]
        states = [(hidden * keep, cell * keep) for hidden, cell in self.states]
        weights = views(self.parameters, self.model.config)
        nats, after = self.model.losses(weights, batch, states, learning=True)
        sums = torch.stack([each.sum() for each in nats.values()])
        # The gradient of the sum is of a size that half precision holds; the mean's is not.
        (gradient,) = torch.autograd.grad(sums.sum(), [self.parameters])
        for kept, new in zip(self.states, after):
            kept[0].copy_(new[0])
            kept[1].copy_(new[1])
        told = torch.cat([sums.detach(), batch.weight["velocity"].sum()[None], batch.weight["time"].sum()[None]])
        return gradient / (self.steps * self.all_rows), told

    def step(self, plan: Tensor, store: Store, learning_rate: float) -> Tensor:
        """Learns from the events of a plan (4, B) of all rows; gives TOLD of them, which is still on the device."""
        self.plan.copy_(plan[:, self.share], non_blocking=True)
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
        self.plan.copy_(plan[:, self.share])
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
        self.tracker.reset(torch.ones(self.rows, dtype=torch.bool, device=self.device))
        for state in self.states:
            state[0].zero_()
            state[1].zero_()
        self.graph = graph

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
