"""Writes lstm.safetensors: weights, inputs, outputs and gradients (torch 2.13.0)."""

import pathlib

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
torch.manual_seed(1)


class LanguageModel(torch.nn.Module):
    def __init__(self, tokens, embedding, hidden, layers):
        super().__init__()
        self.encoder = torch.nn.Embedding(tokens, embedding)
        self.rnn = torch.nn.LSTM(embedding, hidden, layers)
        self.decoder = torch.nn.Linear(hidden, tokens)

    def forward(self, ids, state=None):
        output, state = self.rnn(self.encoder(ids), state)
        return self.decoder(output), state


model = LanguageModel(11, 6, 5, 2)
ids = torch.randint(0, 11, (7, 3))
h0 = torch.randn(2, 3, 5)
c0 = torch.randn(2, 3, 5)
logits, _ = model(ids)
loss = torch.nn.functional.cross_entropy(logits[:-1].flatten(0, 1), ids[1:].flatten())
loss.backward()
stated, (h, c) = model(ids, (h0, c0))
out = {"weights." + k: v for k, v in model.state_dict().items()}
out |= {"grads." + k: p.grad for k, p in model.named_parameters()}
out |= {"ids": ids, "h0": h0, "c0": c0, "logits": logits, "loss": loss}
out |= {"stated": stated, "h": h, "c": c}
save_file({k: v.detach().contiguous().clone() for k, v in out.items()}, here / "lstm.safetensors")
