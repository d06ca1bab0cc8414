"""The mixture of training samples: documents as authors mask them, and captioned pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .corpus import LEFT_OUT, Corpus
from .data import captions
from .samples import (
    Kept,
    Sample,
    Span,
    TextShape,
    choose_spans,
    corrupt,
    interleaved_schedule,
    picture_time,
    place_pictures,
    with_bos,
)
from .vocabulary import ANY_STYLE, BOS, FIRST_TEXT, IMAGE, Vocabulary

#: Share of samples whose context, caption or style is dropped, so that guidance has an unconditional branch.
DROP = 0.1
#: Share of spans that are grown by insertion; the others have a [MASK] for each token.
INSERTION = 0.75
#: Share of illustrated documents that grow as a whole, pictures inserted by the text.
INTERLEAVED = 0.15
#: Share of documents without pictures that get captioned ones, and the tokens that one of these may take.
CAPTIONED = 0.6
CAPTION_ROOM = 24
#: Colour emoji are what authors ask for first: read more often than line icons and silhouettes.
KIND_WEIGHT = {"emoji": 3.0, "clipart": 0.7, "icon": 0.6, "storybook": 0.3, "silhouette": 0.3}


@dataclass(frozen=True)
class Caption:
    """The texts of one picture as token ids."""

    alt: list[int]
    long: list[int]
    title: list[int]
    style: int
    number: int


def prepare_captions(split: Path, vocabulary: Vocabulary, share_alike: bool) -> tuple[list[Caption], np.ndarray]:
    """The captions of the drawn pictures of a split, and how often each is read (sums to 1)."""
    chosen: list[Caption] = []
    weights: list[float] = []
    for number, record in enumerate(captions(split, share_alike)):
        if record["kind"] in LEFT_OUT:
            continue
        concept = record["concept"]
        chosen.append(
            Caption(
                alt=vocabulary.encode(record["alt"])[:48],
                long=vocabulary.encode(record["caption"])[:64],
                title=vocabulary.encode("# " + concept[:1].upper() + concept[1:])[:24],
                style=vocabulary.style(record["style"]),
                number=number,
            )
        )
        weights.append(KIND_WEIGHT.get(record["kind"], 1.0))
    return chosen, np.array(weights) / sum(weights)


class Mixture:
    """Draws samples; every draw takes its randomness from the generator given."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        corpus: Corpus,
        caption_list: list[Caption],
        caption_weights: np.ndarray,
        insertion: float = INSERTION,
    ):
        self.vocabulary = vocabulary
        self.insertion = insertion
        self.shape = TextShape(vocabulary)
        self.corpus = corpus
        self.captions = caption_list
        self.caption_cumulative = np.cumsum(caption_weights)
        lengths = np.diff(corpus.starts)
        pictures = np.diff(np.append(corpus.first_picture, len(corpus.pictures)))
        # Densely illustrated documents are the few that this is about: up to four times as often.
        illustrated = 1 + np.minimum(3.0, 200 * pictures / lengths)
        frequency = corpus.weights * np.sqrt(np.minimum(lengths, 2000)) * illustrated
        self.document_cumulative = np.cumsum(frequency / frequency.sum())
        self.slot_open = vocabulary.encode("![")
        self.slot_middle = vocabulary.encode("](")
        self.slot_close = vocabulary.encode(")")
        self.blank_line = vocabulary.encode("\n\n")

    def kept(self, count: int, rng: np.random.Generator) -> Kept:
        """What is kept of `count` spans: u ~ U[0,1] of those that are masked, u² of a growing one, each with its own u.

        The sampler's steps visit just these times (`growingTimeAt` in src/core/flow/schedule.ts). Were all shares alike
        for growing spans, most of those that show nothing would be short ones near their end, and a span from nothing
        would be taken for one. It would too if all grew at one time: a span of which the author keeps a part tells
        nothing of how far another one is.
        """
        return Kept(tuple(float(u * u) for u in rng.random(count)), rng.random())

    def draw_caption(self, rng: np.random.Generator) -> Caption:
        index = min(int(np.searchsorted(self.caption_cumulative, rng.random())), len(self.captions) - 1)
        return self.captions[index]

    def caption_sample(self, rng: np.random.Generator) -> Sample:
        """A picture with its alt text: the picture drawn, the alt text written, or both."""
        caption = self.draw_caption(rng)
        time = picture_time(rng)
        if rng.random() < DROP:
            return place_pictures(corrupt(np.array([BOS, IMAGE]), [], Kept((), 1), rng), [caption.number], [time])
        style = ANY_STYLE if rng.random() < 0.2 else caption.style
        alt = caption.long if rng.random() < 0.15 else caption.alt
        before = caption.title + self.blank_line if rng.random() < 0.25 else []
        after = self.blank_line + caption.long if rng.random() < 0.15 else []
        head = [BOS, *before, *self.slot_open]
        ids = np.array([*head, *alt, *self.slot_middle, style, IMAGE, *self.slot_close, *after])
        spans: list[Span] = []
        chance = rng.random()
        if chance < 0.25:
            spans = [Span(len(head), len(head) + len(alt), bool(rng.random() < self.insertion))]
            if chance < 0.12:
                time = 1.0
        return place_pictures(corrupt(ids, spans, self.kept(len(spans), rng), rng), [caption.number], [time])

    def document_sample(self, rng: np.random.Generator, most_tokens: int, most_pictures: int) -> Sample:
        """A stretch of a document, at most so many tokens and pictures, corrupted as authors mask or as a whole."""
        index = min(int(np.searchsorted(self.document_cumulative, rng.random())), len(self.corpus.starts) - 2)
        fitting = max(0, min(most_pictures, (most_tokens - 64) // CAPTION_ROOM))
        added = fitting if rng.random() < CAPTIONED else 0
        ids, numbers = self.crop(*self.corpus.document(index), most_tokens - 1 - added * CAPTION_ROOM, rng)
        if added > 0 and len(numbers) == 0:
            ids, numbers = self.with_captioned_pictures(ids, int(rng.integers(1, added + 1)), rng)
        grows = self.insertion > 0 and rng.random() < INTERLEAVED
        if grows and 0 < len(numbers) <= most_pictures and (numbers >= 0).all():
            return self.interleaved_sample(with_bos(ids), numbers, rng)
        return self.masked_sample(with_bos(ids), numbers, most_pictures, rng)

    def masked_sample(
        self, ids: np.ndarray, numbers: np.ndarray, most_pictures: int, rng: np.random.Generator
    ) -> Sample:
        """Spans masked, each in its own time, pictures masked, at hand or not at hand, each by itself."""
        times = self.picture_times(numbers, most_pictures, rng)
        shown = np.array([t is not None for t in times], bool)
        places = np.flatnonzero(ids == IMAGE)
        hidden = places[~shown]
        # A picture that is not at hand is known by its alt text alone: its style and image tokens go.
        ids = np.delete(ids, np.concatenate([hidden, hidden - 1]).astype(int))
        spans = choose_spans(ids, self.shape, rng, self.insertion)
        if len(spans) == 1 and rng.random() < DROP and not shown.any():
            ids = with_bos(ids[spans[0].start : spans[0].end])
            spans = [Span(1, len(ids), spans[0].insertion)]
        sample = corrupt(ids, spans, self.kept(len(spans), rng), rng)
        return place_pictures(
            sample,
            [int(n) for n, s in zip(numbers, shown, strict=True) if s],
            [t for t in times if t is not None],
        )

    def interleaved_sample(self, ids: np.ndarray, numbers: np.ndarray, rng: np.random.Generator) -> Sample:
        """All of a document but its first block, whose text inserts the pictures (OneFlow §2.3.2)."""
        text_time, times = interleaved_schedule(len(numbers), rng)
        places = np.flatnonzero(ids == IMAGE)
        ends = np.flatnonzero(self.shape.block_end[ids])
        start = int(ends[0]) + 1 if len(ends) and ends[0] < places[0] else 1
        absent = places[[t is None for t in times]]
        kept = Kept((text_time,), text_time)
        sample = corrupt(ids, [Span(start, len(ids), True)], kept, rng, np.concatenate([absent - 1, absent]))
        drawn = [(int(n), t) for n, t in zip(numbers, times, strict=True) if t is not None]
        return place_pictures(sample, [n for n, _ in drawn], [t for _, t in drawn])

    def with_captioned_pictures(self, ids: np.ndarray, count: int, rng: np.random.Generator):
        """A text with `count` captioned pictures, each a block of its own, wherever a block ends.

        In the documents the words around a picture tell much of it, its alt text little more. An author's alt text asks
        for a thing whatever stands around it.
        """
        ends = np.append(np.flatnonzero(self.shape.block_end[ids]), len(ids) - 1)
        places = np.sort(rng.choice(ends, count)) + 1
        pieces: list[np.ndarray] = []
        numbers: list[int] = []
        for start, end in zip([0, *places], [*places, len(ids)], strict=True):
            pieces.append(ids[start:end])
            if len(numbers) == count:
                break
            caption = self.draw_caption(rng)
            slot = [*self.slot_open, *caption.alt, *self.slot_middle, caption.style, IMAGE, *self.slot_close]
            block = [*slot, *self.blank_line] if end < len(ids) else [*self.blank_line, *slot]
            if len(block) > CAPTION_ROOM:
                continue
            pieces.append(np.array(block, ids.dtype))
            numbers.append(caption.number)
        return np.concatenate(pieces), np.array(numbers, np.int64)

    def crop(self, ids: np.ndarray, numbers: np.ndarray, most: int, rng: np.random.Generator):
        """A stretch of whole blocks from a random block on, cut at `most` tokens; half of them keep the title."""
        ends = np.flatnonzero(self.shape.block_end[ids])
        starts = np.concatenate([[0], ends + 1])
        latest = np.searchsorted(starts, max(0, len(ids) - most), side="right")
        start = int(starts[rng.integers(0, max(1, int(latest)))])
        has_title = len(ends) and start > 0 and ends[0] < min(32, most - 1)
        title = ids[: ends[0] + 1] if has_title and rng.random() < 0.5 else ids[:0]
        if (title == IMAGE).any():
            title = ids[:0]
        body = ids[start : start + most - len(title)]
        if start + len(body) < len(ids) and self.shape.cuts(ids[start : start + len(body) + 1])[-2] != len(body):
            body = body[: self.shape.cuts(body)[-2]]
        if len(body) and ANY_STYLE <= body[-1] < FIRST_TEXT:
            body = body[:-1]
        before = int((ids[:start] == IMAGE).sum())
        count = int((body == IMAGE).sum())
        return np.concatenate([title, body]), numbers[before : before + count]

    def picture_times(self, numbers: np.ndarray, most: int, rng: np.random.Generator) -> list[float | None]:
        """For each picture of a document: a time (1: clean context) or None (not at hand)."""
        times: list[float | None] = []
        left = most
        all_masked = rng.random() < 0.3
        for number in numbers:
            chance = rng.random()
            if number < 0 or left == 0 or (chance < 0.15 and not all_masked):
                times.append(None)
                continue
            left -= 1
            times.append(picture_time(rng) if all_masked or chance < 0.7 else 1.0)
        return times
