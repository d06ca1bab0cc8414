"""Decodes every picture of a split once, so that training reads it without its codec."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .data import Pictures, captions


def decode_split(split: Path, out: Path, share_alike: bool) -> None:
    """Writes all pictures of a split, in caption order: uint8 [pictures,128,128,3]."""
    records = captions(split, share_alike)
    pictures = Pictures(split)
    first = pictures.pixels(records[0])
    pixels = np.lib.format.open_memmap(out, "w+", np.uint8, (len(records), *first.shape))
    for index, record in enumerate(records):
        pixels[index] = pictures.pixels(record)


def as_input(pixels: np.ndarray) -> Tensor:
    """uint8 [B,S,S,3] → fp32 in 0…1 [B,3,S,S], as the autoencoder takes it."""
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 255
