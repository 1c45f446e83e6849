import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import torch
from best_way import best_way, thread_counts
from contestant import compete
from safetensors_file import load

NOTES = int(sys.argv[1])
weights = {name: torch.from_numpy(array.copy()) for name, array in load(sys.argv[2]).items()}
opening = torch.from_numpy(np.fromfile(sys.argv[3], "<f4").reshape(150, 1, 3))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 128)
        self.lstm_1 = torch.nn.LSTM(128, 128)
        self.dense = torch.nn.Linear(128, 256)
        self.pitch = torch.nn.Linear(256, 128)
        self.step = torch.nn.Linear(256, 1)
        self.duration = torch.nn.Linear(256, 1)
        self.load_state_dict(weights, strict=False)
        for layer in (self.lstm, self.lstm_1):
            torch.nn.init.zeros_(layer.bias_hh_l0)

    def forward(self, window):
        hidden, _ = self.lstm(window)
        hidden, _ = self.lstm_1(hidden)
        dense = torch.relu(self.dense(hidden[-1]))
        return self.pitch(dense), self.step(dense), self.duration(dense)


model = Model().eval()


def play(window, notes):
    for _ in range(notes):
        logits, step, duration = model(window)
        pitch = torch.multinomial(torch.softmax(logits, -1), 1)
        step, duration = step.clamp_min(0), duration.clamp_min(0)
        note = torch.cat([pitch / 128, step, duration], 1)
        window = torch.cat([window[1:], note[None]])
        note.tolist()
    return window


def use(way):
    torch.set_num_threads(way[0])
    torch._C._set_mkldnn_enabled(way[1])


def trial(way):
    use(way)
    play(opening, 5)


with torch.inference_mode():
    torch.manual_seed(0)
    way = best_way([(threads, onednn) for threads in thread_counts() for onednn in (True, False)], trial)
    use(way)
    logits, step, duration = model(opening)
    first = [int(logits.argmax()), max(0.0, float(step)), max(0.0, float(duration))]
    window = opening

    def work():
        global window
        start = time.perf_counter()
        window = play(window, NOTES)
        return {"milliseconds": (time.perf_counter() - start) * 1000 / NOTES}

    settings = f"{way[0]} threads, oneDNN {'on' if way[1] else 'off'}"
    compete({"version": torch.__version__, "settings": settings, "first": first}, work)
