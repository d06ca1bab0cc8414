"""Samples of a run: its texts and pictures are logged with each checkpoint, and come out of the model's own flow."""

import numpy as np
import torch
from PIL import Image

from oneflow_training import __main__ as stages
from oneflow_training import glimpses, train
from oneflow_training.glimpses import Glimpses
from oneflow_training.model import Denoiser
from oneflow_training.vocabulary import FIRST_TEXT, IMAGE


def test_a_run_logs_samples_with_every_checkpoint(smoke_config, toy_data, toy_work, tmp_path):
    mixture = stages.make_mixture(smoke_config, toy_data, toy_work)
    preview = glimpses.load_preview(toy_work, smoke_config.patch)
    samples = Glimpses(mixture.vocabulary, mixture.captions, preview, tmp_path)
    patches = np.load(toy_work / "patches-train.npy")
    train.train(smoke_config, mixture, patches, tmp_path, glimpses=samples)
    texts = (tmp_path / "samples.txt").read_text().splitlines()
    assert [line for line in texts if line.startswith("step")] == ["step 6", "step 12"]
    assert len(texts) == 2 * (1 + len(glimpses.BLANKS))
    assert Image.open(tmp_path / "samples.png").size == (16 * glimpses.PICTURES, 16 * 2)


def test_a_text_grows_where_the_model_says_that_tokens_are_missing(smoke_config):
    model = Denoiser(smoke_config.shape).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        model.gap_empty.bias.fill_(50.0)
        assert glimpses.grow(model, [FIRST_TEXT], [FIRST_TEXT], generator) == []
        model.gap_empty.bias.fill_(-50.0)
        grown = glimpses.grow(model, [FIRST_TEXT], [FIRST_TEXT], generator)
    assert len(grown) > 1 and min(grown) >= FIRST_TEXT


def test_a_picture_flows_to_the_latent_that_the_model_predicts(smoke_config):
    model = Denoiser(smoke_config.shape).eval()
    wanted = torch.linspace(-2, 2, smoke_config.shape.patch_size)
    with torch.no_grad():
        model.clean.weight.zero_()
        model.clean.bias.copy_(wanted)
        drawn = glimpses.draw(model, [IMAGE], torch.Generator().manual_seed(0))
    assert torch.allclose(drawn, wanted.expand_as(drawn), atol=1e-4)
