"""Writes printed.json: tensors, options and what torch 2.13.0 prints of them.

Words differ on purpose: types are named as in Bellows, truth is true or false, sizes have brackets.
Data are the bytes of the elements, little endian, in base64.
"""

import base64
import json
import pathlib
import random

import torch
from torch import _tensor_str

NAMES = {
    torch.float32: "FLOAT32",
    torch.float64: "FLOAT64",
    torch.float16: "FLOAT16",
    torch.bfloat16: "BFLOAT16",
    torch.int64: "INT64",
    torch.int32: "INT32",
    torch.int16: "INT16",
    torch.int8: "INT8",
    torch.uint8: "UINT8",
    torch.bool: "BOOL",
}
FLOATS = [t for t in NAMES if t.is_floating_point]
WHOLES = [t for t in NAMES if not t.is_floating_point]
INF, NAN = float("inf"), float("nan")
BORDERS = [
    [0.03125], [0.09375], [0.15625, 0.28125], [0.00005], [2.5, 3.5, 0.5], [1e-8, 1.0],
    [0.0], [-0.0], [-0.0, 0.5], [INF], [-INF], [NAN], [INF, 1.0], [NAN, 0.5], [-INF, -2.0],
    [0.0] * 60, [INF] * 60, [NAN] * 60, [-INF] * 60, [0.0, INF, NAN] * 20, [1.0] * 60,
    [1e8], [1e8 + 8], [1.0, 1000.0], [1.0, 1001.0], [1e-4], [9.9e-5], [0.99999], [0.99995],
    [9.9999e4, 99.9999e0], [123456.0, 0.5], [1e30], [1e-30], [65504.0], [1.0, -1e-8], [99999.5],
    [0.5, -0.00001], [1e-45], [3.4e38, -3.4e38], [0.1, 0.2, 0.3], [1 / 3, 2 / 3], [1e4, 2e4, 1e7],
]
SHAPES = [[], [1], [7], [30], [2, 3], [3, 1], [2, 2, 3], [1, 25], [2, 0], [0], [4, 9], [2, 1, 2, 3]]
OPTIONS = [
    {},
    {"precision": 2},
    {"precision": 0},
    {"precision": 7},
    {"sci_mode": True},
    {"sci_mode": False},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"linewidth": 30},
    {"linewidth": 10},
    {"precision": 1, "sci_mode": True, "threshold": 10, "linewidth": 60},
]
DEFAULT = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}


def text(tensor):
    contents = _tensor_str._tensor_str(tensor, len("tensor("))
    contents = contents.replace("True", "true").replace("False", "false")
    suffixes = []
    if tensor.numel() == 0 and tensor.dim() != 1:
        suffixes.append("size=" + str(list(tensor.shape)))
    plain = [torch.float32] if tensor.numel() == 0 else [torch.float32, torch.int64, torch.bool]
    if tensor.dtype not in plain:
        suffixes.append("dtype=" + NAMES[tensor.dtype])
    return _tensor_str._add_suffixes("tensor(" + contents, suffixes, len("tensor("), False)


def case(tensor, options):
    merged = {**DEFAULT, **options}
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**merged)
    if merged["sci_mode"] is None:
        _tensor_str.PRINT_OPTS.sci_mode = None
    data = tensor.contiguous().reshape(-1)
    raw = bytes(data.view(torch.uint8).tolist()) if data.numel() else b""
    return {
        "type": NAMES[tensor.dtype],
        "shape": list(tensor.shape),
        "data": base64.b64encode(raw).decode(),
        "options": options,
        "text": text(tensor),
    }


def numbers(rng, count, dtype):
    if dtype == torch.bool:
        return [rng.random() < 0.5 for _ in range(count)]
    if not dtype.is_floating_point:
        low, high = torch.iinfo(dtype).min, torch.iinfo(dtype).max
        low, high = rng.choice([(low, high), (0, 9), (max(low, -99), min(high, 999))])
        return [rng.randint(low, high) for _ in range(count)]
    kind = rng.randrange(6)
    if kind == 0:
        return [rng.gauss(0, 1) for _ in range(count)]
    if kind == 1:
        return [float(rng.randint(-50, 50)) for _ in range(count)]
    if kind == 2:
        return [rng.randint(-64, 64) / 32 for _ in range(count)]
    if kind == 3:
        return [rng.gauss(0, 1) * 10.0 ** rng.randint(-6, 6) for _ in range(count)]
    if kind == 4:
        return [rng.choice([0.0, -0.0, INF, -INF, NAN, rng.gauss(0, 9)]) for _ in range(count)]
    return [(2 * rng.randint(-99, 99) + 1) / 2 ** rng.randint(1, 12) for _ in range(count)]


def main():
    rng = random.Random(14)
    cases = []
    for values in BORDERS:
        for dtype in FLOATS:
            for options in OPTIONS[:6:1] if dtype == torch.float32 else [{}]:
                cases.append(case(torch.tensor(values, dtype=torch.float64).to(dtype), options))
    for dtype in WHOLES:
        cases.append(case(torch.zeros(60, dtype=dtype), {}))
    for number in range(400):
        dtype = rng.choice(FLOATS + FLOATS + WHOLES)
        shape = rng.choice(SHAPES)
        count = torch.Size(shape).numel()
        source = torch.float64 if dtype.is_floating_point else dtype
        tensor = torch.tensor(numbers(rng, count, dtype), dtype=source).to(dtype).reshape(shape)
        cases.append(case(tensor, OPTIONS[number % len(OPTIONS)]))
    here = pathlib.Path(__file__).parent
    lines = ",\n".join(json.dumps(each) for each in cases)
    (here / "printed.json").write_text("[\n" + lines + "\n]\n")


main()
