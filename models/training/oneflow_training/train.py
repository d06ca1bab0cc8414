"""The training loop: seeded, resumable to the same loss curve, averaged weights kept beside the trained ones."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from . import batches, checkpoints, objective
from .config import Config
from .glimpses import Glimpses
from .mixture import Mixture
from .model import Denoiser
from .places import find_place


@dataclass
class State:
    """Everything that a checkpoint holds."""

    model: Denoiser
    average: dict[str, Tensor]
    optimizers: list[torch.optim.Optimizer]
    step: int


@dataclass(frozen=True)
class Method:
    """What is trained, and by what loss: OneFlow's, or those of a variant that is compared with it."""

    model: type[Denoiser] = Denoiser
    losses: Callable[..., objective.Parts] = objective.losses


ONEFLOW = Method()


def new_state(
    config: Config, weights: dict[str, Tensor] | None, device: torch.device, kind: type[Denoiser] = Denoiser
) -> State:
    """A run's first state: fresh weights, or those of an earlier run."""
    torch.manual_seed(config.seed)
    model = kind(config.shape)
    if weights is not None:
        model.load_state_dict({name: weights[name] for name in model.state_dict()})
    model.to(device)
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
    saved = torch.load(path, weights_only=True, map_location=next(state.model.parameters()).device)
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


def draw_batches(config: Config, mixture: Mixture, step: int, rank: int = 0) -> list[batches.Batch]:
    """One process's batches of one step; they depend on seed, step and rank alone: a resumed run sees the same."""
    rng = np.random.default_rng((config.seed, step, rank))

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


@dataclass(frozen=True)
class Steps(Dataset):
    """The batches of every step, by its number: workers draw them ahead where a GPU would else wait for them."""

    config: Config
    mixture: Mixture
    rank: int

    def __getitem__(self, step: int) -> list[batches.Batch]:
        return draw_batches(self.config, self.mixture, step, self.rank)


def train(
    config: Config,
    mixture: Mixture,
    latents: np.ndarray,
    out: Path,
    until: int | None = None,
    weights: dict[str, Tensor] | None = None,
    glimpses: Glimpses | None = None,
    method: Method = ONEFLOW,
) -> State:
    """Trains to `config.train.steps` (or `until`), resuming from `out/checkpoint.pt` if it is there.

    `latents` are standardised patches [pictures, patches, numbers]; `weights` are what a new run starts from. Appends a
    line of JSON per log to `out/log.jsonl`, and samples with every checkpoint. Runs on a GPU where there is one, and as one of several processes under
    `torchrun`: the rows of a step are those of the config in each of them.
    """
    place, settings = find_place(), config.train
    state = new_state(config, weights, place.device, method.model)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        restore(state, checkpoint)
    trunk = torch.compile(state.model.trunk, dynamic=False) if settings.compile else state.model.trunk
    pictures = torch.from_numpy(np.array(latents)).to(place.device)
    log = checkpoints.Log(out / "log.jsonl", settings.log_every)
    last = settings.steps if until is None else until
    drawn = DataLoader(
        Steps(config, mixture, place.rank),
        batch_size=None,
        sampler=range(state.step, last),
        num_workers=settings.workers,
        collate_fn=_as_is,
    )
    for step_batches in drawn:
        set_learning_rates(state, config)
        generator = torch.Generator(place.device).manual_seed((config.seed * 1_000_003 + state.step) * 64 + place.rank)
        parts: list[objective.Parts] = []
        with torch.autocast(place.device.type, torch.bfloat16, enabled=settings.bf16):
            for batch in (batch.to(place.device) for batch in step_batches):
                # Where a row has no more pictures, picture 0 fills the slot; nothing sees it.
                clean = pictures[batch.picture_numbers.clamp(min=0)].float()
                parts.append(method.losses(state.model, batch, clean, generator, trunk))
        loss = objective.step_loss(parts, config.weights, place)
        loss.total.backward()
        place.sum_gradients(state.model)
        norm = torch.nn.utils.clip_grad_norm_(state.model.parameters(), settings.clip)
        for optimizer in state.optimizers:
            optimizer.step()
        state.model.zero_grad(set_to_none=True)
        checkpoints.update_average(state.average, state.model, state.step, settings.average)
        state.step += 1
        if place.is_first:
            positions = sum(b.tokens.numel() + b.picture_numbers.numel() * latents.shape[1] for b in step_batches)
            log.add(state.step, {**loss.means, "gradient": float(norm)}, positions * place.world, "positions")
            if state.step % settings.checkpoint_every == 0 or state.step == last:
                save(state, checkpoint)
                log.draw()
                if glimpses is not None:
                    glimpses.take(averaged(state), state.step)
    return state


def averaged(state: State) -> Denoiser:
    """A model of its own with the averaged weights, on the CPU."""
    model = type(state.model)(state.model.shape)
    model.load_state_dict(state.average)
    return model


def set_learning_rates(state: State, config: Config) -> None:
    rates = (config.train.hidden_learning_rate, config.train.learning_rate)
    for optimizer, rate in zip(state.optimizers, rates, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate * schedule(config, state.step)


def _as_is(drawn: list[batches.Batch]) -> list[batches.Batch]:
    return drawn
