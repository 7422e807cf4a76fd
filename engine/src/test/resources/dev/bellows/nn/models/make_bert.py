"""Writes bert.safetensors: weights, inputs, outputs, gradients (transformers 5.18.0, torch 2.13.0)."""

import pathlib

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification, BertModel

here = pathlib.Path(__file__).parent
torch.manual_seed(1)
config = BertConfig(
    vocab_size=13,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    max_position_embeddings=9,
    num_labels=3,
)
classifier = BertForSequenceClassification(config).eval()
masked = BertForMaskedLM(config).eval()
with torch.no_grad():
    for parameter in [*classifier.parameters(), *masked.parameters()]:
        parameter.add_(0.3 * torch.randn_like(parameter))
    masked.bert.load_state_dict(classifier.bert.state_dict(), strict=False)

ids = torch.randint(1, 13, (3, 6))
ids[1, 4:] = 0
mask = (ids != 0).long()
types = torch.randint(0, 2, (3, 6))
positions = torch.tensor([[1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [8, 5, 4, 3, 2, 1]])
labels = torch.tensor([2, 0, 1])
logits = classifier(ids, attention_mask=mask, token_type_ids=types).logits
loss = torch.nn.functional.cross_entropy(logits, labels)
loss.backward()
plain = classifier.bert(ids)
out = {"weights." + k: v for k, v in classifier.state_dict().items()}
tied = ("cls.predictions.decoder.weight", "cls.predictions.decoder.bias")
out |= {
    "weights." + k: v
    for k, v in masked.state_dict().items()
    if k.startswith("cls.") and k not in tied
}
out |= {
    "grads." + k: classifier.get_parameter(k).grad
    for k in (
        "bert.embeddings.word_embeddings.weight",
        "bert.embeddings.LayerNorm.weight",
        "bert.encoder.layer.0.attention.self.query.weight",
        "bert.encoder.layer.1.output.dense.bias",
        "bert.pooler.dense.weight",
        "classifier.bias",
    )
}
out |= {
    "ids": ids,
    "mask": mask,
    "types": types,
    "positions": positions,
    "labels": labels,
    "logits": logits,
    "loss": loss,
    "hidden": plain.last_hidden_state,
    "pooled": plain.pooler_output,
    "placed": classifier(ids, position_ids=positions).logits,
    "masked": masked(ids, attention_mask=mask, token_type_ids=types).logits,
}
save_file({k: v.detach().contiguous().clone() for k, v in out.items()}, here / "bert.safetensors")
