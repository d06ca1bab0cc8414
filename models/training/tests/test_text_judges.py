"""Masked documents and passages are what they claim; the likelihood bound is exact where it can be known."""

from types import SimpleNamespace

import numpy as np
import pytest

from oneflow_training import __main__ as stages
from oneflow_training.evaluation import text
from oneflow_training.evaluation.spans import WORD, mask, masked_documents
from oneflow_training.samples import TextShape
from oneflow_training.vocabulary import BOS, MASK

BLOCKS = ["# Soup", "Wash the leeks well.", "Cut them into rings and fry them.", "Serve it hot with bread."]


def test_words_are_found_with_their_apostrophes():
    assert WORD.findall("Don't stir 2 eggs-and ham.") == ["Don't", "stir", "eggs", "and", "ham"]


def test_a_masked_document_holds_its_truths_in_order():
    document = mask(BLOCKS, empty=3, given=1, cut=2)
    assert document.markdown == (
        "# Soup\n\n<!--mask-->\nWash the leeks well.\n<!--/mask-->\n\nCut them into <!--mask--><!--/mask-->\n\n"
        "<!--mask-->\n\n<!--/mask-->\n"
    )
    assert [(t.form, t.given) for t in document.truths] == [("block", True), ("inline", False), ("block", False)]
    for truth in document.truths:
        assert "\n\n".join(BLOCKS).startswith(truth.before + truth.text)


def test_documents_without_three_long_blocks_are_passed_over():
    assert masked_documents(["# Soup\n\nShort."], 3, seed=1) == []


class Uniform:
    """A denoiser that knows nothing about `vocabulary` tokens, and counts what it is shown."""

    def __init__(self, vocabulary: int):
        self.vocabulary, self.masked = vocabulary, []

    def log_probabilities(self, tokens: np.ndarray) -> np.ndarray:
        count = int((tokens == MASK).sum())
        self.masked.append(count)
        return np.full((count, self.vocabulary), -np.log(self.vocabulary))


def test_the_any_order_bound_of_a_uniform_model_is_its_entropy():
    passage = text.Passage(np.array([BOS, *range(10, 40)]), np.arange(5, 25))
    denoiser = Uniform(64)
    bound = text.any_order_bound(denoiser, passage, 16, np.random.default_rng(1))
    assert bound == pytest.approx(20 * np.log(64))
    assert len(denoiser.masked) == 16 and min(denoiser.masked) >= 1 and max(denoiser.masked) == 20


def test_every_number_of_masks_is_as_likely_in_the_bound():
    passage = text.Passage(np.array([BOS, *range(10, 20)]), np.arange(1, 6))
    denoiser = Uniform(64)
    rng = np.random.default_rng(1)
    for _ in range(500):
        text.any_order_bound(denoiser, passage, 4, rng)
    shares = np.bincount(denoiser.masked, minlength=6)[1:] / len(denoiser.masked)
    assert shares == pytest.approx(np.full(5, 0.2), abs=0.03)


def test_hidden_places_are_whole_spans_inside_the_passage(toy_work):
    words = stages.load_vocabulary(toy_work)
    shape = TextShape(words)
    rng = np.random.default_rng(1)
    texts = [words.encode("# A title\n\nTake a sheet of paper. Draw it.\n\nCut it out and paste it on a card.")] * 8
    found = text.passages(texts, shape, 20, 8, rng)
    assert found
    for passage in found:
        assert passage.ids[0] == BOS and len(passage.ids) <= 20
        assert 0 < passage.hidden[0] and passage.hidden[-1] < len(passage.ids)


def test_bytes_are_counted_beyond_ascii(toy_work):
    words = stages.load_vocabulary(toy_work)
    sentence = "Crème brûlée, 180 °C\n"
    assert text.bytes_of(words, np.array(words.encode(sentence))) == len(sentence.encode())


def test_the_five_gram_reads_the_text_before_a_span():
    model = SimpleNamespace(distribution=lambda context: np.where(np.arange(9) == context[-1] + 1, 1.0, 1e-9))
    baselines = object.__new__(text.Baselines)
    baselines.five_gram = model
    assert np.allclose(baselines.five_gram_nats([3, 4], [5, 6]), 0)
    assert baselines.five_gram_nats([], [5])[0] > 10
