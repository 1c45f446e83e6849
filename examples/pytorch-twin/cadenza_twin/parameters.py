"""
The model's configuration and its parameters, as src/kinds/performance/network.ts has them: named tensors one after the other in a
single flat vector, which the optimiser, the running mean and a checkpoint take whole.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .piano import KEYS, MAPS, SYMBOLS, TIME_BINS, VELOCITY_BINS
from .recall import RECALL_CONTEXT, RECALL_MAPS, TIME_MAPS
from .told import TOLD_SIZE

ATTRIBUTES = {"time": TIME_BINS, "symbol": SYMBOLS, "velocity": VELOCITY_BINS}
"""Classes of each attribute, in the order in which they are said."""
KEY_MAPS = 2
"""The symbols fall into two maps over the keys: struck, released."""
DISTANCES = 2 * KEYS - 1
REPRESENTATIONS = {"performance": (False, False), "performance-recall": (True, False), "performance-guided": (True, True)}
"""Whether models of a representation recall, and whether they are told of the piece."""


@dataclass(frozen=True)
class Config:
    """The sizes make 5.9 million parameters, which are 11.8 MB in half precision."""

    layers: int = 3
    hidden: int = 448
    head: int = 256
    context_units: int = 240
    key_features: int = 16
    recall: bool = True
    guidance: bool = True
    """Whether it is told how far the end is, and in whose style a piece is; only where it recalls."""
    styles: tuple[str, ...] = ()
    """Those that it learns to tell apart, in the order of their numbers."""

    def to_cadenza(self) -> dict:
        return {
            "kind": "events",
            "formatVersion": 1,
            "representation": next(
                name for name, hears in REPRESENTATIONS.items() if hears == (self.recall, self.guidance)
            ),
            "layers": self.layers,
            "hiddenSize": self.hidden,
            "headSize": self.head,
            "contextUnits": self.context_units,
            "keyFeatures": self.key_features,
            **({"styles": list(self.styles)} if self.styles else {}),
        }

    @staticmethod
    def from_cadenza(config: dict) -> "Config":
        expected = {"kind": "events", "formatVersion": 1}
        wrong = [key for key, value in expected.items() if config.get(key) != value]
        representation = config.get("representation")
        if representation not in REPRESENTATIONS:
            wrong.append("representation")
        sizes = ["layers", "hiddenSize", "headSize", "contextUnits", "keyFeatures"]
        wrong += [key for key in sizes if not isinstance(config.get(key), int)]
        if wrong:
            raise SystemExit(f"not a performance model of this version: {', '.join(wrong)}")
        recall, guidance = REPRESENTATIONS[str(representation)]
        layers, hidden, head, context_units, key_features = (config[size] for size in sizes)
        styles = tuple(config.get("styles", ()))
        return Config(layers, hidden, head, context_units, key_features, recall, guidance, styles)

    @property
    def context(self) -> int:
        return MAPS * KEYS + (RECALL_CONTEXT if self.recall else 0) + (TOLD_SIZE if self.guidance else 0)

    @property
    def told_at(self) -> int | None:
        """Where in the context it is told of the piece, between the maps; None where it is not."""
        return self.maps * KEYS if self.guidance else None

    @property
    def maps(self) -> int:
        """Over the keys, from which their features are computed."""
        return MAPS + (RECALL_MAPS if self.recall else 0)

    @property
    def features(self) -> int:
        """D: of a key, those that are computed and the maps that heads weigh as they are; 0: none."""
        plain = RECALL_MAPS if self.recall else 0
        return self.key_features + plain if self.key_features > 0 else 0

    @property
    def heard_context(self) -> int:
        return self.context_units or self.context

    @property
    def input_size(self) -> int:
        """Numbers of an event and its context as the first layer hears them; one class more each for none."""
        return sum(size + 1 for size in ATTRIBUTES.values()) + self.heard_context


@dataclass(frozen=True)
class Spec:
    name: str
    shape: tuple[int, ...]
    initializer: str

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def specs_of(config: Config) -> list[Spec]:
    """In the order of Cadenza's flat vector."""
    h, m, d = config.hidden, config.head, config.features
    specs: list[Spec] = []

    def add(name: str, shape: tuple[int, ...], initializer: str) -> None:
        specs.append(Spec(name, shape, initializer))

    if config.context_units > 0:
        add("context.weight", (config.context_units, config.context), "glorot_uniform")
    if d > 0:
        add("keys.weight", (config.key_features, config.maps * DISTANCES), "glorot_uniform")
        add("keys.bias", (config.key_features,), "zeros")
    for layer in range(config.layers):
        add(f"lstm.weight_ih_l{layer}", (4 * h, config.input_size if layer == 0 else h), "glorot_uniform")
        add(f"lstm.weight_hh_l{layer}", (4 * h, h), "orthogonal")
        add(f"lstm.bias_ih_l{layer}", (4 * h,), "forget_bias")
    known = h + (TOLD_SIZE if config.guidance else 0)  # heads hear what is told right after the last layer's state
    for name, size in ATTRIBUTES.items():
        has_maps = name == "symbol" and d > 0
        if has_maps:
            add(f"{name}.keys.weight", (KEY_MAPS * d, m), "zeros")
        if name == "time" and config.recall:
            add(f"{name}.maps.weight", (TIME_MAPS, m), "zeros")
        add(f"{name}.hidden.weight", (m, known), "glorot_uniform")
        add(f"{name}.hidden.bias", (m,), "zeros")
        add(f"{name}.output.weight", (size, m), "glorot_uniform")
        add(f"{name}.output.bias", (size,), "zeros")
        known += size + (d if has_maps else 0)
    return specs


def parameter_count(config: Config) -> int:
    return sum(spec.size for spec in specs_of(config))


def views(flat: Tensor, config: Config) -> dict[str, Tensor]:
    """The named parameters in the flat vector (P); a gradient that comes back through them is flat too."""
    specs = specs_of(config)
    parts = flat.split([spec.size for spec in specs])
    return {spec.name: part.view(spec.shape) for spec, part in zip(specs, parts)}


def matrices(config: Config) -> Tensor:
    """(P) 1 in matrices and 0 in biases: what weight decay is for."""
    return torch.cat([torch.full((spec.size,), float(len(spec.shape) > 1)) for spec in specs_of(config)])


def initial_parameters(config: Config, seed: int) -> Tensor:
    """(P) fresh values, of the same distributions as Cadenza's, though not the same numbers."""
    generator = torch.Generator().manual_seed(seed)
    flat = torch.zeros(parameter_count(config))
    named = views(flat, config)
    for spec in specs_of(config):
        tensor = named[spec.name]
        if spec.initializer == "glorot_uniform":
            nn.init.uniform_(tensor, -(bound := math.sqrt(6 / sum(spec.shape))), bound, generator=generator)
        elif spec.initializer == "orthogonal":
            nn.init.orthogonal_(tensor, generator=generator)
        elif spec.initializer == "forget_bias":
            tensor[spec.size // 4 : spec.size // 2] = 1
    return flat
