"""Latents cut into patches: one transformer position each."""

import numpy as np


def to_patches(latents: np.ndarray, patch: int) -> np.ndarray:
    """Latents [N,C,h,w] → patches [N,(h/patch)·(w/patch),C·patch²]: row by row, each in (channel, row, column) order."""
    count, channels, height, width = latents.shape
    grid = latents.reshape(count, channels, height // patch, patch, width // patch, patch)
    return grid.transpose(0, 2, 4, 1, 3, 5).reshape(count, -1, channels * patch * patch)


def from_patches(patches: np.ndarray, channels: int, patch: int) -> np.ndarray:
    """The inverse of `to_patches` for square pictures."""
    count, positions, _ = patches.shape
    edge = round(positions**0.5)
    grid = patches.reshape(count, edge, edge, channels, patch, patch)
    return grid.transpose(0, 3, 1, 4, 2, 5).reshape(count, channels, edge * patch, edge * patch)
