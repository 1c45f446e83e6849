"""Reads what `cadenza corpus` wrote."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load

from .piano import Notes


@dataclass
class Corpus:
    train: list[Notes]
    validation: list[Notes]
    names: list[str]
    """Of the pieces to learn from, then of those held out."""
    styles: tuple[str, ...]
    """Composers with enough pieces to learn their styles."""


def numbers(planes: np.ndarray) -> np.ndarray:
    """(4, N) bytes, all lowest first, to (N)."""
    return np.ascontiguousarray(planes.T).view("<i4")[:, 0].astype(np.int64)


def read_notes(path: str | Path) -> Corpus:
    data = gzip.decompress(Path(path).read_bytes())
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    metadata = header.get("__metadata__", {})
    if metadata.get("notes_format") != "2":
        raise SystemExit(f"{path}: not written by this version of `cadenza corpus`; write it again")
    tensors = load(data)
    step, duration = numbers(tensors["step"]), numbers(tensors["duration"])
    corpus = Corpus([], [], json.loads(metadata["names"]), tuple(json.loads(metadata["styles"])))
    composers = json.loads(metadata["composers"])
    to = 0
    pieces = zip(tensors["piece_notes"], tensors["piece_part"], tensors["piece_unit"], composers)
    for count, part, unit, composer in pieces:
        at, to = to, to + int(count)
        start = np.cumsum(step[at:to])
        notes = Notes(
            pitch=tensors["pitch"][at:to],
            velocity=tensors["velocity"][at:to],
            start=start * unit,
            end=(start + duration[at:to]) * unit,
            composer=composer,
        )
        (corpus.validation if part else corpus.train).append(notes)
    return corpus
