"""Writes schedules.safetensors: the rates of schedules, epoch by epoch (torch 2.13.0).

Each case is [epochs + 1, 2]: the rates of two groups of an SGD with lr 0.1 and 0.04. Cases of cycles have the
momentum of the first group as third column.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch.optim import SGD, Adam
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import SWALR

EPOCHS = 40
METRICS = [3.0, 2.0, 2.0, 1.99999, 2.1, 1.5, 1.6, 1.6, 1.7, 1.4, 1.4, 1.5, 1.5, 1.6] + [1.41] * 26


def sequential(o):
    return s.SequentialLR(o, [s.LinearLR(o, 0.1, 1.0, 5), s.ExponentialLR(o, 0.9), s.ConstantLR(o, 0.5, 3)], [6, 20])


def restarts_in_sequence(o):
    return s.SequentialLR(o, [s.ConstantLR(o, 0.1, 4), s.CosineAnnealingWarmRestarts(o, 4, 2, 1e-3)], [4])


def cosine_in_sequence(o):
    return s.SequentialLR(o, [s.LinearLR(o, 0.2, 1.0, 5), s.CosineAnnealingLR(o, 20, 1e-3)], [5])


def chain_in_sequence(o):
    first = s.ChainedScheduler([s.LinearLR(o, 0.5, 1.0, 4), s.ExponentialLR(o, 0.95)])
    return s.SequentialLR(o, [first, s.PolynomialLR(o, 20, 2.0)], [7])


CASES = {
    "LambdaLR": lambda o: s.LambdaLR(o, lambda e: 0.95**e),
    "LambdaLR of groups": lambda o: s.LambdaLR(o, [lambda e: 1 / (1 + e), lambda e: e % 3 + 1]),
    "MultiplicativeLR": lambda o: s.MultiplicativeLR(o, lambda e: 0.9 if e % 2 else 1.05),
    "StepLR": lambda o: s.StepLR(o, 7),
    "StepLR gamma": lambda o: s.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda o: s.MultiStepLR(o, [20, 5, 11, 11], 0.3),
    "ConstantLR": lambda o: s.ConstantLR(o),
    "ConstantLR factor": lambda o: s.ConstantLR(o, 0.25, 9),
    "LinearLR": lambda o: s.LinearLR(o),
    "LinearLR falling": lambda o: s.LinearLR(o, 1.0, 0.1, 12),
    "ExponentialLR": lambda o: s.ExponentialLR(o, 0.93),
    "PolynomialLR": lambda o: s.PolynomialLR(o),
    "PolynomialLR power": lambda o: s.PolynomialLR(o, 30, 1.7),
    "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, 15),
    "CosineAnnealingLR eta": lambda o: s.CosineAnnealingLR(o, 9, 3e-3),
    "CosineAnnealingWarmRestarts": lambda o: s.CosineAnnealingWarmRestarts(o, 7),
    "CosineAnnealingWarmRestarts longer": lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2, 1e-3),
    "SWALR": lambda o: SWALR(o, 0.02),
    "SWALR linear": lambda o: SWALR(o, [0.02, 0.3], 6, "linear"),
    "SWALR at once": lambda o: SWALR(o, 0.02, 0),
    "SequentialLR": sequential,
    "SequentialLR cosine": cosine_in_sequence,
    "SequentialLR restarts": restarts_in_sequence,
    "SequentialLR of a chain": chain_in_sequence,
    "ChainedScheduler": lambda o: s.ChainedScheduler([s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9), s.StepLR(o, 8)]),
    "ReduceLROnPlateau": lambda o: s.ReduceLROnPlateau(o, patience=2),
    "ReduceLROnPlateau all": lambda o: s.ReduceLROnPlateau(
        o, "min", 0.5, 1, threshold=0.05, threshold_mode="abs", cooldown=3, min_lr=[1e-3, 2e-2], eps=1e-4),
    "ReduceLROnPlateau max": lambda o: s.ReduceLROnPlateau(o, "max", 0.3, 3, threshold=0.1),
    "CyclicLR": lambda o: s.CyclicLR(o, 0.01, 0.1, 5),
    "CyclicLR triangular2": lambda o: s.CyclicLR(o, [0.01, 0.02], [0.1, 0.3], 4, 6, "triangular2"),
    "CyclicLR exp_range": lambda o: s.CyclicLR(
        o, 0.01, 0.1, 5, mode="exp_range", gamma=0.95, base_momentum=0.5, max_momentum=0.99),
    "OneCycleLR": lambda o: s.OneCycleLR(o, 0.5, 40),
    "OneCycleLR three": lambda o: s.OneCycleLR(
        o, [0.5, 0.2], epochs=20, steps_per_epoch=2, pct_start=0.25, anneal_strategy="linear",
        base_momentum=0.7, max_momentum=0.9, div_factor=10, final_div_factor=100, three_phase=True),
    "OneCycleLR Adam": lambda o: s.OneCycleLR(o, 0.5, 41, cycle_momentum=True),
}

out = {}
for name, make in CASES.items():
    params = [torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)]
    groups = [{"params": params[:1]}, {"params": params[1:], "lr": 0.04}]
    optimizer = Adam(groups, lr=0.1) if name.endswith("Adam") else SGD(groups, lr=0.1, momentum=0.9)
    schedule = make(optimizer)
    rows = []
    for epoch in range(EPOCHS + 1):
        group = optimizer.param_groups[0]
        row = [g["lr"] for g in optimizer.param_groups]
        if "Cycl" in name:
            row.append(group["betas"][0] if "betas" in group else group["momentum"])
        rows.append(row)
        optimizer.step()
        if epoch < EPOCHS:
            schedule.step(METRICS[epoch]) if "Plateau" in name else schedule.step()
    out[name] = torch.tensor(rows, dtype=torch.float64)
save_file(out, pathlib.Path(__file__).parent / "schedules.safetensors")
