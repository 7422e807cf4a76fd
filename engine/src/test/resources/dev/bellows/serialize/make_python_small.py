"""Writes python-small.safetensors (safetensors 0.8.0, torch 2.13.0)."""

import pathlib

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
save_file(
    {
        "fc.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4,
        "fc.bias": torch.tensor([1.5, -2.0], dtype=torch.float64),
        "steps": torch.tensor([[1, -2, 3]], dtype=torch.int64),
        "ids": torch.tensor([7, -8], dtype=torch.int32),
        "pixels": torch.tensor([0, 127, 255], dtype=torch.uint8),
        "mask": torch.tensor([True, False, True]),
        "scalar": torch.tensor(0.5),
        "empty": torch.zeros(0, 4),
        "größe": torch.ones(1),
    },
    here / "python-small.safetensors",
    metadata={"format": "pt", "note": 'quotes " and ünïcode'},
)
