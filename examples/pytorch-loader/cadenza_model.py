"""Models that `npx cadenza export maestro --format safetensors` wrote, in PyTorch. README.md says what goes in and out."""
import json
import torch
from safetensors import safe_open
from torch.nn.functional import conv1d, linear, one_hot

class CadenzaModel(torch.nn.Module):
    def __init__(self, path):
        super().__init__()
        with safe_open(path, "pt") as file:
            self.weights = torch.nn.ParameterDict({name.replace(".", "/"): file.get_tensor(name) for name in file.keys()})
            self.config, self.network = (json.loads(file.metadata().get(key, "{}")) for key in ("cadenza_config", "network"))

    def linear(self, name, x):
        return linear(x, self.weights[f"{name}/weight"], self.weights[f"{name}/bias"] if f"{name}/bias" in self.weights else None)

    def lstm(self, name, layer, x, state):
        parts = [self.weights[f"{name}/{part}_l{layer}"] for part in ("weight_ih", "weight_hh", "bias_ih")]
        state = state or [torch.zeros(1, x.shape[1], parts[1].shape[1])] * 2
        return torch._VF.lstm(x, state, [*parts, torch.zeros_like(parts[2])], True, 1, 0.0, self.training, False, False)

    def next_note(self, window):
        x = self.lstm("lstm_1", 0, self.lstm("lstm", 0, window, None)[0], None)[1][0]
        return {name: self.linear(name, self.linear("dense", x).relu()) for name in ("pitch", "step", "duration")}

    def listen(self, before, context, states=None):
        heard, after = [one_hot(before[each["name"]], each["classes"] + 1) for each in self.network["attributes"]], []
        x = torch.cat([*heard, self.linear("context", context) if "context/weight" in self.weights else context], 2)
        for layer in range(self.config["layers"]):
            hidden, *state = self.lstm("lstm", layer, x, states and states[layer])
            x, after = (hidden if layer == 0 else x + hidden), [*after, state]
        keys = context[..., : 88 * self.network["maps_over_keys"]].reshape(-1, self.network["maps_over_keys"], 88)
        weight = self.weights["keys/weight"].unflatten(1, (-1, 175)).flip(2)  # by the distance of two keys
        plain = keys[:, keys.shape[1] - self.network["plain_maps_over_keys"] :]
        keys = torch.cat([conv1d(keys, weight, self.weights["keys/bias"], padding=87).relu(), plain], 1)
        hidden = torch.cat([x, context[..., slice(*self.network["heads_hear"])]], 2)
        return {"hidden": hidden, "keys": keys.unflatten(0, x.shape[:2]), "context": context}, after

    def logits(self, name, known, said):
        x, maps = known["hidden"], known["context"][..., self.network["context"] - self.network["class_maps"] :]
        for each in self.network["attributes"]:
            size, count = each["classes"], each["class_maps"]
            own, maps = maps[..., : size * count].unflatten(2, (count, size)), maps[..., size * count :]
            if each["name"] == name:
                break
            chosen = one_hot(said[each["name"]], size)
            x = torch.cat([x, chosen], 2)
            if each["key_maps"]:
                x = torch.cat([x, (known["keys"] * chosen.unflatten(2, (-1, 1, 88)).sum(2)).sum(3)], 2)
        x = self.linear(f"{name}/hidden", x).relu()
        logits = self.linear(f"{name}/output", x)
        if each["key_maps"]:
            logits = logits + (self.linear(f"{name}/keys", x).unflatten(2, (each["key_maps"], -1)) @ known["keys"]).flatten(2)
        return logits + (self.linear(f"{name}/maps", x)[..., None, :] @ own)[..., 0, :] if count else logits
