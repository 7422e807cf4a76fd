"""Writes ft-transformer.safetensors: weights, inputs, outputs and gradients (torch 2.13.0)."""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
torch.manual_seed(1)
d, heads, hidden, cardinalities = 8, 2, 10, [3, 5]
weights = {
    "cont_embeddings.weight": (4, d),
    "cont_embeddings.bias": (4, d),
    "cat_embeddings.bias": (2, d),
    "cat_embeddings.embeddings.weight": (sum(cardinalities), d),
    "backbone.cls_embedding.weight": (d,),
}
for i in range(2):
    block = f"backbone.blocks.{i}."
    for name in ("W_q", "W_k", "W_v", "W_out"):
        weights |= {f"{block}attention.{name}.weight": (d, d), f"{block}attention.{name}.bias": (d,)}
    weights |= {block + "ffn_normalization.weight": (d,), block + "ffn_normalization.bias": (d,)}
    weights |= {block + "ffn.linear1.weight": (2 * hidden, d), block + "ffn.linear1.bias": (2 * hidden,)}
    weights |= {block + "ffn.linear2.weight": (d, hidden), block + "ffn.linear2.bias": (d,)}
    if i > 0:
        name = block + "attention_normalization."
        weights |= {name + "weight": (d,), name + "bias": (d,)}
weights |= {"backbone.output.normalization.weight": (d,), "backbone.output.normalization.bias": (d,)}
weights |= {"backbone.output.linear.weight": (3, d), "backbone.output.linear.bias": (3,)}
w = {k: (0.5 * torch.randn(shape)).requires_grad_() for k, shape in weights.items()}


def linear(name, x):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def norm(name, x):
    return F.layer_norm(x, (d,), w[name + ".weight"], w[name + ".bias"])


def attention(name, x):
    q, k, v = (
        linear(f"{name}.W_{part}", x).unflatten(2, (heads, d // heads)).transpose(1, 2)
        for part in "qkv"
    )
    y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    return linear(name + ".W_out", y)


def model(continuous, categories):
    first = torch.tensor([0, cardinalities[0]])
    x = continuous[..., None] * w["cont_embeddings.weight"] + w["cont_embeddings.bias"]
    rows = w["cat_embeddings.embeddings.weight"][categories + first] + w["cat_embeddings.bias"]
    cls = w["backbone.cls_embedding.weight"].expand(len(x), 1, d)
    x = torch.cat([cls, x, rows], 1)
    for i in range(2):
        block = f"backbone.blocks.{i}."
        y = norm(block + "attention_normalization", x) if i > 0 else x
        x = x + attention(block + "attention", y)
        a, b = linear(block + "ffn.linear1", norm(block + "ffn_normalization", x)).chunk(2, -1)
        x = x + linear(block + "ffn.linear2", a * b.relu())
    x = norm("backbone.output.normalization", x[:, 0]).relu()
    return linear("backbone.output.linear", x)


continuous = torch.randn(6, 4)
categories = torch.stack([torch.randint(0, c, (6,)) for c in cardinalities], 1)
output = model(continuous, categories)
loss = (output**2).mean()
loss.backward()
out = {"weights." + k: v for k, v in w.items()} | {"grads." + k: v.grad for k, v in w.items()}
out |= {"continuous": continuous, "categories": categories, "output": output, "loss": loss}
save_file(
    {k: v.detach().contiguous().clone() for k, v in out.items()},
    here / "ft-transformer.safetensors",
)
