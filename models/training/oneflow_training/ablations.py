"""OneFlow beside variants of it: each trained from nothing at one small budget, judged on the val split, in one table.

A variant is a class that changes one decision of the shipped model. `train.py` knows none of them; without this file
it is the same.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import corpus, latents, objective, train
from .batches import Batch, RowShape, pack
from .config import Config
from .evaluation import report
from .mixture import INSERTION, Mixture, prepare_captions
from .model import Denoiser, time_features
from .objective import Part, Parts
from .patches import to_patches
from .samples import Kept, Sample, with_bos
from .vocabulary import Vocabulary

#: Samples of each kind that a variant is judged on.
JUDGED = 120
#: Text times at which masked tokens are told: all of a span is hidden, half, or 15 %.
ALL_HIDDEN, HALF_HIDDEN, FEW_HIDDEN = 0.0, 0.5, 0.85


class TimedMixture(Mixture):
    """A mixture whose spans are all hidden to the same extent."""

    time: float = ALL_HIDDEN

    def kept(self, count: int, rng: np.random.Generator) -> Kept:
        rng.random(count + 1)
        return Kept((self.time,) * count, self.time)


class OneFlow:
    """As shipped; variants override what they change."""

    name = "as shipped"
    model: type[Denoiser] = Denoiser
    mixture: type[Mixture] = Mixture
    insertion = INSERTION
    patch = 4
    #: Whether the heads for gaps and for masks are trained, and so may be judged.
    gaps = masks = True
    #: Whether what is said about a mask is a probability.
    calibrated = True

    def read(self, model: Denoiser, batch: Batch, noisy: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        """Hidden states of text [R,T,d] and of patches, and the patches' time embedding."""
        return model.trunk(*objective.trunk_inputs(model, batch, noisy))

    def clean(self, model: Denoiser, pictures: Tensor, time: Tensor, noisy: Tensor, batch: Batch) -> Tensor:
        """Predicted clean latents, shaped as `noisy`."""
        return model.clean_patches(pictures, time).reshape(noisy.shape)

    def text_losses(self, model: Denoiser, hidden: Tensor, batch: Batch) -> Parts:
        return objective.text_losses(model, hidden, batch)

    def mask_scores(self, model: Denoiser, hidden: Tensor) -> Tensor:
        """What is said about the token at each mask [M,V]; higher is likelier."""
        return model.mask_logits(hidden)

    def losses(self, model: Denoiser, batch: Batch, clean: Tensor, generator: torch.Generator, trunk=None) -> Parts:
        noisy = objective.noise(clean, batch.picture_times, generator)
        text, pictures, time = self.read(model, batch, noisy, generator)
        parts = self.text_losses(model, text.reshape(-1, model.shape.width), batch)
        return parts | objective.picture_losses(self.clean(model, pictures, time, noisy, batch), clean, batch)


class InsertionOnly(OneFlow):
    name = "spans by insertion alone"
    insertion = 1.0
    masks = False


class MasksOnly(OneFlow):
    name = "spans by masks alone"
    insertion = 0.0
    gaps = False


class SmallPatches(OneFlow):
    name = "64 positions a picture"
    patch = 2


class Velocity(OneFlow):
    """v̂ is what the network says: Ŷ = Y_t + (1 − t)·v̂."""

    name = "predicts the velocity"

    def clean(self, model: Denoiser, pictures: Tensor, time: Tensor, noisy: Tensor, batch: Batch) -> Tensor:
        left = (1 - batch.picture_times)[:, :, None, None]
        return noisy + left * model.clean_patches(pictures, time).float().reshape(noisy.shape)


