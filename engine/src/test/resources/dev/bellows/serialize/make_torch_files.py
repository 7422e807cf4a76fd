"""Writes torch-zip.pt, torch-legacy.pt, torch-refused.pt and torch-checkpoint.pt (torch 2.13.0)."""

import collections
import pathlib

import torch
from torch import nn

here = pathlib.Path(__file__).parent
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
types = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16,
    torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
]
value = {
    "types": {str(t): torch.tensor([0, 1, 1]).to(t) for t in types},
    "base": base,
    "transposed": base.t(),
    "part": base[1:3, ::2],
    "expanded": torch.tensor([7.0]).expand(3, 2),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "parameter": nn.Parameter(torch.tensor([1.0, 2.0])),
    "grad": torch.ones(2, requires_grad=True),
    "model": nn.Linear(2, 1).state_dict(),
    "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
    "numbers": [0, 255, 65535, -1, 2**31, -(2**40), 2**70, 0.1, float("inf"), True, False, None],
    "text": "größe",
    "bytes": b"\x00\xff",
    "tuple": (1, "two", (3.0,)),
    "set": {3},
    "size": torch.Size([2, 3]),
    "device": torch.device("cuda:1"),
    "dtype": torch.bfloat16,
    "counter": collections.Counter([5, 5, 7]),
    7: "a number as key",
}
torch.save(value, here / "torch-zip.pt")
torch.save(value, here / "torch-legacy.pt", _use_new_zipfile_serialization=False)


class Command:
    def __reduce__(self):
        import os

        return os.system, ("true",)


torch.save({"a": torch.ones(1), "b": Command()}, here / "torch-refused.pt")

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
optimizer = torch.optim.AdamW(
    [{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.02}], lr=0.01)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
x = torch.linspace(-1, 1, 15).reshape(5, 3)


def step():
    optimizer.zero_grad()
    model(x).square().sum().backward()
    optimizer.step()
    schedule.step()


for _ in range(3):
    step()
saved = {
    "epoch": 3,
    "model_state_dict": {k: v.clone() for k, v in model.state_dict().items()},
    "optimizer_state_dict": optimizer.state_dict(),
    "scheduler_state_dict": schedule.state_dict(),
    "loss": 0.5,
}
import copy

saved = copy.deepcopy(saved)
for _ in range(4):
    step()
saved["x"] = x
saved["after four more steps"] = dict(model.state_dict())
torch.save(saved, here / "torch-checkpoint.pt")
