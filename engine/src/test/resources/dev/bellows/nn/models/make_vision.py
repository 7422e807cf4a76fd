"""Writes vision.txt, the names and shapes of torchvision's models, and vision.safetensors, what they
compute with weights and inputs of a formula (torchvision 0.29.1, torch 2.13.0)."""

import math
import pathlib

import numpy as np
import torch
import torchvision
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
models = ["resnet18", "resnet34", "resnet50", "vgg16", "alexnet", "mobilenet_v2"]
computed = {"resnet18": 32, "resnet50": 33, "vgg16": 32, "alexnet": 64, "mobilenet_v2": 40}


def numbers(shape):
    """Numbers in ±0.5, the same in both languages."""
    i = np.arange(math.prod(shape), dtype=np.int64)
    return torch.from_numpy((i * 7919 + i // 2003 * 31) % 2003 / 2003 - 0.5).reshape(shape)


def value(name, shape):
    v = numbers(shape)
    if name.endswith("running_var"):
        return 1 + v
    if len(shape) > 1:
        return v * math.sqrt(24 / math.prod(shape[1:]))
    if name.endswith(".weight"):
        return 1 + 0.5 * v
    return 0.2 * v


lines = []
out = {}
for name in models:
    model = getattr(torchvision.models, name)(num_classes=10).eval()
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            lines.append(" ".join([name, key, *map(str, tensor.shape)]))
            if tensor.dtype == torch.float32:
                tensor.copy_(value(key, tuple(tensor.shape)))
        if name in computed:
            size = computed[name]
            out[name] = model(numbers((2, 3, size, size)).float() * 4)
(here / "vision.txt").write_text("\n".join(lines) + "\n")
save_file(out, here / "vision.safetensors")
