import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(Path(__file__).parent.parent))

import keras
import numpy as np
import tensorflow as tf
from best_way import best_way
from contestant import compete
from safetensors_file import load

NOTES = int(sys.argv[1])
weights = load(sys.argv[2])
opening = tf.constant(np.fromfile(sys.argv[3], "<f4").reshape(1, 150, 3))

layers = keras.layers
inputs = keras.Input((150, 3))
hidden = layers.LSTM(128, return_sequences=True, name="lstm")(inputs)
hidden = layers.LSTM(128, name="lstm_1")(hidden)
dense = layers.Dense(256, activation="relu", name="dense")(hidden)
heads = {name: layers.Dense(size, name=name)(dense) for name, size in (("pitch", 128), ("step", 1), ("duration", 1))}
model = keras.Model(inputs, heads)
for name in ("lstm", "lstm_1"):
    names = (f"{name}.weight_ih_l0", f"{name}.weight_hh_l0", f"{name}.bias_ih_l0")
    model.get_layer(name).set_weights([weights[key].T for key in names])
for name in ("dense", "pitch", "step", "duration"):
    model.get_layer(name).set_weights([weights[f"{name}.weight"].T, weights[f"{name}.bias"]])


def next_note(window):
    predicted = model(window, training=False)
    pitch = tf.random.categorical(predicted["pitch"], 1, dtype=tf.int32)
    step, duration = tf.maximum(predicted["step"], 0), tf.maximum(predicted["duration"], 0)
    note = tf.concat([tf.cast(pitch, tf.float32) / 128, step, duration], 1)
    return note, tf.concat([window[:, 1:], note[:, None]], 1)


def play(way, window, notes):
    for _ in range(notes):
        note, window = way(window)
        note.numpy()
    return window


ways = {"tf.function": tf.function(next_note), "tf.function, jit_compile": tf.function(next_note, jit_compile=True)}
settings = best_way(list(ways), lambda name: play(ways[name], opening, 5))
predicted = {name: value.numpy() for name, value in model(opening, training=False).items()}
first = [int(predicted["pitch"].argmax()), *(max(0.0, float(predicted[name][0, 0])) for name in ("step", "duration"))]
window = opening


def work():
    global window
    start = time.perf_counter()
    window = play(ways[settings], window, NOTES)
    return {"milliseconds": (time.perf_counter() - start) * 1000 / NOTES}


version = f"{keras.__version__} on TensorFlow {tf.__version__}"
compete({"version": version, "settings": settings, "first": first}, work)
