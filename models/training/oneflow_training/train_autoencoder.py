"""Trains the autoencoder on random crops: sharp pictures, and a decoder that bears the errors of a generator.

A generator's latents are never exact, so latents are noised in training: by a standard deviation that is drawn anew
for every crop, from none to `noise` times that of the latents. With the encoder frozen the latents stay as they are: a
denoiser of these latents keeps its worth while the decoder gets better.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from . import checkpoints
from .autoencoder import Autoencoder
from .pixels import as_input
from .places import find_place


@dataclass(frozen=True)
class AutoencoderSettings:
    steps: int
    batch: int
    crop: int
    learning_rate: float
    #: Largest noise on a latent, in standard deviations of the latents.
    noise: float
    #: Weight of the squared error, which decibels measure, beside the L1 error, which keeps edges sharp.
    squared: float
    #: Train the decoder alone, on the latents of the encoder that the training starts from.
    frozen_encoder: bool
    average: float
    bf16: bool
    checkpoint_every: int
    log_every: int


def start(weights: Path | None, seed: int) -> Autoencoder:
    """New weights, or those of a file, which may be of a shallower autoencoder."""
    torch.manual_seed(seed)
    model = Autoencoder()
    if weights is not None:
        held = {name: value.float() for name, value in load_file(weights).items()}
        missing, unexpected = model.load_state_dict(held, strict=False)
        if unexpected or any(".more." not in name for name in missing):
            raise ValueError(f"{weights} does not hold weights of this autoencoder: {[*unexpected, *missing][:4]}")
    return model.to(memory_format=torch.channels_last)


def crops(pixels: np.ndarray, settings: AutoencoderSettings, seed: int, step: int) -> Tensor:
    """Random square crops for one step, which depend on seed and step alone: 0…1 [B,3,crop,crop]."""
    rng = np.random.default_rng((seed, step))
    size, edge = pixels.shape[1], settings.crop
    numbers = rng.integers(0, len(pixels), settings.batch)
    corners = rng.integers(0, size - edge + 1, (settings.batch, 2))
    cut = [pixels[n, y : y + edge, x : x + edge] for n, (y, x) in zip(numbers, corners, strict=True)]
    return as_input(np.stack(cut)).contiguous(memory_format=torch.channels_last)


def reconstruction_loss(decoded: Tensor, pixels: Tensor, squared: float) -> Tensor:
    """L1, `squared` times the squared error, and half the L1 of the differences between neighbours, for edges."""
    error = decoded - pixels
    edges = (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return error.abs().mean() + squared * error.square().mean() + 0.5 * edges


def train_autoencoder(
    settings: AutoencoderSettings, pixels: np.ndarray, weights: Path | None, out: Path, seed: int, until: int | None = None
) -> None:
    """Trains to `settings.steps` (or `until`), resuming from `out/autoencoder.pt`; writes `out/autoencoder.safetensors`.

    Raises ValueError if the encoder is to be frozen and there are no weights to start from.
    """
    if settings.frozen_encoder and weights is None:
        raise ValueError("frozen_encoder needs weights to start from: name them with --autoencoder")
    device = find_place().device
    model = start(weights, seed).to(device)
    model.enc.requires_grad_(not settings.frozen_encoder)
    average = {name: value.clone() for name, value in model.state_dict().items()}
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    checkpoint, step = out / "autoencoder.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average, step = saved["average"], saved["step"]
    log = checkpoints.Log(out / "autoencoder-log.jsonl", settings.log_every)
    last = settings.steps if until is None else until
    while step < last:
        rate = settings.learning_rate * min(1, (step + 1) / 100) * (1 + math.cos(math.pi * step / settings.steps)) / 2
        optimizer.param_groups[0]["lr"] = rate
        batch = crops(pixels, settings, seed, step).to(device)
        generator = torch.Generator(device).manual_seed(seed * 1_000_003 + step)
        with torch.autocast(device.type, torch.bfloat16, enabled=settings.bf16):
            latent = model.encode(batch).float()
        deviation = latent.detach().std((0, 2, 3), keepdim=True)
        strength = settings.noise * torch.rand(len(batch), 1, 1, 1, generator=generator, device=device)
        noisy = latent + strength * deviation * torch.randn(latent.shape, generator=generator, device=device)
        with torch.autocast(device.type, torch.bfloat16, enabled=settings.bf16):
            decoded = model.dec(noisy).float() * 0.5 + 0.5
        loss = reconstruction_loss(decoded, batch, settings.squared) + 0.001 * latent.square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        checkpoints.update_average(average, model, step, settings.average)
        step += 1
        squared = float((decoded.detach().clamp(0, 1) - batch).square().mean())
        log.add(step, {"loss": float(loss.detach()), "squared": squared}, len(batch), "crops")
        if step % settings.checkpoint_every == 0 or step == last:
            state = {"model": model.state_dict(), "average": average, "optimizer": optimizer.state_dict(), "step": step}
            checkpoints.save(state, checkpoint)
            log.draw()
            save_file({k: v.half().cpu().contiguous() for k, v in average.items()}, out / "autoencoder.safetensors")


@torch.inference_mode()
def fidelity(
    autoencoder: Autoencoder, pixels: np.ndarray, styles: list[str], noises: tuple[float, ...] = (0.0, 0.1, 0.2, 0.4)
) -> dict:
    """How near decoded pictures come to their originals, in decibels.

    By pooled squared error and as the mean of the pictures' own decibels, for several strengths of latent noise (in
    standard deviations of the latents); by style, pooled, without noise.
    """
    torch.manual_seed(0)
    latents = torch.cat([autoencoder.encode(as_input(pixels[i : i + 32])) for i in range(0, len(pixels), 32)])
    deviation = latents.std((0, 2, 3), keepdim=True)
    result: dict = {"pooled": {}, "mean": {}}
    for noise in noises:
        errors = []
        for i in range(0, len(pixels), 32):
            part = latents[i : i + 32]
            decoded = autoencoder.decode(part + noise * deviation * torch.randn_like(part))
            errors.append((decoded - as_input(pixels[i : i + 32])).square().mean((1, 2, 3)))
        error = torch.cat(errors)
        result["pooled"][str(noise)] = decibels(float(error.mean()))
        result["mean"][str(noise)] = decibels(float(error.clamp(min=1e-12).log().mean().exp()))
        if noise == 0:
            result["styles"] = {
                style: decibels(float(error[[s == style for s in styles]].mean())) for style in sorted(set(styles))
            }
    return result


def decibels(squared_error: float) -> float:
    return round(-10 * math.log10(max(squared_error, 1e-12)), 2)