class TimedDenoiser(Denoiser):
    """A denoiser whose text positions are told a time too."""

    def __init__(self, shape):
        super().__init__(shape)
        features = 2 * len(shape.time_frequencies)
        self.text_time = nn.Sequential(nn.Linear(features, shape.width), nn.SiLU(), nn.Linear(shape.width, shape.width))

    def trunk_at(self, text: Tensor, times: Tensor, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The trunk for embedded text [B,T,d] at `times` [B,T]; `inputs` are the trunk's."""
        told = self.text_time(time_features(times, self.shape.time_frequencies))
        _, positions, sequences, _, *pictures = inputs
        return self.mix(text + told, positions, sequences, *pictures)


class TimeEverywhere(OneFlow):
    name = "time on all positions"
    model = TimedDenoiser

    def read(self, model: Denoiser, batch: Batch, noisy: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        inputs = objective.trunk_inputs(model, batch, noisy)
        return model.trunk_at(model.embed_text(batch.tokens, batch.token_open), batch.token_times, inputs)


class RelaxedDenoiser(TimedDenoiser):
    def __init__(self, shape):
        super().__init__(shape)
        self.velocity = nn.Linear(shape.width, shape.width)

    def codes(self) -> Tensor:
        """What text flows to: the embeddings, all of one length, so that they cannot shrink into each other [V,d]."""
        return F.rms_norm(self.tokens.weight.detach(), (self.shape.width,))


class Relaxed(Velocity):
    """Text as a continuous relaxation: the tokens of a span flow from noise to their embeddings; one velocity for all.

    E_t = t·E + (1 − t)·ε with the time of the sample's text; the mean squared error of the velocity E − ε is all that
    text is trained by. Told in one step from noise, a token is the one whose embedding is nearest.
    """

    name = "text as a continuous relaxation"
    model = RelaxedDenoiser
    mixture = TimedMixture
    insertion = 0.0
    gaps = calibrated = False

    def read(self, model: Denoiser, batch: Batch, noisy: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
        rows, length = batch.tokens.shape
        width = model.shape.width
        self.start = torch.randn(len(batch.mask_at), width, generator=generator)
        # One time for each sample; nothing is known of a span when it is judged.
        drawn = torch.rand(rows, length + 1, generator=generator) if model.training else torch.zeros(rows, length + 1)
        times = drawn.gather(1, batch.token_sequences + 1).reshape(-1)[batch.mask_at]
        self.target = model.codes()[batch.masked] - self.start
        state = self.start + times[:, None] * self.target
        text = model.embed_text(batch.tokens, batch.token_open).reshape(-1, width)
        text = text.index_put((batch.mask_at,), state.to(text.dtype)).reshape(rows, length, width)
        all_times = torch.ones(rows * length).index_put((batch.mask_at,), times).reshape(rows, length)
        return model.trunk_at(text, all_times, objective.trunk_inputs(model, batch, noisy))

    def text_losses(self, model: Denoiser, hidden: Tensor, batch: Batch) -> Parts:
        velocity = model.velocity(model.unmask(hidden[batch.mask_at])).float()
        error = (velocity - self.target).square().mean(-1)
        zero = hidden.sum().float() * 0
        return {name: Part(zero, 0) for name in ("empty", "rate", "insert")} | {"mask": Part(error.sum(), len(error))}

    def mask_scores(self, model: Denoiser, hidden: Tensor) -> Tensor:
        velocity = model.velocity(model.unmask(hidden)).float()
        return (self.start + velocity) @ model.codes().T


VARIANTS: tuple[type[OneFlow], ...] = (
    OneFlow, Relaxed, TimeEverywhere, InsertionOnly, MasksOnly, SmallPatches, Velocity,
)  # fmt: skip


@dataclass(frozen=True)
class Split:
    """What variants are trained or judged on: the arguments of a mixture, and the latents of its pictures."""

    mixture: tuple
    latents: np.ndarray

    def patches(self, patch: int) -> np.ndarray:
        return to_patches(self.latents, patch).astype(np.float16)


def load_splits(config: Config, data: Path, work: Path, words: Vocabulary) -> dict[str, Split]:
    """Both splits; what the stages before training have not made for `val` is made here."""
    if not (work / "latents-val.npy").exists():
        pixels = np.load(work / "pixels-val.npy", mmap_mode="r")
        latents.encode(pixels, latents.load_autoencoder(work / "autoencoder.safetensors"), work / "latents-val.npy")
        corpus.pack(data / "val", words, config.share_alike, work / "corpus-val.npz")
    statistics = json.loads((work / "latents.json").read_text())
    mean, deviation = (np.array(statistics[name], np.float32)[:, None, None] for name in ("mean", "deviation"))
    splits = {}
    for name in ("train", "val"):
        held = corpus.load_corpus(work / f"corpus-{name}.npz")
        drawn = prepare_captions(data / name, words, config.share_alike)
        raw = np.load(work / f"latents-{name}.npy", mmap_mode="r")
        splits[name] = Split((words, held, *drawn), (raw - mean) / deviation)
    return splits


def of_patch(config: Config, patch: int) -> Config:
    """The config with pictures cut into patches of another size."""
    size = config.shape.patch_size * patch**2 // config.patch**2
    grid = (config.shape.max_grid - 1) * config.patch // patch
    return replace(config, patch=patch, shape=replace(config.shape, patch_size=size, max_grid=grid + 1))


def positions_of(config: Config) -> int:
    """Positions of one step."""
    per_picture = (config.shape.max_grid - 1) ** 2
    return sum(shape.rows * (shape.text + shape.pictures * per_picture) for shape in (config.documents, config.captions))


def steps_of(variant: OneFlow, config: Config) -> int:
    """Steps in which a variant sees as many positions as the config's model."""
    return round(config.train.steps * positions_of(config) / positions_of(of_patch(config, variant.patch)))


def train_variant(variant: OneFlow, config: Config, split: Split, out: Path) -> Denoiser:
    """Trains a variant from nothing; resumes in `out`. Returns its averaged weights."""
    own = of_patch(config, variant.patch)
    own = replace(own, train=replace(own.train, steps=steps_of(variant, config)))
    out.mkdir(parents=True, exist_ok=True)
    mixture = variant.mixture(*split.mixture, insertion=variant.insertion)
    method = train.Method(variant.model, variant.losses)
    return train.averaged(train.train(own, mixture, split.patches(variant.patch), out, method=method)).eval()


def texts(split: Split, insertion: float, time: float) -> list[Batch]:
    """Stretches of documents with masked spans, one in a batch; the same hidden tokens for every `insertion`."""
    mixture = TimedMixture(*split.mixture, insertion=insertion)
    mixture.time = time
    drawn = []
    for index in range(JUDGED):
        rng = np.random.default_rng((7, index))
        document = mixture.corpus.document(int(rng.integers(len(mixture.corpus.starts) - 1)))
        ids, numbers = mixture.crop(*document, 255, rng)
        sample = mixture.masked_sample(with_bos(ids), numbers, 0, rng)
        if len(sample.missing) + len(sample.masked):
            drawn.append(alone(sample))
    return drawn


def alone(sample: Sample) -> Batch:
    left = [sample]
    return pack(lambda text, pictures: left.pop() if left else None, RowShape(1, len(sample.tokens), 0))


@torch.no_grad()
def judge(variant: OneFlow, model: Denoiser, split: Split) -> dict[str, float | None]:
    """A variant's figures on a split; None for what it does not learn."""
    generator = torch.Generator().manual_seed(7)
    nothing = torch.zeros(1, 0, (model.shape.max_grid - 1) ** 2, model.shape.patch_size)

    def hidden_of(batch: Batch) -> Tensor:
        return variant.read(model, batch, nothing, generator)[0].reshape(-1, model.shape.width)

    def told(time: float) -> float:
        """Share of masked tokens that are told rightly."""
        hits = []
        for batch in texts(split, 0.0, time):
            scores = variant.mask_scores(model, hidden_of(batch)[batch.mask_at])
            hits.append(scores.argmax(-1) == batch.masked)
        return float(torch.cat(hits).float().mean())

    def bag(by_masks: bool) -> float:
        """Nats per missing token when half are hidden: what the gaps say, or the mean of what a gap's masks say."""
        nats = []
        for open_batch, masked in zip(texts(split, 1.0, HALF_HIDDEN), texts(split, 0.0, HALF_HIDDEN), strict=True):
            gaps, owner = open_batch.missing_at.unique(return_inverse=True)
            if by_masks:
                each = variant.mask_scores(model, hidden_of(masked)[masked.mask_at]).softmax(-1)
                said = torch.zeros(len(gaps), each.shape[1]).index_add(0, owner, each) / owner.bincount()[:, None]
            else:
                said = model.insert_logits(hidden_of(open_batch)[gaps]).softmax(-1)
            nats.append(-said[owner, open_batch.missing].log())
        return float(torch.cat(nats).mean())

    return {
        "few": told(FEW_HIDDEN) if variant.masks else None,
        "all": told(ALL_HIDDEN) if variant.masks else None,
        "bagByGaps": bag(False) if variant.gaps else None,
        "bagByMasks": bag(True) if variant.masks and variant.calibrated else None,
        "picture": picture_error(variant, model, split),
    }


def picture_error(variant: OneFlow, model: Denoiser, split: Split) -> float:
    """The velocity's squared error over captioned pictures, at the times of training, per number of a latent."""
    mixture, generator = Mixture(*split.mixture), torch.Generator().manual_seed(7)
    patches = torch.from_numpy(split.patches(variant.patch)).float()
    total = count = 0.0
    for index in range(JUDGED):
        rng = np.random.default_rng((8, index))
        batch = pack(lambda text, pictures, rng=rng: mixture.caption_sample(rng) if pictures else None, RowShape(1, 200, 1))
        clean = patches[batch.picture_numbers.clamp(min=0)]
        part = variant.losses(model, batch, clean, generator)["image"]
        total, count = total + float(part.sum), count + part.count
    return total / count


def table(results: dict[str, dict]) -> str:
    """The figures as Markdown."""
    head = [
        "variant", "steps", "15 % of spans masked: right", "100 %: right", "nats by gaps", "nats by masks",
        "picture's error",
    ]  # fmt: skip

    rows = [
        [
            name,
            str(r["steps"]),
            report.percent(r["few"]),
            report.percent(r["all"]),
            report.number(r["bagByGaps"]),
            report.number(r["bagByMasks"]),
            report.number(r["picture"], 3),
        ]
        for name, r in results.items()
    ]
    return report.table(head, rows)


def run(config: Config, data: Path, work: Path, words: Vocabulary) -> str:
    """Trains and judges every variant that `work/ablations` does not hold; writes and returns the table."""
    out = work / "ablations"
    splits = load_splits(config, data, work, words)
    results = {}
    for kind in VARIANTS:
        variant = kind()
        folder = out / kind.__name__
        path = folder / "figures.json"
        if not path.exists():
            model = train_variant(variant, config, splits["train"], folder)
            figures = judge(variant, model, splits["val"])
            path.write_text(json.dumps({"steps": steps_of(variant, config)} | figures))
        results[variant.name] = json.loads(path.read_text())
        (out / "ablations.md").write_text(table(results) + "\n")
    return table(results)
