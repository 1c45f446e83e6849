"""The flags that training and measuring have in common."""

import argparse

import torch

from .model import Dropout, Precision
from .parameters import Config

PRECISIONS = {"fp32": torch.float32, "tf32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def add_model_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model")
    for name, size in vars(Config()).items():
        if name == "styles":  # the corpus's
            continue
        flag = f"--{name.replace('_', '-')}"
        if isinstance(size, bool):
            group.add_argument(flag, action=argparse.BooleanOptionalAction, default=size)
        else:
            group.add_argument(flag, type=int, default=size, help=f"default: {size}")


def config_of(options: argparse.Namespace, styles: tuple[str, ...]) -> Config:
    given = {name: getattr(options, name) for name in vars(Config()) if name != "styles"}
    guidance = options.guidance and options.recall
    return Config(**{**given, "guidance": guidance, "styles": styles if guidance else ()})


def add_device_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("device")
    group.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    group.add_argument("--rows", type=int, default=256, help="B: pieces side by side")
    group.add_argument("--accumulate", type=int, default=1, help="parts in which the rows of a step are learned from, one after the other; their gradients are added up")
    group.add_argument("--steps", type=int, default=256, help="T: events the gradient goes back")
    group.add_argument("--precision", choices=PRECISIONS, default="fp32", help="of products outside the LSTM layers")
    group.add_argument("--lstm", choices=PRECISIONS, default="fp32", help="of the LSTM layers and their states")
    group.add_argument("--cuda-graph", action="store_true", help="record a step once and play it again")
    group.add_argument("--threads", type=int, default=1)


def precision_of(options: argparse.Namespace) -> Precision:
    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = options.precision == "tf32"
    torch.backends.cudnn.allow_tf32 = options.lstm == "tf32"
    return Precision(PRECISIONS[options.precision], PRECISIONS[options.lstm])


def add_dropout_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("dropout, none by default")
    group.add_argument("--drop-input", type=float, default=0.0, help="of what the first layer hears")
    group.add_argument("--drop-hidden", type=float, default=0.0, help="between layers")
    group.add_argument("--drop-heads", type=float, default=0.0, help="of what the heads hear")
    group.add_argument("--drop-recurrent", type=float, default=0.0, help="of the recurrent weights")


def dropout_of(options: argparse.Namespace) -> Dropout:
    return Dropout(options.drop_input, options.drop_hidden, options.drop_heads, options.drop_recurrent)
