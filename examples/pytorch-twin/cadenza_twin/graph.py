"""
A model as Cadenza exports it to be trained: a graph of operations as data, run with PyTorch's, whose gradients are PyTorch's
too. What the model computes is said in one place only, src/kinds/performance/network.ts; here is no layer of it.

    cadenza export maestro --format training-graph
    python -m cadenza_twin train --graph maestro.safetensors --notes notes.safetensors.gz --out run

Legend: T events, B rows, H hidden size, V classes.
"""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .model import Batch, Dropout, Precision, States, lstm_layer, one_hot
from .parameters import ATTRIBUTES, Config

FORMAT = 1


def read_graph(path: str | Path) -> dict:
    """The graph in a file's metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    text = header.get("__metadata__", {}).get("training_graph")
    graph = json.loads(text) if text else {}
    if graph.get("format") != FORMAT:
        raise SystemExit(f"{path}: holds no training graph of this version; write it with `cadenza export --format training-graph`")
    return graph


def transposed(matrix: Tensor, is_transposed: bool) -> Tensor:
    return matrix.t() if is_transposed else matrix


class GraphModel:
    """Does what EventModel does, with the same arguments."""

    def __init__(
        self,
        graph: dict,
        config: Config,
        device: str | torch.device = "cpu",
        precision: Precision = Precision(),
        dropout: Dropout = Dropout(),
    ):
        self.config, self.precision, self.dropout = config, precision, dropout
        self.steps = graph["steps"]
        self.nodes, self.inputs, self.outputs = graph["nodes"], graph["inputs"], graph["outputs"]
        self.names = {place: name for name, (place, _) in self.inputs.items()}
        self.heard, _ = self.outputs["heard"]
        first = [place for place, node in enumerate(self.nodes) if node["op"] == "lstmLayer"]
        self.first_layer = first[0] if first else None
        self.constants = {
            place: self._constant(node, device) for place, node in enumerate(self.nodes) if node["op"] == "constant"
        }

    def _constant(self, node: dict, device: str | torch.device) -> Tensor:
        kind = torch.int64 if node["attributes"]["type"] == "int32" else torch.float32
        return torch.tensor(node["attributes"]["data"], dtype=kind, device=device).reshape(node["shapes"][0])

    def losses(
        self, weights: dict[str, Tensor], batch: Batch, states: States, learning: bool
    ) -> tuple[dict[str, Tensor], States]:
        """nats (B) a row, summed over its events, of each attribute; and the states to carry on."""
        allowed = batch.allowed.to(self.precision.products)
        given = {"context": batch.context, "symbolAllowed": allowed, **weights}
        for name in ATTRIBUTES:
            given |= {f"{name}Before": batch.before[name], name: batch.now[name], f"{name}Weight": batch.weight[name]}
        for layer, (hidden, cell) in enumerate(states):
            given |= {f"hidden{layer}": hidden, f"cell{layer}": cell}
        values = self.run(given, len(states[0][0]), learning)

        def output(name: str) -> Tensor:
            place, which = self.outputs[name]
            return values[place][which]

        carried = [(output(f"next_hidden{layer}").detach(), output(f"next_cell{layer}").detach()) for layer in range(len(states))]
        return {name: output(f"{name}_loss") * self.steps for name in ATTRIBUTES}, carried

    def run(self, given: dict[str, Tensor], rows: int, learning: bool) -> list[list[Tensor]]:
        values: list[list[Tensor]] = []
        for place, node in enumerate(self.nodes):
            op, attributes = node["op"], node["attributes"]
            shapes = [[size["rows"] * rows if isinstance(size, dict) else size for size in shape] for shape in node["shapes"]]
            if op == "input":
                values.append([given[self.names[place]]])
                continue
            if op == "constant":
                values.append([self.constants[place]])
                continue
            inputs = [values[of][which] for of, which in node["inputs"]]
            if op == "lstmLayer":
                values.append(self._lstm(inputs, place == self.first_layer, learning))
            elif op == "split":
                values.append(list(inputs[0].split(attributes["sizes"], attributes["axis"])))
            else:
                values.append([self._apply(op, inputs, attributes, shapes[0])])
            if place == self.heard:
                which = self.outputs["heard"][1]
                values[place][which] = F.dropout(values[place][which], self.dropout.heads, learning)
        return values

    def _lstm(self, inputs: list[Tensor], is_first: bool, learning: bool) -> list[Tensor]:
        x, input_weight, recurrent_weight, bias, hidden, cell = inputs
        drop = self.dropout
        x = F.dropout(x, drop.input if is_first else drop.hidden, learning)
        recurrent_weight = F.dropout(recurrent_weight, drop.recurrent, learning)
        parts = (input_weight, recurrent_weight, bias)
        output, (hidden, cell) = lstm_layer(x, (hidden, cell), parts, self.precision.lstm, learning)
        return [output, hidden, cell]

    def _apply(self, op: str, inputs: list[Tensor], attributes: dict, shape: list[int]) -> Tensor:
        kind = self.precision.products
        if op == "matmul":
            a, b = (each.to(kind) for each in inputs[:2])
            a, b = transposed(a, attributes["transposeA"]), transposed(b, attributes["transposeB"])
            return torch.addmm(inputs[2].to(kind), a, b) if len(inputs) > 2 else a @ b
        if op == "oneHot":
            return one_hot(inputs[0].long(), attributes["depth"], kind)
        if op == "reshape":
            return inputs[0].reshape(shape)
        if op == "expand":
            return inputs[0].expand(shape)
        if op == "concat":
            return torch.cat(inputs, attributes["axis"])
        if op == "slice":
            return inputs[0].narrow(attributes["axis"], attributes["from"], attributes["to"] - attributes["from"])
        if op == "sum":
            return inputs[0].sum(attributes["axes"], keepdim=attributes["keep"])
        return OPERATIONS[op](*inputs)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "minimum": torch.minimum,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "exp": torch.exp,
    "sqrt": torch.sqrt,
    "logSoftmax": lambda x: x.float().log_softmax(-1),
}
"""Element by element, and those that need to know nothing else."""
