"""Writes vocab.json and merges.txt of a small GPT-2 tokenizer, and what it makes of texts in bpe.json
(transformers 5.18.0, tokenizers 0.23.2)."""

import json
import pathlib
import random
import shutil
import tempfile

from tokenizers import ByteLevelBPETokenizer
from transformers import GPT2Tokenizer

here = pathlib.Path(__file__).parent
corpus = """The quick brown fox jumps over the lazy dog. The dog doesn't mind; they're friends, I'll say.
We've seen 1984 and 2001, and it's 3.14159 that you'd want. Grüße aus München, naïve café, 日本語の文字, привет мир.
def main(args):
    return [x for x in range(100) if x % 2 == 0]
"""
trainer = ByteLevelBPETokenizer()
trainer.train_from_iterator(
    [corpus] * 3, vocab_size=360, min_frequency=2, special_tokens=["<|endoftext|>"], show_progress=False
)
trainer.save_model(str(here))
with tempfile.TemporaryDirectory() as directory:
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(here / name, directory)
    tokenizer = GPT2Tokenizer.from_pretrained(directory)

texts = [
    "",
    " ",
    "   ",
    "hello world",
    "The quick brown fox",
    " The  quick   brown\tfox \n\n jumps\r\n",
    "I'll they're it's you'd we've I'm don't 'tis 'S'LL",
    "naïve café Grüße ÄÖÜ e\u0301",
    "日本語の文字 привет мир ٣٤٥ ½ Ⅷ x²",
    "😀👩\u200d👩\u200d👧 \U0001f1e9\U0001f1ea",
    "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u200bg\ufeffh\u1680i\x1cj\x0bk",
    "<|endoftext|>",
    "one<|endoftext|>two <|endoftext|> three",
    "<|endoftext <|endoftext|>|>",
    "1234567890 3.14159 1,000,000",
    "x=1;y==2;!!! ?? -- __ $%& (a)[b]{c}",
    "trailing spaces   ",
    "\n\n\n",
    "a" * 100,
    "the" * 50,
    "\x00\x01\x7f\u0080\u00ad\ud7ff\ufffd\U0010ffff",
    corpus,
]
random.seed(1)
letters = "abcdefgh THE the ing 'sé日😀\n\t0123.,!"
texts += ["".join(random.choices(letters, k=40)) for _ in range(20)]
ids = [tokenizer.encode(text) for text in texts]
broken = [[random.randrange(len(tokenizer)) for _ in range(12)] for _ in range(30)]
single = [i for i in range(1, 257)]
broken += [random.choices(single, k=8) for _ in range(60)]
json.dump(
    {
        "texts": texts,
        "ids": ids,
        "broken": broken,
        "decoded": [tokenizer.decode(b, clean_up_tokenization_spaces=False) for b in broken],
        "skipped": [
            tokenizer.decode(b, skip_special_tokens=True, clean_up_tokenization_spaces=False)
            for b in ids
        ],
    },
    open(here / "bpe.json", "w"),
)
for text, row in zip(texts, ids):
    assert tokenizer.decode(row, clean_up_tokenization_spaces=False) == text, text
