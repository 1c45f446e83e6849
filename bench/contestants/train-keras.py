"""Training steps of Keras on TensorFlow, on the CPU. Arguments: the case, how many losses to tell in advance, the
case's file."""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import contestant  # noqa: E402
import training  # noqa: E402

name, told, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tensors = training.read_case(path)


def batch_major(value):
    return tf.constant(np.ascontiguousarray(value.swapaxes(0, 1)))


def positive_squared_error(actual, predicted):
    return tf.reduce_mean((actual - predicted) ** 2 + 10 * tf.maximum(-predicted, 0.0))


def tutorial():
    inputs = keras.Input((150, 3))
    x = keras.layers.LSTM(128, return_sequences=True, name="lstm")(inputs)
    x = keras.layers.LSTM(128, name="lstm_1")(x)
    x = keras.layers.Dense(256, activation="relu", name="dense")(x)
    heads = {"pitch": 128, "step": 1, "duration": 1}
    outputs = {key: keras.layers.Dense(units, name=key)(x) for key, units in heads.items()}
    settings = {
        "loss": {
            "pitch": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "step": positive_squared_error,
            "duration": positive_squared_error,
        },
        "loss_weights": {"pitch": 0.05, "step": 1.0, "duration": 1.0},
        "optimizer": keras.optimizers.Adam(learning_rate=0.005),
    }
    x = batch_major(tensors["window"])
    y = {key: tf.constant(tensors[key][:, None]) for key in ("pitch", "step", "duration")}
    return keras.Model(inputs, outputs), settings, x, y


def stacked():
    inputs = keras.Input((128,), dtype="int32")
    x = keras.layers.Embedding(176, 512, name="embedding")(inputs)
    for layer in range(3):
        x = keras.layers.LSTM(512, return_sequences=True, name=f"lstm-l{layer}")(x)
    outputs = keras.layers.Dense(176, name="output")(x)
    settings = {
        "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "optimizer": keras.optimizers.Adam(learning_rate=0.001),
    }
    return keras.Model(inputs, outputs), settings, batch_major(tensors["symbols"]), batch_major(tensors["targets"])


def first_value(variable):
    """Keras' (in, out) from PyTorch's (out, in); both order the gates i, f, g, o."""
    layer, kind = variable.path.split("/")[0], variable.path.split("/")[-1]
    if kind == "embeddings":
        return tensors["embedding.weight"]
    if not layer.startswith("lstm"):
        return tensors[f"{layer}.{'bias' if kind == 'bias' else 'weight'}"].T
    prefix, _, suffix = layer.partition("-")
    key = {"kernel": "weight_ih", "recurrent_kernel": "weight_hh", "bias": "bias_ih"}[kind]
    return tensors[f"{prefix}.{key}_{suffix or 'l0'}"].T


def made(**options):
    keras.backend.clear_session()
    model, settings, x, y = {"tutorial": tutorial, "stacked": stacked}[name]()
    model.compile(**settings, **options)
    for variable in model.trainable_variables:
        variable.assign(first_value(variable))
    return model, x, y


def train_on_batch(jit_compile):
    model, x, y = made(jit_compile=jit_compile)

    def step():
        model.reset_metrics()  # or it gives the mean of all steps
        loss = model.train_on_batch(x, y)
        return float(loss[0] if isinstance(loss, (list, tuple)) else loss)

    return step


def custom_step(jit_compile):
    model, x, y = made()
    variables = model.trainable_variables
    model.optimizer.build(variables)

    @tf.function(jit_compile=jit_compile)
    def update():
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True), training=True)
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        model.optimizer.apply(gradients, variables)
        return loss

    return lambda: float(update())


ready, step = training.fastest(
    {
        "train_on_batch": lambda: train_on_batch(False),
        "train_on_batch, jit_compile": lambda: train_on_batch(True),
        "tf.function": lambda: custom_step(False),
        "tf.function, jit_compile": lambda: custom_step(True),
    },
    told,
)
version = f"{keras.__version__} on TensorFlow {tf.__version__}, {ready['variant']}"
contestant.compete({"version": version, **ready}, lambda: {"loss": step()})
