"""Training samples: what an author masks, in documents and in captions.

A sample is a stretch of text with some spans corrupted and some pictures noised. Text outside the spans is context:
never corrupted, never counted in the loss.
"""

from dataclasses import dataclass, field

import numpy as np

from .vocabulary import BOS, FIRST_TEXT, IMAGE, MASK, Vocabulary


@dataclass
class Picture:
    """A picture in a sample: place of its `<|image|>` token, its number among the latents, its time (1: clean)."""

    place: int
    number: int
    time: float


@dataclass
class Sample:
    """Visible tokens with their targets; positions count from the BOS."""

    tokens: np.ndarray
    #: 1 where text may be inserted to the right (OneFlow §2.1: the gap that a position owns).
    open: np.ndarray
    #: For each missing token, the position whose gap it is missing from; and the token.
    missing_at: np.ndarray
    missing: np.ndarray
    #: Positions of [MASK] and the tokens under them.
    mask_at: np.ndarray
    masked: np.ndarray
    #: The text's time: the probability that a token of a masked span was kept. No head is told (OneFlow Table 6).
    time: float
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """Probabilities that a token is kept: in each of the spans if it grows by insertion, and in those of [MASK]s."""

    growing: tuple[float, ...]
    masked: float


@dataclass(frozen=True)
class Span:
    """Ids [start, end) of a text are masked: by insertion, or with a [MASK] for each token."""

    start: int
    end: int
    insertion: bool


class TextShape:
    """What the tokens of a vocabulary tell about words and blocks."""

    def __init__(self, vocabulary: Vocabulary):
        strings = [vocabulary.tokenizer.id_to_token(i) for i in range(vocabulary.size)]
        inner = [s[1:] if s.startswith("Ġ") and len(s) > 1 else s for s in strings]
        self.starts_word = np.array([not _letter(s[0]) for s in strings])
        self.ends_word = np.array([not _letter(s[-1]) for s in inner])
        self.line_end = np.array([set(s) == {"Ċ"} for s in strings])
        self.block_end = np.array([len(s) > 1 and set(s) == {"Ċ"} for s in strings])

    def cuts(self, ids: np.ndarray) -> np.ndarray:
        """Places 0…len where a text may be cut so that both sides tokenize as the whole does."""
        inside = self.starts_word[ids[1:]] | self.ends_word[ids[:-1]]
        return np.concatenate([[0], 1 + np.flatnonzero(inside), [len(ids)]])


def _letter(character: str) -> bool:
    """True for what continues a word in byte-level spelling: letters, digits and bytes beyond ASCII."""
    return character.isalnum() or character == "'" or ord(character) > 127 and character not in "ĠĊ"


def corrupt(
    ids: np.ndarray,
    spans: list[Span],
    kept: Kept,
    rng: np.random.Generator,
    gone: np.ndarray | None = None,
) -> Sample:
    """Deletes or masks the tokens of `spans` independently: P(kept) = κ_t (OneFlow eq. 2). `ids` begins with BOS.

    The fate of picture and style tokens is not drawn: those at the places `gone` are deleted, the others stay.
    """
    keep = np.ones(len(ids), bool)
    visible = ids.astype(np.int64)
    is_open = np.zeros(len(ids), np.int64)
    share = np.full(len(ids), kept.masked)
    for span, growing in zip(spans, kept.growing, strict=True):
        if span.insertion:
            share[span.start : span.end] = growing
    hidden = rng.random(len(ids)) >= share
    hidden[ids < FIRST_TEXT] = False
    if gone is not None:
        hidden[gone] = True
    masked = np.zeros(len(ids), bool)
    for span in spans:
        inside = slice(span.start, span.end)
        if span.insertion:
            keep[inside] = ~hidden[inside]
            is_open[span.start - 1 : span.end] = 1
        else:
            masked[inside] = hidden[inside]
    visible[masked] = MASK
    place = np.cumsum(keep) - 1
    return Sample(
        tokens=visible[keep],
        open=is_open[keep],
        missing_at=place[~keep],
        missing=ids[~keep].astype(np.int64),
        mask_at=place[masked],
        masked=ids[masked].astype(np.int64),
        time=kept.masked,
    )


def place_pictures(sample: Sample, numbers: list[int], times: list[float]) -> Sample:
    """Ties the sample's `<|image|>` tokens, in order, to latents and times."""
    places = np.flatnonzero(sample.tokens == IMAGE)
    sample.pictures = [Picture(int(p), n, t) for p, n, t in zip(places, numbers, times, strict=True)]
    return sample


