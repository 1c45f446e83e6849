"""The tensors of a .safetensors file of 32-bit floats, by name."""

import json

import numpy as np


def load(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        first, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[first:end], "<f4").reshape(entry["shape"])
    return tensors
