"""Packs samples into rows without padding between them: positions see each other only within their sample."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from .samples import Sample


@dataclass(frozen=True)
class RowShape:
    """Rows of a batch, text positions and pictures per row."""

    rows: int
    text: int
    pictures: int


@dataclass
class Batch:
    """Inputs of the denoiser and the targets of its heads; `*_at` are flat indices row · text + column."""

    tokens: Tensor
    token_positions: Tensor
    token_sequences: Tensor
    token_open: Tensor
    #: The text time of each position's sample: for variants that are told it.
    token_times: Tensor
    #: Number of each picture among the latents, −1 where the row has no more; its time; both [rows, pictures].
    picture_numbers: Tensor
    picture_times: Tensor
    picture_places: Tensor
    picture_sequences: Tensor
    open_at: Tensor
    #: Number of tokens missing at each of `open_at`.
    missing_count: Tensor
    missing_at: Tensor
    missing: Tensor
    mask_at: Tensor
    masked: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(**{field.name: getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)})


def pack(draw: Callable[[int, int], Sample | None], shape: RowShape) -> Batch:
    """Fills the rows with samples from `draw(tokens left, pictures left)`; None ends a row."""
    size = (shape.rows, shape.text)
    tokens, positions = np.zeros(size, np.int64), np.zeros(size, np.int64)
    sequences, opened = np.full(size, -1), np.zeros(size, np.int64)
    text_times = np.ones(size, np.float32)
    slots = (shape.rows, shape.pictures)
    numbers, places, owners = np.full(slots, -1), np.zeros(slots, np.int64), np.full(slots, -1)
    times = np.ones(slots, np.float32)
    missing_at, missing, mask_at, masked = [], [], [], []
    for row in range(shape.rows):
        at = pictures = sequence = 0
        while (sample := draw(shape.text - at, shape.pictures - pictures)) is not None:
            end = at + len(sample.tokens)
            tokens[row, at:end] = sample.tokens
            positions[row, at:end] = np.arange(len(sample.tokens))
            sequences[row, at:end] = sequence
            opened[row, at:end] = sample.open
            text_times[row, at:end] = sample.time
            base = row * shape.text + at
            missing_at.append(sample.missing_at + base)
            missing.append(sample.missing)
            mask_at.append(sample.mask_at + base)
            masked.append(sample.masked)
            for picture in sample.pictures:
                numbers[row, pictures] = picture.number
                times[row, pictures] = picture.time
                places[row, pictures] = picture.place
                owners[row, pictures] = sequence
                pictures += 1
            at, sequence = end, sequence + 1
    gap_of_missing = np.concatenate(missing_at)
    open_at = np.flatnonzero(opened.reshape(-1))
    counts = np.bincount(gap_of_missing, minlength=opened.size)[open_at]
    as_tensor = torch.from_numpy
    return Batch(
        tokens=as_tensor(tokens),
        token_positions=as_tensor(positions),
        token_sequences=as_tensor(sequences),
        token_open=as_tensor(opened),
        token_times=as_tensor(text_times),
        picture_numbers=as_tensor(numbers),
        picture_times=as_tensor(times),
        picture_places=as_tensor(places),
        picture_sequences=as_tensor(owners),
        open_at=as_tensor(open_at),
        missing_count=as_tensor(counts),
        missing_at=as_tensor(gap_of_missing),
        missing=as_tensor(np.concatenate(missing)),
        mask_at=as_tensor(np.concatenate(mask_at)),
        masked=as_tensor(np.concatenate(masked)),
    )


def patch_positions(places: Tensor, grid: int) -> Tensor:
    """Places of the `<|image|>` tokens [R,K] → (place, row from 1, column from 1) of all patches [R,K·grid²,3]."""
    rows, count = places.shape
    axis = torch.arange(1, grid + 1, device=places.device)
    row, column = torch.meshgrid(axis, axis, indexing="ij")
    cells = torch.stack([row.reshape(-1), column.reshape(-1)], dim=-1).expand(rows, count, grid * grid, 2)
    place = places[:, :, None, None].expand(rows, count, grid * grid, 1)
    return torch.cat([place, cells], dim=-1).reshape(rows, count * grid * grid, 3)
