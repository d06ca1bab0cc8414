"""How well masked tokens of val documents are told: the denoiser beside a unigram and a 5-gram on the same tokens.

The 5-gram reads the author's own words to the left of each token, those of the same span included; the denoiser reads
both sides of the span and what is not masked of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..corpus import SLOT
from ..data import read_lines
from ..samples import TextShape, few_spans, with_bos
from ..vocabulary import BOS, MASK, Vocabulary
from .ngram import KneserNey, unigram
from .packaged import PackagedDenoiser

#: Shares of a span's tokens that are masked.
SHARES = (0.15, 0.5, 1.0)
#: Spans of a passage at most.
SPANS = 4


@dataclass(frozen=True)
class Passage:
    """A stretch of a document from BOS on, and the places of the tokens in its spans."""

    ids: np.ndarray
    hidden: np.ndarray


@dataclass(frozen=True)
class Told:
    """For every judged token: nats, and whether it was the likeliest."""

    nats: np.ndarray
    hit: np.ndarray

    def summary(self) -> dict:
        return {"accuracy": float(self.hit.mean()), "nats": float(self.nats.mean())}


class Baselines:
    """The n-grams over all training text, in the package's tokens; BOS stands between documents."""

    def __init__(self, data: Path, share_alike: bool, words: Vocabulary):
        encoded = [np.array([BOS, *words.encode(text)], np.uint16) for text in training_text(data, share_alike)]
        stream = np.concatenate(encoded)
        self.unigram = unigram(stream, words.size)
        self.five_gram = KneserNey(stream, words.size)

    def five_gram_nats(self, before: list[int], ids: list[int]) -> list[float]:
        """−log p of each of `ids`, which come after `before`."""
        text = np.array([BOS, *before, *ids])
        start = len(text) - len(ids)
        return [-np.log(self.five_gram.distribution(text[max(0, i - 4) : i])[text[i]]) for i in range(start, len(text))]


def training_text(data: Path, share_alike: bool) -> Iterator[str]:
    """Every training document once: those with pictures repeat the texts of the others, apart from the generated pages."""
    for record in read_lines(data / "train" / "docs.jsonl.gz", share_alike):
        yield record["text"]
    for record in read_lines(data / "train" / "interleaved.jsonl.gz", share_alike):
        if not record["src"]:
            yield SLOT.sub(r"\1\3", record["text"])


def passages(
    texts: Iterable[list[int]], shape: TextShape, most: int, count: int, rng: np.random.Generator
) -> list[Passage]:
    """A stretch of at most `most` tokens of each of `count` texts, with what an author might mask in it."""
    found: list[Passage] = []
    for text in texts:
        ids = np.array(text)
        starts = np.concatenate([[0], np.flatnonzero(shape.block_end[ids]) + 1])
        latest = int(np.searchsorted(starts, max(0, len(ids) - most), side="right"))
        start = int(starts[rng.integers(0, max(1, latest))])
        stretch = ids[start : start + most - 1]
        spans = few_spans(stretch, shape, rng, SPANS)
        if spans:
            hidden = np.concatenate([np.arange(first, end) for first, end in sorted(spans)])
            found.append(Passage(with_bos(stretch), hidden + 1))
        if len(found) == count:
            break
    return found


def tell(denoiser: PackagedDenoiser, passage: Passage, masked: np.ndarray) -> Told:
    """What the denoiser says about the tokens at the places `masked`, which are hidden from it."""
    tokens = passage.ids.copy()
    tokens[masked] = MASK
    logs = denoiser.log_probabilities(tokens)
    truth = passage.ids[masked]
    return Told(-logs[np.arange(len(masked)), truth], logs.argmax(-1) == truth)


def tell_by_unigram(passage: Passage, probability: np.ndarray) -> Told:
    truth = passage.ids[passage.hidden]
    return Told(-np.log(probability[truth]), truth == probability.argmax())


def tell_by_five_gram(passage: Passage, model: KneserNey) -> Told:
    told = []
    for place in passage.hidden:
        distribution = model.distribution(passage.ids[max(0, place - 4) : place])
        truth = passage.ids[place]
        told.append((-np.log(distribution[truth]), distribution.argmax() == truth))
    nats, hit = zip(*told, strict=True)
    return Told(np.array(nats), np.array(hit))


def joined(parts: list[Told]) -> Told:
    return Told(np.concatenate([p.nats for p in parts]), np.concatenate([p.hit for p in parts]))


def any_order_bound(denoiser: PackagedDenoiser, passage: Passage, ratios: int, rng: np.random.Generator) -> float:
    """An upper bound on the nats of all hidden tokens, whatever order they are written in.

    With L tokens, L · E_k [mean −log p over k masked ones], k uniform on 1…L (the MDLM bound with weight 1/masking
    ratio, for whole numbers of masks); k is drawn once in each of `ratios` equal parts of its range.
    """
    length = len(passage.hidden)
    shares = (np.arange(ratios) + rng.random(ratios)) / ratios
    means = []
    for count in 1 + np.floor(length * shares).astype(int):
        masked = np.sort(rng.choice(passage.hidden, count, replace=False))
        means.append(tell(denoiser, passage, masked).nats.mean())
    return length * float(np.mean(means))


def bytes_of(words: Vocabulary, ids: np.ndarray) -> int:
    """A byte-level token is spelled with a character for each of its bytes."""
    return sum(len(words.tokenizer.id_to_token(int(token))) for token in ids)


def judge(
    denoiser: PackagedDenoiser, baselines: Baselines, texts: list[str], count: int, ratios: int, seed: int
) -> dict:
    """Accuracy and nats per token at each share of masked tokens, and the likelihood of whole spans."""
    rng = np.random.default_rng(seed)
    encoded = (denoiser.words.encode(texts[i]) for i in rng.permutation(len(texts)))
    chosen = passages(encoded, denoiser.shape, denoiser.context_length, count, rng)
    by_unigram = [tell_by_unigram(p, baselines.unigram) for p in chosen]
    by_five_gram = [tell_by_five_gram(p, baselines.five_gram) for p in chosen]
    shares = {}
    for share in SHARES:
        told: dict[str, list[Told]] = {"model": [], "unigram": [], "fiveGram": []}
        for passage, one, five in zip(chosen, by_unigram, by_five_gram, strict=True):
            length = len(passage.hidden)
            picked = np.sort(rng.choice(length, max(1, round(share * length)), replace=False))
            told["model"].append(tell(denoiser, passage, passage.hidden[picked]))
            told["unigram"].append(Told(one.nats[picked], one.hit[picked]))
            told["fiveGram"].append(Told(five.nats[picked], five.hit[picked]))
        shares[str(share)] = {name: joined(parts).summary() for name, parts in told.items()}
    tokens = sum(len(p.hidden) for p in chosen)
    size = sum(bytes_of(denoiser.words, p.ids[p.hidden]) for p in chosen)
    nats = {
        "model": sum(any_order_bound(denoiser, p, ratios, rng) for p in chosen),
        "unigram": float(joined(by_unigram).nats.sum()),
        "fiveGram": float(joined(by_five_gram).nats.sum()),
    }
    likelihood = {
        name: {"natsPerToken": total / tokens, "bitsPerByte": total / size / np.log(2)} for name, total in nats.items()
    }
    return {
        "passages": len(chosen),
        "tokens": tokens,
        "maskingRatios": ratios,
        "shares": shares,
        "likelihood": likelihood,
    }
