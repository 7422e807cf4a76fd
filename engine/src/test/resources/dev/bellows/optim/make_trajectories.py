"""Writes trajectories.safetensors: what optimizers make of given gradients (torch 2.13.0).

Gradients are noise[step] + 0.1 * parameter. For each case, the parameters after steps 1, 2, 5 and 20, and the
state after step 20. LAMB, LARS and Lion are not in torch; they are written here from their papers.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch.optim import (
    ASGD, LBFGS, SGD, Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, Muon, NAdam, RAdam, RMSprop, Rprop,
)

STEPS = 20
KEPT = (1, 2, 5, 20)
SHAPES = ((4, 3), (5,), (2, 3, 2), ())
MATRICES = ((4, 3), (3, 5))


class Lamb(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                s["step"] = s.get("step", 0) + 1
                s["exp_avg"] = s.get("exp_avg", torch.zeros_like(p)) * b1 + (1 - b1) * p.grad
                s["exp_avg_sq"] = s.get("exp_avg_sq", torch.zeros_like(p)) * b2 + (1 - b2) * p.grad**2
                m, v = s["exp_avg"] / (1 - b1 ** s["step"]), s["exp_avg_sq"] / (1 - b2 ** s["step"])
                u = m / (v.sqrt() + group["eps"]) + group["weight_decay"] * p
                ratio = p.norm() / u.norm() if p.norm() > 0 and u.norm() > 0 else 1
                p -= group["lr"] * ratio * u


class Lars(torch.optim.Optimizer):
    def __init__(self, params, lr=1.0, momentum=0.0, weight_decay=0.0, nesterov=False, trust_coefficient=1e-3, eps=1e-8):
        super().__init__(params, dict(lr=lr, m=momentum, wd=weight_decay, n=nesterov, c=trust_coefficient, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                norm, grad = p.norm(), p.grad.norm()
                ratio = 1
                if norm > 0 and grad > 0:
                    ratio = group["c"] * norm / (grad + group["wd"] * norm + group["eps"])
                g = ratio * (p.grad + group["wd"] * p)
                if group["m"] > 0:
                    s = self.state[p]
                    b = s["momentum_buffer"] = group["m"] * s["momentum_buffer"] + g if s else g.clone()
                    g = g + group["m"] * b if group["n"] else b
                p -= group["lr"] * g


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].get("exp_avg", torch.zeros_like(p))
                p *= 1 - group["lr"] * group["weight_decay"]
                p -= group["lr"] * (b1 * m + (1 - b1) * p.grad).sign()
                self.state[p]["exp_avg"] = b2 * m + (1 - b2) * p.grad


CASES = {
    "SGD maximize": lambda p: SGD(p, 0.1, momentum=0.9, dampening=0.2, weight_decay=0.01, maximize=True),
    "Adam": lambda p: Adam(p, 0.01),
    "Adam amsgrad": lambda p: Adam(p, 0.01, betas=(0.8, 0.9), amsgrad=True, weight_decay=0.1),
    "AdamW amsgrad maximize": lambda p: AdamW(p, 0.01, betas=(0.8, 0.9), amsgrad=True, maximize=True),
    "RMSprop": lambda p: RMSprop(p),
    "RMSprop all": lambda p: RMSprop(
        p, 0.02, alpha=0.9, eps=1e-4, weight_decay=0.1, momentum=0.8, centered=True, maximize=True),
    "Adagrad": lambda p: Adagrad(p),
    "Adagrad all": lambda p: Adagrad(
        p, 0.05, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5, eps=1e-3, maximize=True),
    "Adadelta": lambda p: Adadelta(p),
    "Adadelta all": lambda p: Adadelta(p, 0.5, rho=0.8, eps=1e-3, weight_decay=0.1, maximize=True),
    "Adamax": lambda p: Adamax(p),
    "Adamax all": lambda p: Adamax(p, 0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, maximize=True),
    "NAdam": lambda p: NAdam(p),
    "NAdam all": lambda p: NAdam(
        p, 0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, momentum_decay=0.05, maximize=True),
    "NAdam decoupled": lambda p: NAdam(p, 0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "RAdam": lambda p: RAdam(p),
    "RAdam all": lambda p: RAdam(p, 0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, maximize=True),
    "RAdam decoupled": lambda p: RAdam(p, 0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "ASGD": lambda p: ASGD(p),
    "ASGD all": lambda p: ASGD(p, 0.05, lambd=0.01, alpha=0.6, t0=4, weight_decay=0.1, maximize=True),
    "Rprop": lambda p: Rprop(p),
    "Rprop all": lambda p: Rprop(p, 0.02, etas=(0.4, 1.3), step_sizes=(5e-3, 0.03), maximize=True),
    "Lion": lambda p: Lion(p),
    "Lion all": lambda p: Lion(p, 0.01, betas=(0.8, 0.95), weight_decay=0.1),
    "LAMB": lambda p: Lamb(p),
    "LAMB all": lambda p: Lamb(p, 0.02, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    "LARS": lambda p: Lars(p),
    "LARS all": lambda p: Lars(p, 0.5, momentum=0.9, weight_decay=0.1, nesterov=True, trust_coefficient=0.02),
    "Adafactor": lambda p: Adafactor(p),
    "Adafactor all": lambda p: Adafactor(
        p, 0.05, beta2_decay=-0.6, eps=(1e-4, 1e-2), d=1.5, weight_decay=0.1, maximize=True),
    "Muon": lambda p: Muon(p),
    "Muon all": lambda p: Muon(
        p, 0.02, weight_decay=0.05, momentum=0.9, nesterov=False, ns_steps=3, adjust_lr_fn="match_rms_adamw"),
    "LBFGS": lambda p: LBFGS(p, 0.1, max_iter=3),
    "LBFGS strong Wolfe": lambda p: LBFGS(p, max_iter=4, history_size=3, line_search_fn="strong_wolfe"),
    "LBFGS to the end": lambda p: LBFGS(p, line_search_fn="strong_wolfe"),
}


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def loss(params, targets):
    parts = [((p - t) ** 2).sum() + 0.1 * (p**4).sum() for p, t in zip(params, targets)]
    return sum(parts) + 0.2 * sum(p.sum() for p in params) ** 2


def train(make, shapes, noise, start, dtype):
    torch.set_default_dtype(dtype)
    sizes = [torch.Size(s).numel() for s in shapes]
    split = lambda row: [x.reshape(s).to(dtype) for x, s in zip(row[: sum(sizes)].split(sizes), shapes)]
    params = [x.clone().requires_grad_() for x in split(start)]
    optimizer = make(params)
    kept = []
    for step in range(1, STEPS + 1):
        if isinstance(optimizer, LBFGS):
            def closure():
                optimizer.zero_grad()
                value = loss(params, split(noise[0]))
                value.backward()
                return value

            optimizer.step(closure)
        else:
            for p, g in zip(params, split(noise[step - 1])):
                p.grad = g + 0.1 * p.detach()
            optimizer.step()
        if step in KEPT:
            kept.append(flat(params))
    return torch.stack(kept), optimizer


torch.manual_seed(0)
elements = sum(torch.Size(s).numel() for s in SHAPES)
noise = torch.randn(STEPS, elements, dtype=torch.float64).float().double()
start = torch.randn(elements, dtype=torch.float64).float().double()
out = {"noise": noise, "start": start}
for name, make in CASES.items():
    shapes = MATRICES if name.startswith("Muon") else SHAPES
    out[name + "/FLOAT32"], _ = train(make, shapes, noise, start, torch.float32)
    out[name + "/FLOAT64"], optimizer = train(make, shapes, noise, start, torch.float64)
    for index, state in optimizer.state_dict()["state"].items():
        for key, value in state.items():
            if isinstance(value, list):
                continue
            value = torch.as_tensor(value).detach().double()
            out[f"{name}/state.{index}.{key}"] = value.contiguous()
save_file(out, pathlib.Path(__file__).parent / "trajectories.safetensors")
