"""Trains the dual encoder by contrast (InfoNCE both ways): every picture of a batch with its own caption among all.

A batch is a few groups of one style each, since that is what is judged: telling captions apart within a style.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .. import checkpoints
from ..corpus import LEFT_OUT
from ..vocabulary import Vocabulary
from . import dual_encoder
from .dual_encoder import SIZE, DualEncoder

#: Pictures are moved by at most so many pixels of 64.
SHIFT = 4
#: Share of the pictures that are softened, so that a generator's blur is not a thing never seen.
SOFTENED = 0.33
#: Share of the captions that are the long form, whose keywords tie concepts to each other.
LONG = 0.25
#: Largest logarithm of the inverse temperature: 1/100, as in CLIP.
LARGEST_SCALE = 4.6


@dataclass(frozen=True)
class DualEncoderSettings:
    steps: int
    #: Groups of one style in a batch, and pictures in a group.
    groups: int
    group: int
    width: int
    features: int
    learning_rate: float
    weight_decay: float
    bf16: bool
    checkpoint_every: int
    log_every: int


def shrink(pixels: np.ndarray, chunk: int = 512) -> np.ndarray:
    """uint8 [N,S,S,3] → the size that the encoder looks at, uint8 [N,64,64,3]."""
    small = np.empty((len(pixels), SIZE, SIZE, 3), np.uint8)
    factor = pixels.shape[1] // SIZE
    for start in range(0, len(pixels), chunk):
        part = pixels[start : start + chunk]
        blocks = part.reshape(len(part), SIZE, factor, SIZE, factor, 3)
        small[start : start + len(part)] = (blocks.mean((2, 4), dtype=np.float32) + 0.5).astype(np.uint8)
    return small


def draw(by_style: list[np.ndarray], settings: DualEncoderSettings, rng: np.random.Generator) -> np.ndarray:
    """Numbers of the pictures of a batch: styles as often as they have pictures, none twice."""
    sizes = np.array([len(numbers) for numbers in by_style], float)
    styles = rng.choice(len(by_style), settings.groups, p=sizes / sizes.sum())
    groups = [rng.choice(by_style[s], min(settings.group, len(by_style[s])), replace=False) for s in styles]
    return np.unique(np.concatenate(groups))


def vary(pixels: np.ndarray, rng: np.random.Generator) -> Tensor:
    """uint8 [B,64,64,3] → −1…1 [B,3,64,64], each picture moved a little, some softened."""
    framed = np.pad(pixels, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), "edge")
    corners = rng.integers(0, 2 * SHIFT + 1, (len(pixels), 2))
    moved = np.stack([f[y : y + SIZE, x : x + SIZE] for f, (y, x) in zip(framed, corners, strict=True)])
    seen = dual_encoder.as_seen(moved)
    soft = torch.from_numpy(rng.random(len(pixels)) < SOFTENED)
    coarse = F.avg_pool2d(seen[soft], int(rng.choice([2, 4])))
    seen[soft] = F.interpolate(coarse, (SIZE, SIZE), mode="bilinear", align_corners=False)
    return seen.contiguous(memory_format=torch.channels_last)


def contrast(pictures: Tensor, texts: Tensor, scale: Tensor, same: Tensor) -> Tensor:
    """Cross-entropy of each picture's caption among all and the reverse; `same` [B,B] are pairs with equal captions.

    Two pictures of one caption do not count against each other.
    """
    logits = scale.exp() * F.normalize(pictures, dim=-1) @ F.normalize(texts, dim=-1).T
    others = same & ~torch.eye(len(same), dtype=torch.bool)
    logits = logits.masked_fill(others, float("-inf"))
    target = torch.arange(len(logits))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def train_dual_encoder(
    settings: DualEncoderSettings,
    pixels: np.ndarray,
    records: list[dict],
    vocabulary: Vocabulary,
    out: Path,
    seed: int,
    until: int | None = None,
) -> None:
    """Trains on the drawn pictures [N,S,S,3] of caption `records` to `settings.steps` (or `until`).

    Resumes from `out/dual-encoder.pt`; writes `out/dual-encoder.safetensors` after the last step.
    """
    torch.manual_seed(seed)
    model = DualEncoder(vocabulary, settings.width, settings.features).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(
        model.parameters(), settings.learning_rate, (0.9, 0.98), weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=0.06
    )
    parts = {"model": model, "optimizer": optimizer, "schedule": schedule}
    step, checkpoint = 0, out / "dual-encoder.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        step = saved["step"]
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    drawn = [i for i, r in enumerate(records) if r["kind"] not in LEFT_OUT]
    styles = sorted({records[i]["style"] for i in drawn})
    by_style = [np.array([i for i in drawn if records[i]["style"] == style]) for style in styles]
    small = shrink(pixels)
    log = checkpoints.Log(out / "dual-encoder-log.jsonl", settings.log_every)
    last = settings.steps if until is None else until
    while step < last:
        torch.manual_seed(seed * 1_000_003 + step)
        rng = np.random.default_rng((seed, step))
        numbers = draw(by_style, settings, rng)
        alts = [records[i]["alt"].lower() for i in numbers]
        captions = [
            records[i]["caption"] if rng.random() < LONG else alt for i, alt in zip(numbers, alts, strict=True)
        ]
        _, kinds = np.unique(alts, return_inverse=True)
        same = torch.from_numpy(kinds[:, None] == kinds[None])
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.bf16):
            pictures, texts = model.pictures(vary(small[numbers], rng)), model.texts(model.ids(captions))
        loss = contrast(pictures.float(), texts.float(), model.scale.clamp(max=LARGEST_SCALE), same)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step += 1
        log.add(step, {"loss": float(loss.detach())}, len(numbers), "pictures")
        if step % settings.checkpoint_every == 0 or step == last:
            checkpoints.save({"step": step} | {name: part.state_dict() for name, part in parts.items()}, checkpoint)
    if step == settings.steps:
        dual_encoder.save(model, out / "dual-encoder.safetensors")
