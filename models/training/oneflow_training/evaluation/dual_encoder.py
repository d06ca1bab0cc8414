"""A small dual encoder of pictures and captions (as in CLIP, arXiv 2103.00020): the judge of what a picture shows.

It is trained on the training split alone, never chooses anything, and its file is frozen by a hash: figures of two
models are comparable only if one judge gave them.
"""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from ..pixels import as_input
from ..vocabulary import PAD, Vocabulary

#: Pictures are looked at in this size: what an author sees at a glance, and a quarter of the work.
SIZE = 64
#: Captions are cut at so many tokens.
LENGTH = 24


class PictureBlock(nn.Module):
    """x + conv1×1(SiLU(conv3×3(norm(x)))): the residual block of the picture encoder."""

    def __init__(self, channels: int):
        super().__init__()
        self.norm = nn.GroupNorm(1, channels)
        self.mix = nn.Conv2d(channels, channels, 3, padding=1)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.out(F.silu(self.mix(self.norm(x))))


def picture_encoder(width: int, features: int) -> nn.Sequential:
    """RGB in −1…1 [B,3,64,64] → features [B,F]: 16×16, 8×8, 4×4 cells, each stage twice as wide."""
    layers: list[nn.Module] = [nn.PixelUnshuffle(4), nn.Conv2d(48, width, 3, padding=1)]
    for stage in range(3):
        channels = width * 2**stage
        layers += [PictureBlock(channels), PictureBlock(channels)]
        if stage < 2:
            layers += [nn.GroupNorm(1, channels), nn.Conv2d(channels, 2 * channels, 2, stride=2)]
    last = 4 * width
    return nn.Sequential(*layers, nn.GroupNorm(1, last), nn.SiLU(), nn.Flatten(), nn.Linear(last * 16, features))


class TextEncoder(nn.Module):
    """Token ids [B,L] → features [B,F]: embedded tokens and places, two transformer layers, the mean over the tokens."""

    def __init__(self, vocabulary: int, features: int):
        super().__init__()
        width = features
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(LENGTH, width)
        layer = nn.TransformerEncoderLayer(
            width, width // 64 or 1, 2 * width, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(width, features)
        nn.init.normal_(self.tokens.weight, std=0.05)
        nn.init.normal_(self.places.weight, std=0.02)

    def forward(self, ids: Tensor) -> Tensor:
        present = ids != PAD
        x = self.tokens(ids) + self.places.weight[: ids.shape[1]]
        x = self.layers(x, src_key_padding_mask=~present)
        weight = present[..., None].to(x.dtype)
        return self.out((x * weight).sum(1) / weight.sum(1))


class DualEncoder(nn.Module):
    """Pictures and captions as unit vectors whose products say how well they fit; it keeps its own tokenizer."""

    def __init__(self, vocabulary: Vocabulary, width: int, features: int):
        super().__init__()
        self.vocabulary = vocabulary
        self.sizes = {"width": width, "features": features}
        self.pictures = picture_encoder(width, features)
        self.texts = TextEncoder(vocabulary.size, features)
        #: Logarithm of the inverse temperature of the contrast.
        self.scale = nn.Parameter(torch.tensor(math.log(15.0)))

    def ids(self, captions: list[str]) -> Tensor:
        """Captions → padded token ids [B,L]."""
        encoded = [(self.vocabulary.encode(caption.lower()) or [PAD + 1])[:LENGTH] for caption in captions]
        longest = max(map(len, encoded))
        return torch.tensor([ids + [PAD] * (longest - len(ids)) for ids in encoded])

    @torch.inference_mode()
    def picture_features(self, pixels: np.ndarray, batch: int = 256) -> np.ndarray:
        """uint8 [N,S,S,3] → unit vectors [N,F]."""
        parts = [self.pictures(as_seen(pixels[i : i + batch])) for i in range(0, len(pixels), batch)]
        return F.normalize(torch.cat(parts), dim=-1).numpy()

    @torch.inference_mode()
    def text_features(self, captions: list[str], batch: int = 256) -> np.ndarray:
        """Captions → unit vectors [N,F]."""
        parts = [self.texts(self.ids(captions[i : i + batch])) for i in range(0, len(captions), batch)]
        return F.normalize(torch.cat(parts), dim=-1).numpy()


def as_seen(pixels: np.ndarray) -> Tensor:
    """uint8 [N,S,S,3], S a multiple of 64 → what the picture encoder looks at: −1…1 [N,3,64,64]."""
    return F.avg_pool2d(as_input(pixels), pixels.shape[1] // SIZE) * 2 - 1


def save(model: DualEncoder, path: Path) -> None:
    """Writes weights (fp16), sizes and tokenizer into one file."""
    # One entry: the format writes several in no fixed order, and the file must hash to the same.
    metadata = {"model": json.dumps({"sizes": model.sizes, "tokenizer": model.vocabulary.tokenizer.to_str()})}
    save_file({name: value.half().contiguous() for name, value in model.state_dict().items()}, path, metadata)


def load(path: Path, expected: str) -> DualEncoder:
    """The dual encoder of a file.

    Raises ValueError if the file's SHA-256 is not `expected`: figures of another judge would stand in one table with
    this one's.
    """
    found = sha256(path)
    if found != expected:
        raise ValueError(f"{path} has the SHA-256 {found}, but the dual encoder that judges is {expected}")
    with safe_open(path, "pt") as file:
        held = json.loads(file.metadata()["model"])
        weights = {name: file.get_tensor(name).float() for name in file.keys()}
    words = Vocabulary(Tokenizer.from_str(held["tokenizer"]), ())
    model = DualEncoder(words, **held["sizes"])
    model.load_state_dict(weights)
    return model.eval()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
