#!/usr/bin/env python3
"""The peer of GpuBenchmark: the same cases in PyTorch.

Prints one line that says what it is, then reads lines
    seconds rounds kind type tf32 key=value ...
and answers each with
    milliseconds milliseconds_as_a_graph
(nan where there is no graph). Eager mode, with what makes it fast: fused Adam, cuDNN's own search
for the best algorithm, and for convolutions the better of the two memory formats.
"""
import statistics
import sys
import time

import torch
import torch.nn.functional as F

device = torch.device(sys.argv[1] if len(sys.argv) > 1 else "cuda")
cuda = device.type == "cuda"


def sync():
    if cuda:
        torch.cuda.synchronize()


def seconds_of(work, runs):
    sync()
    start = time.perf_counter()
    for _ in range(runs):
        work()
    sync()
    return time.perf_counter() - start


def measure(work, seconds, rounds):
    """As GpuBenchmark does."""
    runs, elapsed, spent = 1, 0.0, 0.0
    while elapsed < seconds / rounds / 2 or spent < seconds:
        elapsed = seconds_of(work, runs)
        spent += elapsed
        if elapsed < seconds / rounds / 2:
            runs *= 2
    return statistics.median(seconds_of(work, runs) / runs * 1000 for _ in range(rounds))


def randn(*shape, dtype=torch.float32):
    return torch.randn(*shape, device=device, dtype=torch.float32).to(dtype)


class Mlp(torch.nn.Module):
    def __init__(self, s):
        super().__init__()
        self.fc1 = torch.nn.Linear(s["side"] ** 2, s["h1"])
        self.fc2 = torch.nn.Linear(s["h1"], s["h2"])
        self.fc3 = torch.nn.Linear(s["h2"], 10)

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


class LeNet(torch.nn.Module):
    def __init__(self, s):
        super().__init__()
        c, pooled = s["channels"], (s["side"] - 4) // 2
        self.conv1 = torch.nn.Conv2d(1, c, 3)
        self.conv2 = torch.nn.Conv2d(c, 2 * c, 3)
        self.fc1 = torch.nn.Linear(2 * c * pooled * pooled, 128)
        self.fc2 = torch.nn.Linear(128, 10)

    def forward(self, x):
        h = F.relu(self.conv2(F.relu(self.conv1(x))))
        h = F.dropout(F.max_pool2d(h, 2), 0.25).flatten(1)
        return self.fc2(F.dropout(F.relu(self.fc1(h)), 0.5))


def train(kind, s, layout, seconds, rounds):
    """(eager, graph) of a whole step whose loss is read."""
    torch.manual_seed(1)
    model = (Mlp if kind == "mlp" else LeNet)(s).to(device)
    x = torch.rand(s["batch"], 1, s["side"], s["side"], device=device)
    if kind == "lenet":
        model, x = model.to(memory_format=layout), x.to(memory_format=layout)
    y = torch.arange(s["batch"], device=device) % 10
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True, capturable=cuda)
    first, last = [], []

    def body():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def step():
        last[:] = [body().item()]
        first or first.append(last[0])

    eager = measure(step, seconds, rounds)
    for _ in range(500):
        if last[0] < first[0]:
            break
        step()
    graph_ms = float("nan")
    if cuda:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                body()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            captured = body()

        def replay():
            graph.replay()
            last[:] = [captured.item()]

        graph_ms = measure(replay, seconds, rounds)
    if not last[0] < first[0]:
        raise SystemExit(f"gpu_peer: {kind}: loss must fall; got {first[0]} to {last[0]}")
    return eager, graph_ms


def convolution(kind, s, layout):
    x = randn(s["n"], s["c"], s["side"], s["side"]).to(memory_format=layout)
    w = randn(s["out"], s["c"], 3, 3).to(memory_format=layout)
    if kind == "conv":
        return lambda: F.conv2d(x, w, padding=1)
    grad = randn(s["n"], s["out"], s["side"], s["side"]).to(memory_format=layout)
    x.requires_grad_()
    w.requires_grad_()

    def both():
        x.grad = w.grad = None
        F.conv2d(x, w, padding=1).backward(grad)

    return both


def embedding(s):
    at = torch.arange(s["rows"], device=device)
    index, grad = at * at % s["rows"], randn(s["rows"], s["width"])
    table = torch.zeros(s["rows"], s["width"], device=device)
    return lambda: table.zero_().index_add_(0, index, grad)


def adam(s):
    parameter = torch.nn.Parameter(randn(s["n"]))
    parameter.grad = randn(s["n"])
    return torch.optim.Adam([parameter], lr=1e-6, fused=True).step


def launches(s):
    out = randn(s["n"])

    def work():
        for _ in range(s["times"]):
            out.add_(1)

    return work


def operation(kind, s, dtype):
    if kind == "matmul":
        a, b = randn(s["n"], s["n"], dtype=dtype), randn(s["n"], s["n"], dtype=dtype)
        return lambda: a @ b
    if kind in ("copy", "add", "relu", "sort"):
        a, b = randn(s["n"]), randn(s["n"])
        return {
            "copy": lambda: b.copy_(a),
            "add": lambda: a + b,
            "relu": lambda: F.relu(a),
            "sort": lambda: a.sort(),
        }[kind]
    if kind in ("softmax", "sum", "sumrows", "sumcolumns"):
        a = randn(s["m"], s["n"])
        return {
            "softmax": lambda: a.softmax(1),
            "sum": lambda: a.sum(),
            "sumrows": lambda: a.sum(1),
            "sumcolumns": lambda: a.sum(0),
        }[kind]
    return {"embedding": embedding, "adam": adam, "launch": launches}[kind](s)


def answer(line):
    seconds, rounds, kind, type_name, tf32, *rest = line.split()
    seconds, rounds = float(seconds), int(rounds)
    s = {key: int(value) for key, value in (pair.split("=") for pair in rest)}
    torch.backends.cuda.matmul.allow_tf32 = tf32 == "true"
    torch.backends.cudnn.allow_tf32 = tf32 == "true"
    torch.backends.cudnn.benchmark = True
    layouts = [torch.contiguous_format, torch.channels_last]
    if kind in ("mlp", "lenet"):
        both = [train(kind, s, each, seconds, rounds) for each in layouts[: 1 + (kind == "lenet")]]
        return tuple(min(column) for column in zip(*both))
    if kind in ("conv", "convboth"):
        with torch.set_grad_enabled(kind == "convboth"):
            times = [measure(convolution(kind, s, each), seconds, rounds) for each in layouts]
        return min(times), float("nan")
    with torch.no_grad():
        work = operation(kind, s, getattr(torch, type_name))
        return measure(work, seconds, rounds), float("nan")


def main():
    where = torch.cuda.get_device_name() if cuda else "cpu"
    print(f"torch {torch.__version__} on {where}", flush=True)
    for line in sys.stdin:
        # Java reads NaN, not nan.
        print(*(str(ms).replace("nan", "NaN") for ms in answer(line)), flush=True)
        if cuda:
            torch.cuda.empty_cache()


main()
