"""
The performance model of src/kinds/performance/network.ts. Parameters come in as named views, so that nothing here has a state.

Legend: T events, B rows, N = T·B, H hidden size, M head size, V classes, C numbers of context, F maps over the
keys, D features of a key, K keys, S distances.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .parameters import ATTRIBUTES, DISTANCES, KEY_MAPS, Config
from .piano import BIN_WIDTHS, KEYS, TIME_BINS
from .recall import RECALL_MAPS, TIME_MAPS
from .told import TOLD_SIZE

IMPOSSIBLE = 1e9
"""Subtracted from the logits of what cannot be."""


@dataclass
class Batch:
    """What an EventBatch of Cadenza feeds, laid out by time."""

    before: dict[str, Tensor]
    """(T, B) int64 classes of the event before, V where there is none."""
    now: dict[str, Tensor]
    """(T, B) int64 classes to be predicted."""
    weight: dict[str, Tensor]
    """(T, B) 1 where one counts."""
    context: Tensor
    """(T, B, C)"""
    allowed: Tensor
    """(T, B, 2K) bool: symbols."""


@dataclass(frozen=True)
class Dropout:
    """Parts that are left out in learning."""

    input: float = 0.0
    """Of what the first layer hears."""
    hidden: float = 0.0
    """Of what every further layer hears."""
    heads: float = 0.0
    """Of the last layer's state, as the heads hear it."""
    recurrent: float = 0.0
    """Of the recurrent weights, the same throughout a step (Merity et al. 2018)."""


@dataclass(frozen=True)
class Precision:
    """Types of the numbers in products; parameters, states and losses stay in single precision where they can."""

    products: torch.dtype = torch.float32
    lstm: torch.dtype = torch.float32


States = list[tuple[Tensor, Tensor]]
"""Hidden state and cell (B, H) of every layer."""


def silence(config: Config, rows: int, device: str | torch.device = "cpu") -> States:
    return [
        (torch.zeros(rows, config.hidden, device=device), torch.zeros(rows, config.hidden, device=device))
        for _ in range(config.layers)
    ]


def by_distance(weight: Tensor, features: int) -> Tensor:
    """
    Weights (D, F·S) to (F·K, D·K): for a key heard and a key told of, the weight of the distance between them. A row of S
    weights and a 0, repeated without end and cut into rows of S, moves on by one from row to row.
    """
    maps = weight.shape[1] // DISTANCES
    every = features * maps
    padded = F.pad(weight.reshape(every, 1, DISTANCES), (0, 1)).expand(every, KEYS, DISTANCES + 1)
    moving = padded.reshape(every, -1)[:, : KEYS * DISTANCES].view(every, KEYS, DISTANCES)
    square = moving[:, :, KEYS - 1 :].reshape(features, maps, KEYS, KEYS)  # [key heard][key told of]
    return square.permute(1, 2, 0, 3).reshape(maps * KEYS, features * KEYS)


