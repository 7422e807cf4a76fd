"""Writes pytorch-training.safetensors: a small model, data, and what training makes of it (torch 2.13.0)."""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 4, 3, stride=1, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(4, 6, 3, padding=1, dilation=1, groups=2, bias=False),
    nn.ReLU(),
    nn.MaxPool2d(3, 2, 1),
    nn.Flatten(),
    nn.Linear(24, 5),
)
out = {"init." + k: v.clone() for k, v in model.state_dict().items()}
out["x"] = x = torch.randn(16, 1, 8, 8)
out["y"] = y = torch.randint(0, 5, (16,))
out["logits"] = model(x).detach().clone()
optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
losses = []
for _ in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y, label_smoothing=0.1)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    losses += [loss.detach(), norm.detach()]
out["losses_and_norms"] = torch.stack(losses)
out |= {"final." + k: v.clone() for k, v in model.state_dict().items()}
save_file(out, pathlib.Path(__file__).parent / "pytorch-training.safetensors")
