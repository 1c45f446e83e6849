"""Model files that Cadenza reads, and the state of a training from which it goes on. All files are replaced whole."""

import json
import os
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from .parameters import Config, parameter_count, specs_of, views


def replace(path: str | Path, data: bytes) -> None:
    path = Path(path)
    temporary = path.with_name(f".{path.name}.tmp")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safe_open(str(path), "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}


def write_model(path: str | Path, flat: Tensor, config: Config, half: bool = False) -> None:
    """A file as `cadenza train` writes it, without what only training needs."""
    if not bool(flat.isfinite().all()):
        raise SystemExit(f"{path}: weights that are not finite numbers; train again with a lower learning rate")
    named = views(flat.detach().float().cpu(), config)
    kind = torch.float16 if half else torch.float32
    metadata = {"cadenza_format": "1", "cadenza_config": json.dumps(config.to_cadenza(), separators=(",", ":"))}
    replace(path, save({name: tensor.to(kind).clone() for name, tensor in named.items()}, metadata))


def read_model(path: str | Path) -> tuple[Config, Tensor]:
    """The configuration and the flat weights (P) of a file of Cadenza's or of our own."""
    tensors, metadata = read(path)
    if metadata.get("cadenza_format") != "1":
        raise SystemExit(f"{path}: not a model of Cadenza's")
    config = Config.from_cadenza(json.loads(metadata["cadenza_config"]))
    flat = torch.empty(parameter_count(config))
    for spec, view in zip(specs_of(config), views(flat, config).values()):
        if spec.name not in tensors or tuple(tensors[spec.name].shape) != spec.shape:
            raise SystemExit(f"{path}: tensor {spec.name} of shape {spec.shape} is missing")
        view.copy_(tensors[spec.name])
    return config, flat


def write_state(path: str | Path, vectors: dict[str, Tensor], told: dict) -> None:
    tensors = {name: vector.detach().cpu().clone() for name, vector in vectors.items()}
    replace(path, save(tensors, {"twin_state": json.dumps(told)}))


def read_state(path: str | Path) -> tuple[dict[str, Tensor], dict]:
    tensors, metadata = read(path)
    if "twin_state" not in metadata:
        raise SystemExit(f"{path}: not the state of a training")
    return tensors, json.loads(metadata["twin_state"])
