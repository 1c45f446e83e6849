"""What examples/pytorch-loader computes with the models in test/fixtures/pytorch.

    python pytorch_loader.py          writes ../golden/pytorch-loader.json

test/examples/pytorch-loader.test.ts makes the same inputs, and asks Cadenza. Runs on requirements-torch.txt and
safetensors.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "examples" / "pytorch-loader"))

from cadenza_model import CadenzaModel  # noqa: E402


def numbers(length: int) -> torch.Tensor:
    return torch.tensor([(i * 37) % 101 / 101 for i in range(length)])


def answers(path: Path) -> dict[str, list[float]]:
    model = CadenzaModel(path).eval()
    if model.config["kind"] == "tutorial":
        logits = model.next_note(numbers(12).view(4, 1, 3))
    else:
        attributes, context = model.network["attributes"], model.network["context"]
        before = {each["name"]: torch.full((2, 1), 3 + k) for k, each in enumerate(attributes)}
        first, second = ({name: row[i : i + 1] for name, row in before.items()} for i in range(2))
        heard = numbers(2 * context).view(2, 1, context)
        # One step after the other is what both at once are.
        _, states = model.listen(first, heard[:1])
        known, _ = model.listen(second, heard[1:], states)
        at_once, _ = model.listen(before, heard)
        assert torch.allclose(at_once["hidden"][1:], known["hidden"], atol=1e-6)
        said, logits = {}, {}
        for k, each in enumerate(attributes):
            logits[each["name"]] = model.logits(each["name"], known, said)
            said[each["name"]] = torch.full((1, 1), 5 + k)
    return {name: [round(value, 7) for value in row.flatten().tolist()] for name, row in logits.items()}


with torch.no_grad():
    found = {path.stem: answers(path) for path in sorted((HERE.parent / "fixtures" / "pytorch").glob("*.safetensors"))}
(HERE.parent / "golden" / "pytorch-loader.json").write_text(json.dumps(found) + "\n")
