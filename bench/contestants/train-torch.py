"""Training steps of PyTorch on the CPU. Arguments: the case, how many losses to tell in advance, the case's file."""

import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import contestant  # noqa: E402
import training  # noqa: E402

name, told, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tensors = {key: torch.from_numpy(value.copy()) for key, value in training.read_case(path).items()}
CORES = len(os.sched_getaffinity(0))
torch.set_flush_denormal(True)


def one_bias(lstm):
    """Cadenza and Keras have one bias vector a layer: the second stays zero."""
    for key, value in lstm.named_parameters():
        if key.startswith("bias_hh"):
            value.requires_grad_(False).zero_()
    return lstm


class Tutorial(nn.Module):
    learning_rate = 0.005

    def __init__(self):
        super().__init__()
        self.lstm = one_bias(nn.LSTM(3, 128))
        self.lstm_1 = one_bias(nn.LSTM(128, 128))
        self.dense = nn.Linear(128, 256)
        self.pitch, self.step, self.duration = nn.Linear(256, 128), nn.Linear(256, 1), nn.Linear(256, 1)

    def forward(self, window, pitch, step, duration):
        hidden, _ = self.lstm(window)
        _, (last, _) = self.lstm_1(hidden)
        dense = torch.relu(self.dense(last[0]))
        loss = 0.05 * F.cross_entropy(self.pitch(dense), pitch)
        for actual, head in ((step, self.step), (duration, self.duration)):
            predicted = head(dense)[:, 0]
            loss = loss + ((actual - predicted) ** 2 + 10 * torch.relu(-predicted)).mean()
        return loss


class Stacked(nn.Module):
    learning_rate = 0.001

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(176, 512)
        self.lstm = one_bias(nn.LSTM(512, 512, num_layers=3))
        self.output = nn.Linear(512, 176)

    def forward(self, symbols, targets):
        hidden, _ = self.lstm(self.embedding(symbols))
        return F.cross_entropy(self.output(hidden).flatten(0, 1), targets.flatten())


INPUTS = {"tutorial": ("window", "pitch", "step", "duration"), "stacked": ("symbols", "targets")}


def trainer(wrap, threads):
    model = {"tutorial": Tutorial, "stacked": Stacked}[name]()
    trained = {key: value for key, value in model.named_parameters() if value.requires_grad}
    assert set(trained) | set(INPUTS[name]) == set(tensors)
    with torch.no_grad():
        for key, value in trained.items():
            value.copy_(tensors[key])
    inputs = [tensors[key].long() if tensors[key].dtype == torch.int32 else tensors[key] for key in INPUTS[name]]
    optimizer = torch.optim.Adam(trained.values(), lr=model.learning_rate, eps=1e-7, fused=True)
    forward = wrap(model)

    def step():
        torch.set_num_threads(threads)
        optimizer.zero_grad()
        loss = forward(*inputs)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


ready, step = training.fastest(
    {
        f"eager, {CORES} threads": lambda: trainer(lambda model: model, CORES),
        "eager, 1 thread": lambda: trainer(lambda model: model, 1),  # small products may gain nothing by more
        f"torch.compile, {CORES} threads": lambda: trainer(torch.compile, CORES),
    },
    told,
)
version = f"{torch.__version__.split('+')[0]}, {ready['variant']}"
contestant.compete({"version": version, **ready}, lambda: {"loss": step()})
