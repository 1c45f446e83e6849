import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(Path(__file__).parent.parent))

import keras
import stacked
import tensorflow as tf
from best_way import best_way
from contestant import compete

batch, steps, compared = map(int, sys.argv[1:4])
weights = stacked.load(sys.argv[4])

embedding = keras.layers.Embedding(stacked.VOCABULARY, stacked.HIDDEN)
cells = [keras.layers.LSTMCell(stacked.HIDDEN) for _ in range(stacked.LAYERS)]
output = keras.layers.Dense(stacked.VOCABULARY)
embedding.build()
embedding.set_weights([weights["embedding.weight"]])
for layer, cell in enumerate(cells):
    cell.build((batch, stacked.HIDDEN))
    names = (f"lstm.weight_ih_l{layer}", f"lstm.weight_hh_l{layer}", f"lstm.bias_ih_l{layer}")
    cell.set_weights([weights[name].T for name in names])
output.build((batch, stacked.HIDDEN))
output.set_weights([weights["output.weight"].T, weights["output.bias"]])


def advance(symbol, state):
    x, following = embedding(symbol), []
    for cell, pair in zip(cells, state):
        x, pair = cell(x, pair)
        following.append(pair)
    return tf.argmax(output(x), -1, output_type=tf.int32), following


ways = {"tf.function": tf.function(advance), "tf.function, jit_compile": tf.function(advance, jit_compile=True)}
start_symbol = tf.range(batch)
zeros = tf.zeros((batch, stacked.HIDDEN))
initial = [[zeros, zeros] for _ in cells]


def play(way, symbol, state, count):
    for _ in range(count):
        symbol, state = way(symbol, state)
    symbol.numpy()  # waits for the last step
    return symbol, state


settings = best_way(list(ways), lambda name: play(ways[name], start_symbol, initial, 20))
way = ways[settings]
symbol, state, symbols = start_symbol, initial, []
for _ in range(compared):
    symbol, state = way(symbol, state)
    symbols.append(int(symbol[0]))


def work():
    global symbol, state
    start = time.perf_counter()
    symbol, state = play(way, symbol, state, steps)
    return {"milliseconds": (time.perf_counter() - start) * 1000 / steps}


version = f"{keras.__version__} on TensorFlow {tf.__version__}"
compete({"version": version, "settings": settings, "symbols": symbols}, work)