def interleaved_schedule(pictures: int, rng: np.random.Generator) -> tuple[float, list[float | None]]:
    """The extended clock of a document that inserts its own pictures: the text's time, and each picture's.

    τ ~ U[0,2]; a picture is inserted at κ⁻¹(u) = u and its own clock starts then (OneFlow eq. 27–29). None: not yet.
    """
    clock = 2 * rng.random()
    own = clock - rng.random(pictures)
    return min(1.0, clock), [None if t < 0 else float(min(1.0, t)) for t in own]


def picture_time(rng: np.random.Generator) -> float:
    """Logit-normal on the noisy side, with a tenth uniform so that both ends are seen.

    Neighbouring latents say much the same, so colour and layout show through the noise from t ≈ 0.15 on: it is before
    that a caption must decide them.
    """
    if rng.random() < 0.1:
        return float(rng.random())
    return float(1 / (1 + np.exp(1.8 - 1.4 * rng.normal())))


def inline_span(ids: np.ndarray, shape: TextShape, rng: np.random.Generator) -> tuple[int, int] | None:
    """Some words of one line: [start, end) of `ids`, or None if the chosen place has none."""
    cuts = shape.cuts(ids)
    first = int(rng.integers(0, len(cuts) - 1))
    words = 1 + int(rng.geometric(1 / 8))
    start, end = int(cuts[first]), int(cuts[min(first + words, len(cuts) - 1)])
    stops = np.flatnonzero(shape.line_end[ids[start:end]] | (ids[start:end] <= IMAGE))
    if len(stops):
        end = start + int(stops[0])
    return (start, end) if end > start else None


def block_span(ids: np.ndarray, shape: TextShape, rng: np.random.Generator, most: int) -> tuple[int, int] | None:
    """One to three whole blocks without pictures, at most `most` tokens: [start, end) of `ids`."""
    ends = np.flatnonzero(shape.block_end[ids])
    starts = np.concatenate([[0], ends + 1])
    ends = np.concatenate([ends, [len(ids)]])
    first = int(rng.integers(0, len(starts)))
    last = min(first + int(rng.geometric(0.6)) - 1, len(starts) - 1)
    start, end = int(starts[first]), int(ends[last])
    if end <= start or end - start > most or (ids[start:end] == IMAGE).any():
        return None
    return start, end


def few_spans(ids: np.ndarray, shape: TextShape, rng: np.random.Generator, most: int) -> list[tuple[int, int]]:
    """Up to `most` inline and block spans, at least one token of context between them."""
    spans: list[tuple[int, int]] = []
    for _ in range(2 * most):
        found = inline_span(ids, shape, rng) if rng.random() < 0.5 else block_span(ids, shape, rng, 128)
        if found is not None and all(found[1] < start or end < found[0] for start, end in spans):
            spans.append(found)
        if len(spans) == most:
            break
    return spans


def most_blocks(ids: np.ndarray, shape: TextShape, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Runs of one or more blocks without pictures, three quarters of them masked: nearly a whole document."""
    ends = np.flatnonzero(shape.block_end[ids])
    spans: list[tuple[int, int]] = []
    open_run = False
    for start, end in zip([0, *(ends + 1)], [*ends, len(ids)], strict=True):
        if end <= start or (ids[start:end] == IMAGE).any() or rng.random() < 0.25:
            open_run = False
        elif open_run and rng.random() < 0.6:
            spans[-1] = (spans[-1][0], int(end))
        else:
            spans.append((int(start), int(end)))
            open_run = True
    return spans


def choose_spans(
    ids: np.ndarray, shape: TextShape, rng: np.random.Generator, insertion_share: float
) -> list[Span]:
    """What is masked in `ids`, which begins with BOS: a few spans, many, or most of the document."""
    text = ids[1:]
    chance = rng.random()
    if chance < 0.35:
        chosen = few_spans(text, shape, rng, 1 + int(rng.geometric(0.5)))
    elif chance < 0.65:
        chosen = few_spans(text, shape, rng, 12)
    else:
        chosen = most_blocks(text, shape, rng)
    return [Span(start + 1, end + 1, bool(rng.random() < insertion_share)) for start, end in chosen]


def with_bos(ids: np.ndarray | list[int]) -> np.ndarray:
    return np.concatenate([[BOS], np.asarray(ids, np.int64)])