def lstm_layer(
    x: Tensor,
    state: tuple[Tensor, Tensor],
    weights: tuple[Tensor, Tensor, Tensor],
    dtype: torch.dtype,
    learning: bool,
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """A layer over (T, B, I), as nn.LSTM runs it; `bias_hh` is zero, since Cadenza has one bias vector a layer."""
    input_weight, recurrent_weight, bias = (weight.to(dtype) for weight in weights)
    parts = [input_weight, recurrent_weight, bias, torch.zeros_like(bias)]
    hidden, cell = (each.to(dtype)[None] for each in state)
    output, hidden, cell = torch._VF.lstm(x.to(dtype), (hidden, cell), parts, True, 1, 0.0, learning, False, False)
    return output, (hidden[0].detach().float(), cell[0].detach().float())


class EventModel:
    def __init__(
        self,
        config: Config,
        device: str | torch.device = "cpu",
        precision: Precision = Precision(),
        dropout: Dropout = Dropout(),
    ):
        self.config = config
        self.precision = precision
        self.dropout = dropout
        self.log_widths = torch.from_numpy(BIN_WIDTHS).double().log().float().to(device)

    def losses(
        self, weights: dict[str, Tensor], batch: Batch, states: States, learning: bool
    ) -> tuple[dict[str, Tensor], States]:
        """nats (B) a row, summed over its events, of each attribute; and the states to carry on."""
        hidden, keys, states = self.listen(weights, batch, states, learning)
        times = batch.context[..., -TIME_MAPS * TIME_BINS :] if self.config.recall else None
        nats = {}
        said: list[Tensor] = []
        for name, size in ATTRIBUTES.items():
            logits = self.logits(weights, name, hidden, keys, times, said)
            if name == "symbol":
                logits = logits - IMPOSSIBLE * ~batch.allowed
            now = batch.now[name]
            each = F.cross_entropy(logits.view(-1, size), now.view(-1), reduction="none").view_as(now)
            if name == "time":
                each = each + self.log_widths[now]
            nats[name] = (each * batch.weight[name]).sum(0)
            said.append(one_hot(now, size, self.precision.products))
            if name == "symbol" and keys is not None:
                said.append(features_of_chosen(keys, now))
        return nats, states

    def listen(
        self, weights: dict[str, Tensor], batch: Batch, states: States, learning: bool
    ) -> tuple[Tensor, Tensor | None, States]:
        """
        The last layer's state, and what heads are told beside it (T, B, H + G), the features of every key (T, B, D, K), and
        the states to carry on.
        """
        config, kind, drop = self.config, self.precision.products, self.dropout
        context = batch.context.to(kind)
        heard = [one_hot(batch.before[name], size + 1, kind) for name, size in ATTRIBUTES.items()]
        heard.append(F.linear(context, weights["context.weight"].to(kind)) if config.context_units > 0 else context)
        keys = None
        if config.key_features > 0:
            matrix = by_distance(weights["keys.weight"], config.key_features).to(kind)
            bias = weights["keys.bias"].repeat_interleave(KEYS).to(kind)
            heard_keys = context[..., : config.maps * KEYS]
            flat = torch.addmm(bias, heard_keys.flatten(0, 1), matrix).relu()
            keys = flat.view(*context.shape[:2], config.key_features, KEYS)
            if config.recall:
                plain = heard_keys[..., -RECALL_MAPS * KEYS :].unflatten(2, (RECALL_MAPS, KEYS))
                keys = torch.cat([keys, plain], 2)
        x = F.dropout(torch.cat(heard, 2), drop.input, learning)
        carried: States = []
        for layer, state in enumerate(states):
            recurrent = F.dropout(weights[f"lstm.weight_hh_l{layer}"], drop.recurrent, learning)
            parts = (weights[f"lstm.weight_ih_l{layer}"], recurrent, weights[f"lstm.bias_ih_l{layer}"])
            told = x if layer == 0 else F.dropout(x, drop.hidden, learning)
            hidden, after = lstm_layer(told, state, parts, self.precision.lstm, learning)
            x = hidden if layer == 0 else x + hidden
            carried.append(after)
        hidden = F.dropout(x.to(kind), drop.heads, learning)
        if (at := config.told_at) is not None:
            hidden = torch.cat([hidden, context[..., at : at + TOLD_SIZE]], 2)
        return hidden, keys, carried

    def logits(
        self,
        weights: dict[str, Tensor],
        name: str,
        hidden: Tensor,
        keys: Tensor | None,
        times: Tensor | None,
        said: list[Tensor],
    ) -> Tensor:
        """(T, B, V) in single precision, given what was said before."""
        kind = self.precision.products

        def linear(x: Tensor, layer: str) -> Tensor:
            return F.linear(x, weights[f"{layer}.weight"].to(kind), weights[f"{layer}.bias"].to(kind))

        between = linear(torch.cat([hidden, *said], 2), f"{name}.hidden").relu()
        logits = linear(between, f"{name}.output").float()
        if name == "time" and times is not None:
            wanted = F.linear(between, weights[f"{name}.maps.weight"].to(kind))[..., None, :]  # (T, B, 1, maps)
            logits = logits + torch.matmul(wanted, times.to(kind).unflatten(2, (TIME_MAPS, -1)))[..., 0, :].float()
        if name != "symbol" or keys is None:
            return logits
        wanted = F.linear(between, weights[f"{name}.keys.weight"].to(kind)).unflatten(2, (KEY_MAPS, -1))
        return logits + torch.matmul(wanted, keys).flatten(2).float()  # (T, B, 2, D) × (T, B, D, K)


def one_hot(classes: Tensor, size: int, dtype: torch.dtype) -> Tensor:
    made = torch.zeros(*classes.shape, size, dtype=dtype, device=classes.device)
    return made.scatter_(-1, classes[..., None], 1)


def features_of_chosen(keys: Tensor, symbol: Tensor) -> Tensor:
    """The features (T, B, D) of the key that a symbol (T, B) is about."""
    place = (symbol % KEYS)[..., None, None].expand(*keys.shape[:3], 1)
    return keys.gather(3, place)[..., 0]
