"""The autoencoder's training learns, resumes to the same weights, and goes on from a shallower one's weights."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from oneflow_training import train_autoencoder
from oneflow_training.autoencoder import Autoencoder
from oneflow_training.pixels import as_input


def run(config, work, out, until=None, start=None):
    out.mkdir(exist_ok=True)
    pixels = np.load(work / "pixels-train.npy", mmap_mode="r")
    train_autoencoder.train_autoencoder(config.autoencoder, pixels, start, out, config.seed, until)
    return load_file(out / "autoencoder.safetensors")


def test_a_run_that_was_killed_and_resumed_ends_in_the_same_weights(smoke_config, toy_work, tmp_path):
    whole = run(smoke_config, toy_work, tmp_path / "whole")
    run(smoke_config, toy_work, tmp_path / "parts", until=4)
    parts = run(smoke_config, toy_work, tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    log = [json.loads(line) for line in (tmp_path / "whole" / "autoencoder-log.jsonl").read_text().splitlines()]
    assert log[-1]["loss"] < log[0]["loss"]


def test_weights_of_a_shallower_autoencoder_decode_as_before(tmp_path):
    torch.manual_seed(5)
    whole = Autoencoder().eval()
    shallow = {name: value for name, value in whole.state_dict().items() if ".more." not in name}
    save_file(shallow, tmp_path / "shallow.safetensors")
    deeper = train_autoencoder.start(tmp_path / "shallow.safetensors", seed=1).eval()
    pixels = torch.rand(1, 3, 32, 32)
    assert torch.allclose(deeper.decode(deeper.encode(pixels)), whole.decode(whole.encode(pixels)), atol=1e-5)


def test_weights_of_something_else_are_refused(tmp_path):
    save_file({"enc.1.weight": torch.zeros(64, 48, 1, 1), "other": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="does not hold weights of this autoencoder"):
        train_autoencoder.start(tmp_path / "other.safetensors", seed=1)


def test_noise_on_the_latents_costs_decibels(toy_work):
    pixels = np.load(toy_work / "pixels-val.npy", mmap_mode="r")
    trained = train_autoencoder.start(toy_work / "autoencoder.safetensors", seed=1).eval()
    result = train_autoencoder.fidelity(trained, pixels[:8], ["flat"] * 8)
    with torch.no_grad():
        decoded = trained.decode(trained.encode(as_input(pixels[:8])))
    expected = train_autoencoder.decibels(float((decoded - as_input(pixels[:8])).square().mean()))
    assert abs(result["pooled"]["0.0"] - expected) <= 0.01
    assert result["pooled"]["0.0"] == result["styles"]["flat"] >= result["pooled"]["0.4"]


def test_a_frozen_encoder_stays_while_its_decoder_learns(smoke_config, toy_work, tmp_path):
    start = toy_work / "autoencoder.safetensors"
    frozen = replace(smoke_config, autoencoder=replace(smoke_config.autoencoder, frozen_encoder=True))
    before, after = load_file(start), run(frozen, toy_work, tmp_path / "frozen", start=start)
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith("enc."))
    assert any(not torch.equal(before[name], after[name]) for name in before if name.startswith("dec."))


def test_a_frozen_encoder_needs_weights_to_start_from(smoke_config, toy_work, tmp_path):
    frozen = replace(smoke_config, autoencoder=replace(smoke_config.autoencoder, frozen_encoder=True))
    with pytest.raises(ValueError, match="needs weights to start from"):
        run(frozen, toy_work, tmp_path / "fresh")
