"""What the training contestants in Python share: the case from bench/training-cases.js, and the choice of the fastest."""

import json
import sys
import time
import traceback

import numpy as np

DTYPES = {"F32": np.float32, "I32": np.int32}


def read_case(path):
    """The tensors of a safetensors file by name: first weights by PyTorch's names, and the inputs, time-major."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[slice(*it["data_offsets"])], DTYPES[it["dtype"]]).reshape(it["shape"])
        for name, it in header.items()
    }


def fastest(variants, told, tries=3):
    """Makes every variant, a function that gives a step, and gives what the ready line says and the fastest's step.

    A step gives its loss. All variants train the same model from the same weights, each its own copy: their first
    `told` losses, which warm it up, must agree. One that cannot run is left out, with a word on stderr.
    """
    milliseconds, steps, losses = {}, {}, {}
    for name, make in variants.items():
        try:
            step = make()
            losses[name] = [step() for _ in range(told)]
            times = []
            for _ in range(tries):
                start = time.perf_counter()
                step()
                times.append((time.perf_counter() - start) * 1000)
        except Exception:  # whatever a compiler throws
            traceback.print_exc(file=sys.stderr)
            continue
        milliseconds[name], steps[name] = min(times), step
    best = min(milliseconds, key=milliseconds.get)
    for name, values in losses.items():
        assert np.allclose(values, losses[best], rtol=1e-3), f"{name} computes something else: {values}"
    return {"variant": best, "variants": milliseconds, "losses": losses[best]}, steps[best]
