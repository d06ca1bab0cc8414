"""The losses have their optimum where the method says."""

import math

import torch

from oneflow_training.objective import noise


def test_the_untruncated_poisson_loss_is_least_at_the_mean_of_the_nonzero_counts():
    counts = torch.tensor([1.0, 1.0, 2.0, 5.0])
    rate = torch.linspace(1, 6, 5001)
    loss = (rate[:, None] - counts * rate[:, None].log()).mean(1)
    assert math.isclose(float(rate[loss.argmin()]), 2.25, abs_tol=2e-3)


def test_noise_runs_straight_from_noise_to_the_picture():
    clean = torch.randn(1, 3, 4, 8)
    times = torch.tensor([[0.0, 0.5, 1.0]])
    noisy = noise(clean, times, torch.Generator().manual_seed(1))
    start = noise(clean, torch.zeros(1, 3), torch.Generator().manual_seed(1))
    assert torch.equal(noisy[:, 2], clean[:, 2])
    assert torch.equal(noisy[:, 0], start[:, 0])
    assert torch.allclose(noisy[:, 1], (clean[:, 1] + start[:, 1]) / 2)
