"""The training loop: seeded, resumable to the same loss curve, averaged weights kept beside the trained ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import batches, checkpoints, objective
from .config import Config
from .mixture import Mixture
from .model import Denoiser


@dataclass
class State:
    """Everything that a checkpoint holds."""

    model: Denoiser
    average: dict[str, Tensor]
    optimizers: list[torch.optim.Optimizer]
    step: int


def new_state(config: Config, weights: dict[str, Tensor] | None) -> State:
    """A run's first state: fresh weights, or those of an earlier run."""
    torch.manual_seed(config.seed)
    model = Denoiser(config.shape)
    if weights is not None:
        model.load_state_dict({name: weights[name] for name in model.state_dict()})
    return State(model, {k: v.clone() for k, v in model.state_dict().items()}, make_optimizers(config, model), 0)


def make_optimizers(config: Config, model: Denoiser) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the trunk, scaled so that its updates are as large as AdamW's; AdamW for all else."""
    hidden = [p for p in model.blocks.parameters() if p.ndim == 2]
    ids = {id(p) for p in hidden}
    matrices = [p for p in model.parameters() if p.ndim >= 2 and id(p) not in ids]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    settings = config.train
    return [
        torch.optim.Muon(
            hidden,
            lr=settings.hidden_learning_rate,
            weight_decay=settings.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": settings.weight_decay},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        ),
    ]


def save(state: State, path: Path) -> None:
    held = {
        "model": state.model.state_dict(),
        "average": state.average,
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
        "step": state.step,
    }
    checkpoints.save(held, path)


def restore(state: State, path: Path) -> None:
    saved = torch.load(path, weights_only=True)
    state.model.load_state_dict(saved["model"])
    state.average = saved["average"]
    for optimizer, held in zip(state.optimizers, saved["optimizers"], strict=True):
        optimizer.load_state_dict(held)
    state.step = saved["step"]


def schedule(config: Config, step: int) -> float:
    """Share of the learning rate at a step: warm up, hold, then fall linearly to zero over the last `decay` of the steps."""
    settings = config.train
    falling = settings.steps * settings.decay
    return min(1.0, (step + 1) / settings.warm_up, (settings.steps - step) / max(1.0, falling))


def draw_batches(config: Config, mixture: Mixture, step: int) -> list[batches.Batch]:
    """The batches of one step; they depend on seed and step alone, so that a resumed run sees the same."""
    rng = np.random.default_rng((config.seed, step))

    def document(text: int, pictures: int):
        return mixture.document_sample(rng, min(text, int(rng.integers(96, 400))), pictures) if text >= 32 else None

    def caption(text: int, pictures: int):
        if pictures < 1 or text < 24:
            return None
        for _ in range(8):
            sample = mixture.caption_sample(rng)
            if len(sample.tokens) <= text:
                return sample
        return None

    return [batches.pack(document, config.documents), batches.pack(caption, config.captions)]


def gather(latents: np.ndarray, numbers: Tensor) -> Tensor:
    """The standardised patches of the pictures of a batch; where there is none, those of picture 0."""
    return torch.from_numpy(latents[numbers.clamp(min=0).numpy()].astype(np.float32))


def train(
    config: Config,
    mixture: Mixture,
    latents: np.ndarray,
    out: Path,
    until: int | None = None,
    weights: dict[str, Tensor] | None = None,
) -> State:
    """Trains to `config.train.steps` (or `until`), resuming from `out/checkpoint.pt` if it is there.

    `latents` are standardised patches [pictures, patches, numbers]; `weights` are what a new run starts from. Appends a
    line of JSON per log to `out/log.jsonl`.
    """
    state = new_state(config, weights)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        restore(state, checkpoint)
    trunk = torch.compile(state.model.trunk, dynamic=False) if config.train.compile else state.model.trunk
    log = checkpoints.Log(out / "log.jsonl", config.train.log_every)
    last = config.train.steps if until is None else until
    while state.step < last:
        rates = (config.train.hidden_learning_rate, config.train.learning_rate)
        for optimizer, rate in zip(state.optimizers, rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * schedule(config, state.step)
        generator = torch.Generator().manual_seed(config.seed * 1_000_003 + state.step)
        drawn = draw_batches(config, mixture, state.step)
        with torch.autocast("cpu", torch.bfloat16, enabled=config.train.bf16):
            parts = [
                objective.losses(state.model, batch, gather(latents, batch.picture_numbers), generator, trunk)
                for batch in drawn
            ]
        means = objective.joined(parts)
        objective.total(means, config.weights).backward()
        norm = torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.train.clip)
        for optimizer in state.optimizers:
            optimizer.step()
        state.model.zero_grad(set_to_none=True)
        checkpoints.update_average(state.average, state.model, state.step, config.train.average)
        state.step += 1
        positions = sum(b.tokens.numel() + b.picture_numbers.numel() * latents.shape[1] for b in drawn)
        report = {name: float(value.detach()) for name, value in {**means, "gradient": norm}.items()}
        log.add(state.step, report, positions, "positions")
        if state.step % config.train.checkpoint_every == 0 or state.step == last:
            save(state, checkpoint)
    return state
