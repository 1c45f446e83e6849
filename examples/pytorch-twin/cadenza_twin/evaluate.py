"""
Bits a note of a model over the held-out pieces, as `cadenza evaluate MODEL CORPUS --split validation` tells them.

    python -m cadenza_twin evaluate MODEL.safetensors --notes notes.safetensors.gz [--pieces N] [--part train]
"""

import argparse
import json

import torch

from .bits import Judge
from .choose_walk import choose_walk
from .files import read_model
from .model import EventModel
from .notes_file import read_notes


def main() -> None:
    parser = argparse.ArgumentParser(prog="cadenza_twin evaluate", description="bits a note of a model")
    parser.add_argument("model")
    parser.add_argument("--notes", required=True)
    parser.add_argument("--part", choices=["train", "validation"], default="validation")
    parser.add_argument("--pieces", type=int, help="only the first so many")
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    config, flat = read_model(options.model)
    pieces = getattr(read_notes(options.notes), options.part)[: options.pieces]
    judge = Judge(pieces, options.device, choose_walk(pieces, options.device), options.rows)
    flat = flat.to(options.device)
    print(json.dumps({"pieces": len(pieces), **judge.bits_a_note(EventModel(config, options.device), flat)}, indent=2))
