"""The packed corpus: token ids and picture references of all documents and captions, written once, read by mapping.

A picture in a text is the Markdown `![alt](` + style token + `<|image|>` + `)`: the link destination is replaced by
the two tokens. The packed arrays hold the ids of all documents one after the other.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .data import captions, read_lines
from .vocabulary import IMAGE, Vocabulary

SLOT = re.compile(r"(!\[[^\]]*\]\()img:([^)\s]+)(\))")
#: Kinds of picture that are not drawn: logos are trademarks of their owners.
LEFT_OUT = ("logo",)
#: Sources of modern recipes: a few per cent of the texts, read more often.
MODERN = ("based.cooking", "public-domain-recipes", "HowToCook", "drinks")


@dataclass(frozen=True)
class Corpus:
    """`tokens[starts[i]:starts[i+1]]` is document i; `pictures[j]` is the picture of the j-th `<|image|>` of the corpus."""

    tokens: np.ndarray
    starts: np.ndarray
    pictures: np.ndarray
    #: Number of `<|image|>` tokens before each document.
    first_picture: np.ndarray
    #: How often each document is read, relative to the others.
    weights: np.ndarray

    def document(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Ids of a document and the picture of each of its `<|image|>` tokens (−1: not among the trained ones)."""
        start, end = self.starts[index], self.starts[index + 1]
        ids = self.tokens[start:end]
        first = self.first_picture[index]
        return ids, self.pictures[first : first + int((ids == IMAGE).sum())]


def encode_document(text: str, vocabulary: Vocabulary, index: dict[str, int], style_of: dict[str, str]):
    """A document's ids and the picture numbers of its slots."""
    ids: list[int] = []
    pictures: list[int] = []
    at = 0
    for slot in SLOT.finditer(text):
        name = slot[2]
        ids += vocabulary.encode(text[at : slot.start()])
        ids += vocabulary.encode(slot[1])
        ids += [vocabulary.style(style_of.get(name, "")), IMAGE]
        ids += vocabulary.encode(slot[3])
        pictures.append(index.get(name, -1))
        at = slot.end()
    return ids + vocabulary.encode(text[at:]), pictures


def weight(record: dict) -> float:
    """How often a document is read, relative to the others."""
    if any(name in record["source"] for name in MODERN):
        return 6.0
    return {"recipe": 1.0, "howto": 1.5, "story": 1.5}.get(record["kind"], 1.0)


def pack(split: Path, vocabulary: Vocabulary, share_alike: bool, out: Path) -> None:
    """Packs the texts of a split: documents with picture slots, then documents without."""
    records = captions(split, share_alike)
    drawn = {r["id"]: i for i, r in enumerate(records) if r["kind"] not in LEFT_OUT}
    style_of = {r["id"]: r["style"] for r in records}
    tokens: list[np.ndarray] = []
    pictures: list[int] = []
    first_picture: list[int] = []
    weights: list[float] = []
    for name in ("interleaved.jsonl.gz", "docs.jsonl.gz"):
        for record in read_lines(split / name, share_alike):
            ids, used = encode_document(record["text"], vocabulary, drawn, style_of)
            if len(ids) >= 24:
                first_picture.append(len(pictures))
                tokens.append(np.array(ids, np.uint16))
                pictures += used
                weights.append(weight(record))
    np.savez(
        out,
        tokens=np.concatenate(tokens),
        starts=np.cumsum([0] + [len(t) for t in tokens]),
        pictures=np.array(pictures, np.int32),
        first_picture=np.array(first_picture, np.int32),
        weights=np.array(weights, np.float32),
    )


def load_corpus(path: Path) -> Corpus:
    arrays = np.load(path)
    return Corpus(arrays["tokens"], arrays["starts"], arrays["pictures"], arrays["first_picture"], arrays["weights"])
