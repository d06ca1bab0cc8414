"""One TOML file per model size holds every setting."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .batches import RowShape
from .evaluation.train_dual_encoder import DualEncoderSettings
from .model import Shape, time_frequencies
from .objective import Weights
from .train_autoencoder import AutoencoderSettings


@dataclass(frozen=True)
class TrainSettings:
    steps: int
    warm_up: int
    decay: float
    hidden_learning_rate: float
    learning_rate: float
    weight_decay: float
    clip: float
    average: float
    bf16: bool
    compile: bool
    #: Processes that draw batches ahead; 0 draws them in the training process.
    workers: int
    checkpoint_every: int
    log_every: int


@dataclass(frozen=True)
class Config:
    name: str
    version: str
    seed: int
    share_alike: bool
    patch: int
    shape: Shape
    documents: RowShape
    captions: RowShape
    autoencoder: AutoencoderSettings
    train: TrainSettings
    weights: Weights
    dual_encoder: DualEncoderSettings
    #: SHA-256 of the dual encoder whose figures this config's are compared with; None: the one that it trains.
    judge: str | None


def load_config(path: Path, latent_channels: int = 8, latent_size: int = 16) -> Config:
    raw = tomllib.loads(path.read_text())
    model, batch = raw["model"], raw["batch"]
    shape = Shape(
        vocabulary=raw["tokenizer"]["vocabulary"],
        width=model["width"],
        layers=model["layers"],
        heads=model["heads"],
        hidden=model["hidden"],
        patch_size=latent_channels * model["patch"] ** 2,
        time_frequencies=time_frequencies(model["time_frequencies"]),
        max_positions=model["max_positions"],
        max_grid=latent_size // model["patch"] + 1,
    )
    return Config(
        name=raw["name"],
        version=raw["version"],
        seed=raw["seed"],
        share_alike=raw["share_alike"],
        patch=model["patch"],
        shape=shape,
        documents=RowShape(batch["document_rows"], batch["document_text"], batch["document_pictures"]),
        captions=RowShape(batch["caption_rows"], batch["caption_text"], batch["caption_pictures"]),
        autoencoder=AutoencoderSettings(**raw["autoencoder"]),
        train=TrainSettings(**raw["train"]),
        weights=Weights(**raw["weights"]),
        dual_encoder=DualEncoderSettings(**raw["dual_encoder"]),
        judge=raw.get("judge"),
    )
