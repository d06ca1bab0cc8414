"""The 5-gram baseline is a probability, reads its context, and smooths as its authors say."""

import numpy as np
import pytest

from oneflow_training.evaluation.ngram import KneserNey, unigram

STREAM = np.random.default_rng(3).zipf(1.6, 4000).clip(max=19)


def test_every_distribution_sums_to_one_and_leaves_nothing_impossible():
    model = KneserNey(STREAM, 24)
    for context in ([], [1], [1, 2], [19, 19, 19, 19], [23], [5, 1, 1, 2, 1, 1]):
        distribution = model.distribution(np.array(context, int))
        assert distribution.sum() == pytest.approx(1, abs=1e-5)
        assert distribution.min() > 0


def test_a_text_that_repeats_is_foretold_from_its_context():
    stream = np.tile(np.arange(10), 30)
    model = KneserNey(stream, 12)
    assert model.distribution(np.array([3, 4, 5, 6])).argmax() == 7
    assert model.distribution(np.array([6])).argmax() == 7


def test_lower_orders_count_the_contexts_of_a_token_not_its_uses():
    # 1 follows many tokens; 2 is as frequent, but always comes after 3.
    stream = np.array([4, 1, 5, 1, 6, 1, 7, 1, 3, 2, 3, 2, 3, 2, 3, 2, 8, 9])
    distribution = KneserNey(stream, 12, length=2).distribution(np.array([11]))
    assert distribution[1] > 2 * distribution[2]
    frequency = unigram(stream, 12)
    assert frequency[1] == frequency[2]


def test_a_bigram_is_discounted_and_backed_off_as_the_formula_says():
    stream = np.array([0, 1, 0, 1, 0, 1, 0, 2, 0, 2, 0, 3, 4, 0])
    model = KneserNey(stream, 5, length=2)
    # After 0: 1 three times, 2 twice, 3 once. Bigram counts: 01:3 10:3 02:2 20:2 03:1 34:1 40:1.
    ratio = 3 / (3 + 2 * 2)
    one, two = 1 - 2 * ratio * 2 / 3, 2 - 3 * ratio * 2 / 2
    three = 2.9  # no bigram occurs four times: 3, held below its count
    lower = model.distribution(np.array([], int))
    expected = (2 - two) / 6 + (one + two + three) / 6 * lower[2]
    assert model.distribution(np.array([0]))[2] == pytest.approx(expected)
