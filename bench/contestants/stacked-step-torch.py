"""The stacked model in PyTorch, a step at a time: `module` uses nn.LSTM, `cells` a loop over nn.LSTMCell."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import stacked
import torch
from best_way import best_way, thread_counts
from contestant import compete

kind = sys.argv[1]
batch, steps, compared = map(int, sys.argv[2:5])
weights = {name: torch.from_numpy(array) for name, array in stacked.load(sys.argv[5]).items()}


def lstm_parameters(layer):
    return [weights[f"lstm.{part}_l{layer}"] for part in ("weight_ih", "weight_hh", "bias_ih")]


def fill(module, suffix, layer):
    for part, value in zip(("weight_ih", "weight_hh", "bias_ih"), lstm_parameters(layer)):
        getattr(module, part + suffix).copy_(value)
    getattr(module, "bias_hh" + suffix).zero_()


with torch.inference_mode():
    embedding = torch.nn.Embedding.from_pretrained(weights["embedding.weight"])
    output = torch.nn.Linear(stacked.HIDDEN, stacked.VOCABULARY)
    output.weight.copy_(weights["output.weight"])
    output.bias.copy_(weights["output.bias"])
    zeros = torch.zeros(batch, stacked.HIDDEN)
    if kind == "module":
        lstm = torch.nn.LSTM(stacked.HIDDEN, stacked.HIDDEN, stacked.LAYERS)
        for layer in range(stacked.LAYERS):
            fill(lstm, f"_l{layer}", layer)
        initial = (torch.stack([zeros] * stacked.LAYERS), torch.stack([zeros] * stacked.LAYERS))

        def advance(symbol, state):
            hidden, state = lstm(embedding(symbol)[None], state)
            return output(hidden[0]).argmax(-1), state

    else:
        cells = [torch.nn.LSTMCell(stacked.HIDDEN, stacked.HIDDEN) for _ in range(stacked.LAYERS)]
        for layer, cell in enumerate(cells):
            fill(cell, "", layer)
        initial = [(zeros, zeros)] * stacked.LAYERS

        def advance(symbol, state):
            x, following = embedding(symbol), []
            for cell, pair in zip(cells, state):
                pair = cell(x, pair)
                following.append(pair)
                x = pair[0]
            return output(x).argmax(-1), following

    start_symbol = torch.arange(batch)

    def play(symbol, state, count):
        for _ in range(count):
            symbol, state = advance(symbol, state)
        return symbol, state

    def use(way):
        torch.set_num_threads(way[0])
        torch._C._set_mkldnn_enabled(way[1])

    def trial(way):
        use(way)
        play(start_symbol, initial, 20)

    way = best_way([(threads, onednn) for threads in thread_counts() for onednn in (True, False)], trial)
    use(way)
    symbol, state, symbols = start_symbol, initial, []
    for _ in range(compared):
        symbol, state = advance(symbol, state)
        symbols.append(int(symbol[0]))

    def work():
        global symbol, state
        start = time.perf_counter()
        symbol, state = play(symbol, state, steps)
        return {"milliseconds": (time.perf_counter() - start) * 1000 / steps}

    settings = f"{way[0]} threads, oneDNN {'on' if way[1] else 'off'}"
    compete({"version": torch.__version__, "settings": settings, "symbols": symbols}, work)
