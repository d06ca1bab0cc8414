"""The OneFlow objective: what is missing in each gap, what is under each mask, where the latents flow.

The three terms of eq. 7 (π, λ, Q) are each averaged over their own targets of the batch instead of over 1/n per
sample: the optimum at every state is the same, and a sample at t ≈ 0 no longer outweighs a whole batch.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

from .batches import Batch, patch_positions
from .model import Denoiser, time_features
from .places import Place

#: 1 − t is not let below this in the velocity loss: the weight of a nearly clean picture is bounded by its inverse square.
LEAST_NOISE = 0.1
#: The picture loss is logged by these stretches of time.
TIME_BUCKETS = (0.0, 0.05, 0.15, 0.4, 1.0)


@dataclass(frozen=True)
class Weights:
    """Weights of the loss's parts."""

    empty: float
    rate: float
    insert: float
    mask: float
    image: float


@dataclass(frozen=True)
class Part:
    """A part of the loss: the sum over what it counts, and how many there are."""

    sum: Tensor
    count: int


Parts = dict[str, Part]


def text_losses(model: Denoiser, hidden: Tensor, batch: Batch) -> Parts:
    """OneFlow eq. 4–7 at the open gaps and cross-entropy at the masks; `hidden` is [R·T,d]."""
    empty, rate = model.gaps(hidden[batch.open_at])
    count = batch.missing_count
    some = count > 0
    k, rate = count[some].float(), rate[some].float()
    gaps = batch.open_at[some]
    logits = model.insert_logits(hidden[gaps]).float()
    owner = torch.searchsorted(gaps, batch.missing_at)
    chosen = logits[owner, batch.missing] - logits.logsumexp(-1)[owner]
    at_masks = model.mask_logits(hidden[batch.mask_at]).float()
    return {
        "empty": Part(
            F.binary_cross_entropy_with_logits(empty.float(), (count == 0).float(), reduction="sum"), len(count)
        ),
        "rate": Part((rate - k * rate.log()).sum(), len(k)),
        "insert": Part(-chosen.sum(), len(chosen)),
        "mask": Part(F.cross_entropy(at_masks, batch.masked, reduction="sum"), len(batch.masked)),
    }


def noise(clean: Tensor, times: Tensor, generator: torch.Generator) -> Tensor:
    """Y_t = t·Y_1 + (1 − t)·Y_0 with Y_0 ~ N(0, I) (OneFlow eq. 8); times broadcast over [R,K,patches,numbers]."""
    start = torch.randn(clean.shape, generator=generator, device=clean.device)
    t = times[:, :, None, None]
    return t * clean + (1 - t) * start


def trunk_inputs(model: Denoiser, batch: Batch, noisy: Tensor) -> tuple[Tensor, ...]:
    """What the trunk reads of a batch whose pictures are `noisy` [R,K,patches,numbers]."""
    rows, slots, patches, numbers = noisy.shape
    per_patch = (rows, slots * patches)

    def of_patches(values: Tensor) -> Tensor:
        return values[:, :, None].expand(rows, slots, patches).reshape(per_patch)

    return (
        batch.tokens,
        batch.token_positions,
        batch.token_sequences,
        batch.token_open,
        noisy.reshape(*per_patch, numbers),
        patch_positions(batch.picture_places, round(patches**0.5)),
        of_patches(batch.picture_sequences),
        time_features(of_patches(batch.picture_times), model.shape.time_frequencies),
    )


def picture_losses(guess: Tensor, latents: Tensor, batch: Batch) -> Parts:
    """Velocity loss of predicted clean latents, both [R,K,patches,numbers]; the whole, and by stretches of time.

    v = (Ŷ − Y_t)/(1 − t), so ‖v̂ − v‖² = ‖Ŷ − Y_1‖²/(1 − t)². Pictures that are clean have no loss.
    """
    drawn = (batch.picture_numbers >= 0) & (batch.picture_times < 1)
    error = (guess.float() - latents).square().mean((2, 3))
    weighted = error / (1 - batch.picture_times).clamp(min=LEAST_NOISE).square()
    parts = {"image": Part(weighted[drawn].sum(), int(drawn.sum()))}
    for low, high in pairwise(TIME_BUCKETS):
        inside = drawn & (batch.picture_times >= low) & (batch.picture_times < high)
        parts[f"image {low}-{high}"] = Part(weighted[inside].detach().sum(), int(inside.sum()))
    return parts


def losses(model: Denoiser, batch: Batch, latents: Tensor, generator: torch.Generator, trunk=None) -> Parts:
    """All parts of the loss for one batch; `latents` are the standardised patches of its pictures [R,K,patches,numbers]."""
    noisy = noise(latents, batch.picture_times, generator)
    text, pictures, time = (trunk or model.trunk)(*trunk_inputs(model, batch, noisy))
    parts = text_losses(model, text.reshape(-1, model.shape.width), batch)
    return parts | picture_losses(model.clean_patches(pictures, time).reshape(latents.shape), latents, batch)


@dataclass(frozen=True)
class StepLoss:
    """What a step minimises, and the means of its parts; a part that the step does not have is not a number."""

    total: Tensor
    means: dict[str, float]


def step_loss(batches: list[Parts], weights: Weights, place: Place) -> StepLoss:
    """The weighted sum of the parts, each averaged over all that the step counts, in all processes.

    `total` is this process's share of the sum: gradients are added over the processes, not averaged.
    """
    names = list(batches[0])
    sums = {name: torch.stack([parts[name].sum for parts in batches]).sum() for name in names}
    counts = [sum(parts[name].count for parts in batches) for name in names]
    held = torch.stack([*(value.detach() for value in sums.values()), *(sums[names[0]].new_tensor(n) for n in counts)])
    all_sums, all_counts = place.sum(held.double()).cpu().chunk(2)
    count_of = dict(zip(names, all_counts.tolist(), strict=True))
    total = sum(weight / max(1.0, count_of[name]) * sums[name] for name, weight in asdict(weights).items())
    return StepLoss(total, dict(zip(names, (all_sums / all_counts).tolist(), strict=True)))
