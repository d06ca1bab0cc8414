"""Text that the product writes into masked val documents: its words, its length, its Markdown, how a 5-gram reads it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data import captions, read_lines
from ..vocabulary import Vocabulary
from .markdown import is_balanced
from .product import Product, Span
from .text import Baselines

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
OWN_LINE = "<!--mask-->\n{}\n<!--/mask-->"


@dataclass(frozen=True)
class Truth:
    """What the author wrote where a mask stands now, and the text before it; `given` if the mask holds it to start from."""

    form: str
    text: str
    before: str
    given: bool


@dataclass(frozen=True)
class MaskedDocument:
    """A document with marks, and the truths of its masks in document order."""

    markdown: str
    truths: list[Truth]


def masked_documents(texts: Iterable[str], count: int, seed: int) -> list[MaskedDocument]:
    """Short documents in which two blocks of text and the end of a sentence are to be written anew.

    One block is empty, the other holds the author's text, of which the product keeps a part.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for text in texts:
        blocks = text.split("\n\n")[:7]
        long = [i for i, block in enumerate(blocks) if i > 0 and 80 < len(block) < 500 and "<" not in block]
        if len(long) >= 3 and sum(map(len, blocks)) < 1400:
            chosen.append(mask(blocks, *rng.choice(long, 3, replace=False)))
    return [chosen[i] for i in rng.choice(len(chosen), min(count, len(chosen)), replace=False)]


def mask(blocks: list[str], empty: int, given: int, cut: int) -> MaskedDocument:
    """Masks two blocks and the second half of a third."""
    words = blocks[cut].split(" ")
    half = len(words) // 2
    start, rest = " ".join(words[:half]), " " + " ".join(words[half:])
    masks = {
        empty: (OWN_LINE.format(""), Truth("block", blocks[empty], "", False)),
        given: (OWN_LINE.format(blocks[given]), Truth("block", blocks[given], "", True)),
        cut: (f"{start} <!--mask--><!--/mask-->", Truth("inline", rest, start, False)),
    }
    marked = [masks[i][0] if i in masks else block for i, block in enumerate(blocks)]
    truths = []
    for index in sorted(masks):
        truth = masks[index][1]
        before = "".join(block + "\n\n" for block in blocks[:index]) + truth.before
        truths.append(Truth(truth.form, truth.text, before, truth.given))
    return MaskedDocument("\n\n".join(marked) + "\n", truths)


class SpanJudge:
    """What generated spans are held against: the words, the lengths and the 5-gram of the training texts."""

    def __init__(self, data: Path, share_alike: bool, words: Vocabulary, baselines: Baselines, seed: int):
        self.words, self.baselines = words, baselines
        texts = [record["text"] for record in read_lines(data / "train" / "docs.jsonl.gz", share_alike)]
        self.known = {word.lower() for text in texts for word in WORD.findall(text)}
        for record in captions(data / "train", share_alike):
            self.known.update(word.lower() for word in WORD.findall(record["caption"] + " " + record["alt"]))
        self.medians = self.median_lengths(masked_documents(texts, 2000, seed))

    def median_lengths(self, documents: list[MaskedDocument]) -> dict[str, float]:
        """Median tokens of the masked texts of either form."""
        truths = [truth for document in documents for truth in document.truths]
        return {
            form: float(np.median([len(self.words.encode(t.text)) for t in truths if t.form == form]))
            for form in ("block", "inline")
        }

    def write(self, product: Product, documents: list[MaskedDocument], seed: int, steps: int | None = None) -> dict:
        """Lets the product fill the documents; the figures of what it wrote, and of the authors' own texts."""
        refined = [product.refine(d.markdown, seed + i, steps) for i, d in enumerate(documents)]
        spans = [span for result in refined for span in result.spans]
        truths = [truth for document in documents for truth in document.truths]
        own = [Span(truth.text, len(self.words.encode(truth.text))) for truth in truths]
        return {
            "passes": float(np.mean([result.passes for result in refined])),
            "model": self.figures(spans, truths),
            "author": self.figures(own, truths),
            "median": {"lengthError": self.length_error([self.medians[t.form] for t in truths], truths)},
            "texts": [span.text for span in spans],
        }

    def figures(self, spans: list[Span], truths: list[Truth]) -> dict:
        """Of each span's words, tokens and marks; nats per token by the 5-gram, given the author's text before the span."""
        words = [word.lower() for span in spans for word in WORD.findall(span.text)]
        nats = [
            value
            for span, truth in zip(spans, truths, strict=True)
            for value in self.baselines.five_gram_nats(
                self.words.encode(truth.before)[-8:], self.words.encode(span.text)
            )
        ]
        return {
            "spans": len(spans),
            "words": len(words),
            "knownWords": sum(word in self.known for word in words) / max(1, len(words)),
            "nonEmpty": float(np.mean([bool(span.text.strip()) for span in spans])),
            "balanced": float(np.mean([bool(span.text.strip()) and is_balanced(span.text) for span in spans])),
            "lengthError": self.length_error([span.tokens for span in spans], truths),
            "tokens": float(np.mean([span.tokens for span in spans])),
            "fiveGramNats": float(np.mean(nats)) if nats else None,
        }

    def length_error(self, lengths: list[float], truths: list[Truth]) -> float:
        """Mean difference in tokens from the author's text, over the spans that started from nothing; NaN without any."""
        errors = [
            abs(length - len(self.words.encode(truth.text)))
            for length, truth in zip(lengths, truths, strict=True)
            if not truth.given
        ]
        return float(np.mean(errors)) if errors else math.nan
