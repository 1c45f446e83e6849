"""The tutorial model in Keras, built, compiled and optimised as in the system that Cadenza reproduces.

    python tutorial_keras.py        writes ../golden/tutorial-keras.json

Everything runs in Keras' single precision with its own losses and its own Adam. Kernels are turned from Keras' layout
(in, 4H), gates i, f, c, o, to PyTorch's (4H, in), gates i, f, g, o: the same order of gates, transposed.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

import tutorial_case as tc  # noqa: E402

KERAS_TO_TORCH = {"kernel": "weight", "bias": "bias"}
KERAS_TO_TORCH_LSTM = {"kernel": "weight_ih_l0", "recurrent_kernel": "weight_hh_l0", "bias": "bias_ih_l0"}


def mse_with_positive_pressure(y_true, y_pred):
    mse = (y_true - y_pred) ** 2
    positive_pressure = 10 * tf.maximum(-y_pred, 0.0)
    return tf.reduce_mean(mse + positive_pressure)


def build(case: tc.Case) -> keras.Model:
    inputs = keras.Input((case.window, tc.FEATURES), name="input_1")
    x = keras.layers.LSTM(case.hidden, return_sequences=True, name="lstm")(inputs)
    x = keras.layers.LSTM(case.hidden, name="lstm_1")(x)
    x = keras.layers.Dense(case.dense, activation="relu", name="dense")(x)
    outputs = {
        "duration": keras.layers.Dense(1, name="duration")(x),
        "pitch": keras.layers.Dense(tc.PITCHES, name="pitch")(x),
        "step": keras.layers.Dense(1, name="step")(x),
    }
    model = keras.Model(inputs, outputs)
    model.compile(
        loss={
            "pitch": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "step": mse_with_positive_pressure,
            "duration": mse_with_positive_pressure,
        },
        loss_weights=tc.LOSS_WEIGHTS,
        optimizer=keras.optimizers.Adam(learning_rate=tc.LEARNING_RATE),
    )
    return model


def torch_name(variable) -> str:
    layer, kind = variable.path.split("/")[0], variable.path.split("/")[-1]
    names = KERAS_TO_TORCH_LSTM if layer.startswith("lstm") else KERAS_TO_TORCH
    return f"{layer}.{names[kind]}"


def run(name: str) -> dict:
    case = tc.CASES[name]
    model = build(case)
    assert model.count_params() == (265_602 if name == "full" else 2448)
    variables = {torch_name(variable): variable for variable in model.trainable_variables}
    for key, value in tc.weights(case).items():
        variables[key].assign(value.T)
    window, labels = tc.batch(case)
    # As a data set gives them in the original exercise: labels (B), predictions (B, 1).
    labels = {key: tf.constant(value) for key, value in labels.items()}

    def losses() -> dict[str, float]:
        told = model.evaluate(window, labels, batch_size=case.batch, verbose=0, return_dict=True)
        return {key: float(told[key]) for key in ("loss", "pitch_loss", "step_loss", "duration_loss")}

    with tf.GradientTape() as tape:
        total = model.compute_loss(x=window, y=labels, y_pred=model(window, training=True), training=True)
    gradients = tape.gradient(total, [variables[key].value for key in case.shapes])
    told = {key: g.numpy().T for key, g in zip(case.shapes, gradients)}

    trace = [losses()]
    assert abs(trace[0]["loss"] - float(total)) < 1e-6 * float(total)
    for _ in range(tc.STEPS):
        model.train_on_batch(window, labels)
        trace.append(losses())
    return {
        "losses": trace[0],
        "gradients": tc.summary(name, told),
        "trace": {key: [losses[key] for losses in trace] for key in trace[0]},
        "trained": tc.summary(name, {key: variables[key].numpy().T for key in case.shapes}),
    }


versions = {"python": sys.version.split()[0], "tensorflow": tf.__version__, "keras": keras.__version__}
tc.write_goldens("tutorial-keras.json", versions, 9, {name: run(name) for name in tc.CASES})
