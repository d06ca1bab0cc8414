"""The text vocabulary: special tokens, style tokens, and byte-level BPE whose words are cut the same way everywhere.

A span of a document is tokenized on its own, apart from the text before and after it. So the cut into words must not
depend on what stands around: a run of newlines is one word, one space belongs to the word after it, and every other
white-space character is a word of its own. A text cut before a space or a newline run gives the same tokens as the
whole text cut there.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

PAD, BOS, MASK, IMAGE, ANY_STYLE, FIRST_STYLE = range(6)
SPECIAL = ["[PAD]", "[BOS]", "[MASK]", "<|image|>", "<|style|>"]
#: Ids below this are special or styles; text is made of the ids from here on.
FIRST_TEXT = 128
#: How words are cut. The engine knows this pattern and runs no other: see src/core/text/tokenizer.ts.
WORDS = r"\n+| ?\p{L}+(?:['’]\p{L}+)*| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s"


@dataclass(frozen=True)
class Vocabulary:
    """A trained tokenizer together with the names of the picture styles that have tokens."""

    tokenizer: Tokenizer
    styles: tuple[str, ...]

    @property
    def size(self) -> int:
        return self.tokenizer.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Text to ids; text that spells a special token is ordinary text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def decode(self, ids: Iterable[int]) -> str:
        return self.tokenizer.decode(list(ids), skip_special_tokens=False)

    def style(self, name: str) -> int:
        """Token of a style; the token for any style if the name is not among the styles."""
        return FIRST_STYLE + self.styles.index(name) if name in self.styles else ANY_STYLE


def train(texts: Iterable[str], size: int, styles: Iterable[str]) -> Tokenizer:
    """Trains byte-level BPE with `size` ids in all, the reserved ones included."""
    names = SPECIAL + [f"<|style:{style}|>" for style in styles]
    if len(names) > FIRST_TEXT:
        raise ValueError(f"{len(names)} special tokens do not fit below {FIRST_TEXT}")
    names += [f"<|reserved{i}|>" for i in range(len(names), FIRST_TEXT)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=names,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return without_added_tokens(tokenizer)


def without_added_tokens(tokenizer: Tokenizer) -> Tokenizer:
    """The same vocabulary, but no text is ever read as a special token."""
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = []
    return Tokenizer.from_str(json.dumps(state))


def load(path: Path, styles: Iterable[str]) -> Vocabulary:
    return Vocabulary(Tokenizer.from_file(str(path)), tuple(styles))
