"""Every variant of OneFlow trains on the drawn set and is judged by the same measures; each differs in one decision."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from oneflow_training import __main__ as stages
from oneflow_training import ablations, objective
from oneflow_training.ablations import OneFlow, Relaxed, SmallPatches, Velocity


@pytest.fixture(scope="module")
def splits(smoke_config, toy_data, toy_work):
    return ablations.load_splits(smoke_config, toy_data, toy_work, stages.load_vocabulary(toy_work))


def test_every_variant_is_trained_and_judged_in_one_table(smoke_config, toy_data, toy_work, monkeypatch):
    monkeypatch.setattr(ablations, "JUDGED", 6)
    short = replace(smoke_config, train=replace(smoke_config.train, steps=4))
    table = ablations.run(short, toy_data, toy_work, stages.load_vocabulary(toy_work))
    rows = table.splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [v.name for v in ablations.VARIANTS]
    assert (toy_work / "ablations" / "ablations.md").read_text() == table + "\n"
    dashes = {row.split(" | ")[0].removeprefix("| "): row.count("–") for row in rows}
    assert dashes["as shipped"] == 0 and dashes["text as a continuous relaxation"] == 2


def test_all_variants_see_as_many_positions(smoke_config):
    small = ablations.of_patch(smoke_config, SmallPatches.patch)
    seen = smoke_config.train.steps * ablations.positions_of(smoke_config)
    fewer = ablations.steps_of(SmallPatches(), smoke_config) * ablations.positions_of(small)
    assert small.shape.patch_size * 4 == smoke_config.shape.patch_size
    assert abs(fewer - seen) <= ablations.positions_of(small)


def test_the_same_tokens_are_hidden_for_gaps_and_for_masks(splits):
    for gaps, masks in zip(ablations.texts(splits["val"], 1.0, 0.5), ablations.texts(splits["val"], 0.0, 0.5), strict=True):
        assert torch.equal(gaps.missing, masks.masked)


def test_a_true_velocity_leaves_no_error(smoke_config):
    """v = Y_1 − Y_0 leads from any Y_t to Y_1."""
    torch.manual_seed(0)
    clean, start, times = torch.randn(1, 2, 16, 128), torch.randn(1, 2, 16, 128), torch.tensor([[0.2, 0.7]])
    noisy = times[:, :, None, None] * clean + (1 - times[:, :, None, None]) * start
    model = Velocity.model(smoke_config.shape)
    model.clean_patches = lambda pictures, time: clean - start
    batch = type("Batch", (), {"picture_times": times})
    assert torch.allclose(Velocity().clean(model, None, None, noisy, batch), clean, atol=1e-5)


def test_a_relaxed_text_that_is_known_is_told_rightly(smoke_config, splits):
    """With the true velocity the nearest embedding is the token's own."""
    torch.manual_seed(0)
    variant, model = Relaxed(), Relaxed.model(smoke_config.shape).eval()
    batch = next(b for b in ablations.texts(splits["val"], 0.0, 0.0) if len(b.masked) > 4)
    nothing = torch.zeros(1, 0, 16, smoke_config.shape.patch_size)
    variant.read(model, batch, nothing, torch.Generator().manual_seed(1))
    model.velocity = model.unmask = torch.nn.Identity()
    assert torch.equal(variant.mask_scores(model, variant.target).argmax(-1), batch.masked)


def test_the_shipped_objective_is_what_the_first_variant_trains(smoke_config, toy_data, toy_work):
    from oneflow_training import train

    torch.manual_seed(0)
    model = OneFlow.model(smoke_config.shape)
    batch = train.draw_batches(smoke_config, stages.make_mixture(smoke_config, toy_data, toy_work), 0)[1]
    clean = torch.from_numpy(np.load(toy_work / "patches-train.npy"))[batch.picture_numbers.clamp(min=0)].float()
    variant = OneFlow().losses(model, batch, clean, torch.Generator().manual_seed(1))
    shipped = objective.losses(model, batch, clean, torch.Generator().manual_seed(1))
    assert {name: float(part.sum) for name, part in variant.items()} == {n: float(p.sum) for n, p in shipped.items()}
