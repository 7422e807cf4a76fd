"""Writes gpt2.safetensors: weights, inputs, outputs, gradients (transformers 5.18.0, torch 2.13.0)."""

import pathlib

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

here = pathlib.Path(__file__).parent
torch.manual_seed(1)
model = GPT2LMHeadModel(
    GPT2Config(vocab_size=11, n_positions=7, n_embd=8, n_layer=2, n_head=2)
).eval()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.add_(0.3 * torch.randn_like(parameter))

ids = torch.randint(0, 11, (3, 6))
mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0], [1, 0, 1, 1, 1, 0]])
types = torch.randint(0, 11, (3, 6))
positions = torch.tensor([[1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [6, 5, 4, 3, 2, 1]])
logits = model(ids).logits
loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
loss.backward()
out = {"weights." + k: v for k, v in model.state_dict().items() if k != "lm_head.weight"}
out |= {
    "grads." + k: model.get_parameter(k).grad
    for k in (
        "transformer.wte.weight",
        "transformer.wpe.weight",
        "transformer.h.0.attn.c_attn.weight",
        "transformer.h.1.mlp.c_proj.bias",
        "transformer.h.0.ln_1.weight",
    )
}
out |= {
    "ids": ids,
    "mask": mask,
    "types": types,
    "positions": positions,
    "logits": logits,
    "loss": loss,
    "hidden": model.transformer(ids).last_hidden_state,
    "masked": model(ids, attention_mask=mask).logits,
    "typed": model(ids, token_type_ids=types, position_ids=positions).logits,
    "generated": model.generate(ids[:1, :2], max_new_tokens=5, do_sample=False, pad_token_id=0),
}
save_file({k: v.detach().contiguous().clone() for k, v in out.items()}, here / "gpt2.safetensors")
