"""Cross-checks src/checkpoint/safetensors.ts with the reference implementation.

    pip install safetensors numpy
    python test/oracle/safetensors_check.py write test/golden/reference.safetensors
    python test/oracle/safetensors_check.py verify FILE   # FILE as written by writeSafetensors from the same tensors

`write` makes the golden file; `verify` reads any file with the reference and prints each tensor, and says whether it
is byte for byte the golden one.
"""
import struct
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load, save

# Halves that test the rounding: ties both ways, the largest, the first that overflows, subnormals, both zeros.
HALVES = [1 + 2**-11, 1 + 3 * 2**-11, 65504, 65519.99, 65520, -65520, 2**-14, 2**-24, 2**-25, 3 * 2**-25,
          2**-14 - 2**-25, 0.0, -0.0, float("inf"), float("nan"), 0.1, -1 / 3]


def golden() -> bytes:
    with np.errstate(over="ignore"):
        half = np.array(HALVES, np.float32).astype(np.float16)
    tensors = {
        "lstm.weight_ih_l0": np.arange(6, dtype=np.float32).reshape(2, 3) / 7,
        "lstm.bias ♪": np.array([-1.5, 3.0e-41], np.float32),
        "half": half,
        "double": np.array(np.pi),
        "steps": np.array([-1, 2**62], np.int64),
        "counts": np.array([[-7], [2**31 - 1]], np.int32),
        "mask": np.array([0, 1, 255], np.uint8),
        "empty": np.zeros((2, 0), np.float32),
    }
    return save(tensors, metadata={"note": 'quote " tab \t C♯'})


def main():
    command, path = sys.argv[1:]
    if command == "write":
        with open(path, "wb") as file:
            file.write(golden())
        return
    data = open(path, "rb").read()
    print("header bytes:", struct.unpack("<Q", data[:8])[0])
    with safe_open(path, "np") as file:
        print("metadata:", file.metadata())
    for name, tensor in load(data).items():
        print(name, tensor.dtype, tensor.shape, tensor.reshape(-1)[:8])
    same = data == golden()
    print("byte for byte the golden file:", "yes" if same else "no")


main()
