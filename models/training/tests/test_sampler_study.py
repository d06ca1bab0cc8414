"""The figures of the sampler's study are what their names say."""

import numpy as np
import pytest

from oneflow_training.evaluation import colour, sampler
from oneflow_training.evaluation.spans import mask

BLOCKS = ["# Soup", "Wash the leeks well.", "Cut them into rings and fry them.", "Serve it hot with bread."]


def test_words_are_kept_only_in_their_order():
    assert sampler.kept("Wash the leeks well", "wash all of the young leeks well") == 1
    assert sampler.kept("one two three four", "four three two one") == 0.25
    assert sampler.kept("one two", "") == 0


def test_repeats_are_pairs_that_were_there_before():
    assert sampler.repeats("the soup and the soup and the bread") == pytest.approx(3 / 7)
    assert sampler.repeats("salt") == 0


def test_shared_words_count_as_often_as_both_have_them():
    assert sampler.shared("salt and salt", "Salt and pepper") == pytest.approx(2 * 2 / 6)
    assert sampler.shared("", "salt") == 0


def test_decibels_of_pictures_that_differ_by_a_grey():
    grey = np.full((2, 8, 8, 3), 100, np.uint8)
    assert sampler.decibels(grey, grey + np.uint8(51)) == pytest.approx(20 * np.log10(255 / 51))


def test_a_difference_comes_with_the_error_of_its_mean_over_what_both_have():
    package, setting = np.array([1.0, 2, 3, np.nan]), np.array([2.0, 4, 6, 9])
    assert sampler.difference(setting, package) == "4.00 (+2.00 ± 0.58)"


def test_only_the_text_that_is_given_stays_masked():
    document = sampler.rewritten(mask(BLOCKS, empty=3, given=1, cut=2), "<!--mask strength=0.3")
    assert document == (
        "# Soup\n\n<!--mask strength=0.3-->\nWash the leeks well.\n<!--/mask-->\n\n"
        "Cut them into rings and fry them.\n\nServe it hot with bread.\n"
    )


def test_agreements_are_shares_of_the_others():
    own = np.array([[0.0], [1], [10]])
    assert colour.agreements(np.array([[0.4], [6], [9]]), own) == pytest.approx([1, 0.5, 1])
    assert colour.agreements(own, own).mean() == colour.agreement(own, own) == 1
