"""The measures of pictures say what they should of pictures that are known."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from oneflow_training import __main__ as stages
from oneflow_training.data import captions
from oneflow_training.evaluation import colour, dual_encoder, train_dual_encoder
from oneflow_training.evaluation.gallery import Gallery, groups
from oneflow_training.evaluation.nearest import NearestCaption
from oneflow_training.evaluation.retrieval import Retrieval, frechet
from oneflow_training.toy import COLOURS, SHAPES

ALTS = [f"a {colour} {shape}" for shape in SHAPES for colour in COLOURS]


@pytest.fixture(scope="module")
def gallery(toy_data, toy_work):
    return Gallery(toy_data, toy_work, share_alike=True)


def test_a_picture_agrees_with_its_own_colour_and_a_constant_is_chance():
    own = np.random.default_rng(1).uniform(0, 255, (40, 3))
    assert colour.agreement(own, own) == 1
    assert colour.agreement(np.zeros_like(own), own) == pytest.approx(0.5)


def test_frechet_distance_of_known_normals():
    rng = np.random.default_rng(2)
    a = rng.normal(0, 1, (200_000, 2))
    b = rng.normal([3, 0], [2, 1], (200_000, 2))
    assert frechet(a, a) == pytest.approx(0, abs=1e-6)
    # (3 − 0)² + (1 − 2)²
    assert frechet(a, b) == pytest.approx(10, abs=0.1)


def test_groups_differ_in_novelty_and_not_in_style(gallery):
    chosen = groups(gallery, 6, candidates=4, seed=1)
    styles = [[p.manner for p in chosen[name]] for name in ("seen", "pair", "concept")]
    assert styles[0] == styles[1] == styles[2]
    assert {p.split for p in chosen["seen"]} == {"train"}
    assert {p.record["held"] for p in chosen["pair"]} == {"pair"}
    assert {p.record["held"] for p in chosen["concept"]} == {"concept"}
    assert len({(p.split, p.number) for group in chosen.values() for p in group}) == 18


def test_rivals_are_of_the_same_manner_and_novelty_and_of_other_concepts(gallery):
    for picture in gallery.pictures["val"]:
        rivals = gallery.rivals(picture)
        assert len(rivals) >= 4 and picture.record["alt"] not in rivals
        unseen = {p.record["alt"] for p in gallery.pictures["val"] if p.unseen and p.manner == picture.manner}
        assert set(rivals) == (unseen if picture.unseen else set(ALTS)) - {picture.record["alt"]}


def test_no_caption_is_judged_that_has_too_few_rivals(gallery):
    assert groups(gallery, 6, candidates=8, seed=1) == {"seen": [], "pair": [], "concept": []}


def test_the_nearest_caption_of_a_known_caption_is_itself(gallery):
    nearest = NearestCaption(gallery)
    for picture in gallery.pictures["val"][:8]:
        found = nearest.find(picture)
        assert (found.split, found.record["alt"], found.manner) == ("train", picture.record["alt"], picture.manner)


def test_the_dual_encoder_learns_and_finds_captions_of_real_pictures(smoke_config, toy_data, toy_work, gallery):
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    recorded = json.loads((toy_work / "dual-encoder.json").read_text())["sha256"]
    encoder = dual_encoder.load(toy_work / "dual-encoder.safetensors", recorded)
    pictures = gallery.pictures["val"]
    found = Retrieval(encoder, gallery, pictures, 5, seed=1).at_one(gallery.pixels(pictures))
    assert found > 2 / 5, "better than twice chance"


def test_a_dual_encoder_with_another_hash_is_refused(smoke_config, toy_data, toy_work):
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    path = toy_work / "dual-encoder.safetensors"
    with pytest.raises(ValueError, match="but the dual encoder that judges is 0123"):
        dual_encoder.load(path, "0123")


def test_a_dual_encoder_that_is_there_is_never_trained_again(smoke_config, toy_data, toy_work):
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    before = (toy_work / "dual-encoder.safetensors").stat().st_mtime_ns
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    assert (toy_work / "dual-encoder.safetensors").stat().st_mtime_ns == before


def test_two_pictures_of_one_caption_do_not_count_against_each_other():
    features = torch.eye(4)[[0, 1, 1]]
    apart = torch.eye(3, dtype=torch.bool)
    same = torch.tensor([[1, 0, 0], [0, 1, 1], [0, 1, 1]], dtype=torch.bool)
    scale = torch.tensor(3.0)
    assert train_dual_encoder.contrast(features, features, scale, same) < 1e-6
    assert train_dual_encoder.contrast(features, features, scale, apart) > 0.4


def test_a_dual_encoder_whose_training_was_killed_ends_in_the_same_weights(smoke_config, toy_data, toy_work, tmp_path):
    settings = replace(smoke_config.dual_encoder, steps=4)

    def run(out, until=None) -> bytes:
        out.mkdir(exist_ok=True)
        pixels = np.load(toy_work / "pixels-train.npy", mmap_mode="r")
        words = stages.load_vocabulary(toy_work)
        train_dual_encoder.train_dual_encoder(settings, pixels, captions(toy_data / "train"), words, out, 1, until)
        path = out / "dual-encoder.safetensors"
        return path.read_bytes() if path.exists() else b""

    whole = run(tmp_path / "whole")
    assert run(tmp_path / "parts", until=2) == b"", "half trained, it judges nothing"
    assert run(tmp_path / "parts") == whole
