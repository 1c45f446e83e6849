"""The tutorial model in PyTorch, in double precision: losses, gradients and ten steps of Adam.

    python tutorial_torch.py        writes ../golden/tutorial-torch.json

Adam is written out in the form of Keras: ε is added to √v before bias correction, which PyTorch's own does after it.
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import tutorial_case as tc

torch.set_default_dtype(torch.float64)


class Tutorial(nn.Module):
    def __init__(self, case: tc.Case):
        super().__init__()
        self.lstm = nn.LSTM(tc.FEATURES, case.hidden, batch_first=True)
        self.lstm_1 = nn.LSTM(case.hidden, case.hidden, batch_first=True)
        for layer in (self.lstm, self.lstm_1):  # one bias vector, as in Keras
            layer.bias_hh_l0.requires_grad_(False).zero_()
        self.dense = nn.Linear(case.hidden, case.dense)
        self.duration = nn.Linear(case.dense, 1)
        self.pitch = nn.Linear(case.dense, tc.PITCHES)
        self.step = nn.Linear(case.dense, 1)

    def losses(self, window: torch.Tensor, labels: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        hidden, _ = self.lstm(window)
        _, (last, _) = self.lstm_1(hidden)
        dense = torch.relu(self.dense(last[0]))
        losses = {"pitch": F.cross_entropy(self.pitch(dense), labels["pitch"].long())}
        for name, head in (("step", self.step), ("duration", self.duration)):
            predicted = head(dense)[:, 0]
            losses[name] = ((labels[name] - predicted) ** 2 + 10 * torch.relu(-predicted)).mean()
        total = sum(tc.LOSS_WEIGHTS[name] * loss for name, loss in losses.items())
        return {"loss": total, **{f"{name}_loss": loss for name, loss in losses.items()}}


def run(name: str) -> dict:
    case = tc.CASES[name]
    model = Tutorial(case)
    parameters = {key: value for key, value in model.named_parameters() if value.requires_grad}
    parameters = {key: parameters[key] for key in case.shapes}
    assert sum(value.numel() for value in parameters.values()) == (265_602 if name == "full" else 2448)
    with torch.no_grad():
        for key, value in tc.weights(case).items():
            parameters[key].copy_(torch.from_numpy(value))
    window, labels = tc.batch(case)
    window = torch.from_numpy(window).double()
    labels = {key: torch.from_numpy(value) for key, value in labels.items()}

    def step() -> tuple[dict[str, float], list[torch.Tensor]]:
        losses = model.losses(window, labels)
        gradients = torch.autograd.grad(losses["loss"], list(parameters.values()))
        return {key: loss.item() for key, loss in losses.items()}, list(gradients)

    first = [torch.zeros_like(value) for value in parameters.values()]
    second = [torch.zeros_like(value) for value in parameters.values()]
    trace, told = [], {}
    for update in range(tc.STEPS + 1):
        losses, gradients = step()
        trace.append(losses)
        if update == 0:
            told = dict(zip(parameters, (g.numpy() for g in gradients)))
        if update == tc.STEPS:
            break
        size = tc.LEARNING_RATE * np.sqrt(1 - 0.999 ** (update + 1)) / (1 - 0.9 ** (update + 1))
        with torch.no_grad():
            for value, m, v, g in zip(parameters.values(), first, second, gradients):
                m.mul_(0.9).add_(g, alpha=0.1)
                v.mul_(0.999).addcmul_(g, g, value=0.001)
                value.sub_(size * m / (v.sqrt() + 1e-7))
    return {
        "losses": trace[0],
        "gradients": tc.summary(name, told),
        "trace": {key: [losses[key] for losses in trace] for key in trace[0]},
        "trained": tc.summary(name, {key: value.detach().numpy() for key, value in parameters.items()}),
    }


versions = {"python": sys.version.split()[0], "torch": torch.__version__.split("+")[0], "numpy": np.__version__}
tc.write_goldens("tutorial-torch.json", versions, 12, {name: run(name) for name in tc.CASES})
