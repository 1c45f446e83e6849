"""Bits a note over whole pieces with the state carried along, as src/kinds/performance/bits.ts counts them."""

import math

import numpy as np
import torch
from torch import Tensor

from .graph import GraphModel
from .model import EventModel, silence
from .parameters import ATTRIBUTES, views
from .piano import Notes, encode
from .stream import Rows, Store, Walk, batch_of, most_places, pack
from .tracker import TrackerState


class Judge:
    """Pieces that are encoded once and measured often; the longest go first, so that the rows end together."""

    def __init__(self, pieces: list[Notes], device: str | torch.device, walk: Walk, rows: int = 64, steps: int = 256):
        packed = pack([encode(piece) for piece in pieces])
        self.store = Store(max(1, len(packed.ticks)), device)
        self.pieces = sorted(self.store.add(packed), key=lambda piece: -piece.length)
        self.notes = packed.notes
        self.places = most_places(pieces)
        self.rows = max(1, min(rows, len(pieces)))
        self.steps = steps
        self.walk = walk
        self.device = torch.device(device)

    @torch.no_grad()
    def measure(self, model: EventModel | GraphModel, flat: Tensor) -> np.ndarray:
        """(pieces, 3) bits of every attribute."""
        weights = views(flat, model.config)
        precision = torch.float32 if self.device.type == "cuda" else torch.float64
        places = self.places if model.config.recall else 0
        tracker = TrackerState(self.rows, self.device, precision, places)
        states = silence(model.config, self.rows, self.device)
        totals = torch.zeros(len(self.notes) + 1, len(ATTRIBUTES), dtype=torch.float64, device=self.device)
        rows, waiting = Rows(self.rows, self.steps), iter(self.pieces)
        while (made := rows.advance(waiting)) is not None:
            plan = torch.from_numpy(made).to(self.device)
            kind, told_at = model.precision.products, model.config.told_at
            batch = batch_of(self.store, tracker, self.walk, plan, self.steps, kind, told_at)
            keep = (plan[2] == 0).float()[:, None]
            states = [(hidden * keep, cell * keep) for hidden, cell in states]
            nats, states = model.losses(weights, batch, states, learning=False)
            totals.index_add_(0, plan[3] % len(totals), torch.stack(list(nats.values()), 1).double())
        return (totals[:-1] / math.log(2)).cpu().numpy()

    def bits_a_note(self, model: EventModel | GraphModel, flat: Tensor) -> dict[str, float]:
        """In total and by attribute; every note counts the same."""
        sums = self.measure(model, flat).sum(0) / self.notes.sum()
        return {"total": float(sums.sum()), **{name: float(bits) for name, bits in zip(ATTRIBUTES, sums)}}
