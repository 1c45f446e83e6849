"""The stacked model's weights for contestants in Python: by name, in the order of stacked-lstm.js."""

import numpy as np

LAYERS, HIDDEN, VOCABULARY = 3, 512, 176


def load(path):
    gates = 4 * HIDDEN
    shapes = {"embedding.weight": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        shapes[f"lstm.weight_ih_l{layer}"] = (gates, HIDDEN)
        shapes[f"lstm.weight_hh_l{layer}"] = (gates, HIDDEN)
        shapes[f"lstm.bias_ih_l{layer}"] = (gates,)
    shapes["output.weight"] = (VOCABULARY, HIDDEN)
    shapes["output.bias"] = (VOCABULARY,)
    flat = np.fromfile(path, "<f4")
    weights, start = {}, 0
    for name, shape in shapes.items():
        end = start + int(np.prod(shape))
        weights[name] = flat[start:end].reshape(shape)
        start = end
    assert start == len(flat)
    return weights
