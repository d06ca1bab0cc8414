"""The OneFlow objective: what is missing in each gap, what is under each mask, where the latents flow.

The three terms of eq. 7 (π, λ, Q) are each averaged over their own targets of the batch instead of over 1/n per
sample: the optimum at every state is the same, and a sample at t ≈ 0 no longer outweighs a whole batch.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .batches import Batch, patch_positions
from .model import Denoiser, time_features

#: 1 − t is not let below this in the velocity loss: the weight of a nearly clean picture is bounded by its inverse square.
LEAST_NOISE = 0.1


@dataclass(frozen=True)
class Weights:
    """Weights of the loss's parts."""

    empty: float
    rate: float
    insert: float
    mask: float
    image: float


def text_losses(model: Denoiser, hidden: Tensor, batch: Batch) -> dict[str, Tensor]:
    """OneFlow eq. 4–7 at the open gaps and cross-entropy at the masks; `hidden` is [R·T,d]."""
    losses: dict[str, Tensor] = {}
    empty, rate = model.gaps(hidden[batch.open_at])
    count = batch.missing_count
    losses["empty"] = F.binary_cross_entropy_with_logits(empty.float(), (count == 0).float())
    some = count > 0
    k, rate = count[some].float(), rate[some].float()
    losses["rate"] = (rate - k * rate.log()).sum() / max(1, len(k))
    gaps = batch.open_at[some]
    logits = model.insert_logits(hidden[gaps]).float()
    owner = torch.searchsorted(gaps, batch.missing_at)
    chosen = logits[owner, batch.missing] - logits.logsumexp(-1)[owner]
    losses["insert"] = -chosen.sum() / max(1, len(chosen))
    at_masks = model.mask_logits(hidden[batch.mask_at]).float()
    losses["mask"] = F.cross_entropy(at_masks, batch.masked, reduction="sum") / max(1, len(batch.masked))
    return losses


def noise(clean: Tensor, times: Tensor, generator: torch.Generator) -> Tensor:
    """Y_t = t·Y_1 + (1 − t)·Y_0 with Y_0 ~ N(0, I) (OneFlow eq. 8); times broadcast over [R,K,patches,numbers]."""
    start = torch.randn(clean.shape, generator=generator)
    t = times[:, :, None, None]
    return t * clean + (1 - t) * start


def losses(
    model: Denoiser,
    batch: Batch,
    latents: Tensor,
    generator: torch.Generator,
    trunk=None,
) -> dict[str, Tensor]:
    """All parts of the loss for one batch; `latents` are the standardised patches of its pictures [R,K,patches,numbers]."""
    rows, slots, patches, numbers = latents.shape
    grid = round(patches**0.5)
    noisy = noise(latents, batch.picture_times, generator)
    per_patch = (rows, slots * patches)
    times = batch.picture_times[:, :, None].expand(rows, slots, patches).reshape(per_patch)
    text, pictures, time = (trunk or model.trunk)(
        batch.tokens,
        batch.token_positions,
        batch.token_sequences,
        batch.token_open,
        noisy.reshape(*per_patch, numbers),
        patch_positions(batch.picture_places, grid),
        batch.picture_sequences[:, :, None].expand(rows, slots, patches).reshape(per_patch),
        time_features(times, model.shape.time_frequencies),
    )
    parts = text_losses(model, text.reshape(-1, model.shape.width), batch)
    # Velocity loss of a predicted clean latent: v = (Ŷ − Y_t)/(1 − t), so ‖v̂ − v‖² = ‖Ŷ − Y_1‖²/(1 − t)².
    drawn = (batch.picture_numbers >= 0) & (batch.picture_times < 1)
    error = (model.clean_patches(pictures, time).float().reshape(latents.shape) - latents).square().mean((2, 3))
    weight = 1 / (1 - batch.picture_times).clamp(min=LEAST_NOISE).square()
    parts["image"] = (error * weight)[drawn].sum() / drawn.sum().clamp(min=1)
    return parts


def total(parts: dict[str, Tensor], weights: Weights) -> Tensor:
    return sum(getattr(weights, name) * value for name, value in parts.items())
