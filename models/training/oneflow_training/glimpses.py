"""Samples of a run, logged beside its losses: what the averaged weights write and draw, small and cheap.

Texts are grown by insertion (OneFlow Alg. 2) without guidance, pictures drawn in a few Euler steps and shown by the
linear preview. The product's sampler does more; this is to see from afar how a run goes.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .batches import patch_positions
from .mixture import Caption
from .model import Denoiser, time_features
from .patches import from_patches
from .vocabulary import BOS, FIRST_TEXT, IMAGE, Vocabulary

STEPS = 12
GUIDANCE = 3.0
PICTURES = 8
#: What stands before and after a blank.
BLANKS = (
    ("# Tomato soup\n\nPeel the onion and ", ".\n\nServe it hot with bread.\n"),
    ("# How to plant a tree\n\n1. Dig a hole.\n\n2. ", "\n\n3. Water it well.\n"),
    ("# The fox\n\nOnce upon a time there was ", " who lived in the wood.\n"),
)


@dataclass(frozen=True)
class Preview:
    """The linear map of standardised latents to a small picture."""

    matrix: np.ndarray
    offset: np.ndarray
    patch: int

    def show(self, patches: np.ndarray) -> np.ndarray:
        """Patches [N,P,numbers] → uint8 [N,h,w,3]."""
        latents = from_patches(patches, self.matrix.shape[1], self.patch)
        pixels = np.einsum("rc,nchw->nhwr", self.matrix, latents) + self.offset
        return (pixels.clip(0, 1) * 255).astype(np.uint8)


def load_preview(work: Path, patch: int) -> Preview:
    statistics = json.loads((work / "latents.json").read_text())
    return Preview(np.array(statistics["matrix"]), np.array(statistics["offset"]), patch)


class Glimpses:
    """Writes `samples.txt` and `samples.png` in `out`: a paragraph and a row of pictures each time it is asked."""

    def __init__(self, words: Vocabulary, captions: list[Caption], preview: Preview, out: Path):
        self.words, self.preview, self.out = words, preview, out
        middle = words.encode("](")
        chosen = captions[:: max(1, len(captions) // PICTURES)][:PICTURES]
        self.prompts = [[*words.encode("!["), *c.alt, *middle, c.style, IMAGE] for c in chosen]
        self.blanks = [(words.encode(before), words.encode(after)) for before, after in BLANKS]

    @torch.no_grad()
    def take(self, model: Denoiser, step: int) -> None:
        """Samples of the weights at a step, the same noise each time."""
        generator = torch.Generator().manual_seed(7)
        written = [self.words.decode(grow(model, *blank, generator)) for blank in self.blanks]
        with (self.out / "samples.txt").open("a") as texts:
            texts.write(f"step {step}\n" + "".join(f"  {json.dumps(text)}\n" for text in written))
        drawn = np.stack([draw(model, prompt, generator).numpy() for prompt in self.prompts])
        strip = np.concatenate(list(self.preview.show(drawn)), axis=1)
        path = self.out / "samples.png"
        if path.exists():
            strip = np.concatenate([np.asarray(Image.open(path).convert("RGB")), strip], axis=0)
        Image.fromarray(strip).save(path)


def grow(model: Denoiser, before: list[int], after: list[int], generator: torch.Generator) -> list[int]:
    """What is inserted between two texts, at most one token in each gap at each step."""
    middle: list[int] = []
    for step in range(STEPS):
        tokens = torch.tensor([[BOS, *before, *middle, *after]])
        gaps = slice(len(before), len(before) + len(middle) + 1)
        opened = torch.zeros_like(tokens)
        opened[0, gaps] = 1
        nothing = torch.zeros(1, 0, model.shape.patch_size)
        text, _, _ = model.trunk(
            tokens, torch.arange(tokens.shape[1])[None], torch.zeros_like(tokens), opened, *picture_inputs(model, nothing, [], 0)
        )
        empty, rate = model.gaps(text[0, gaps])
        # P(some are missing) · P(one comes now): with uniform steps ρ = 1/(steps left).
        chance = (1 - empty.sigmoid()) * (rate / (STEPS - step)).clamp(max=1)
        logits = model.insert_logits(text[0, gaps])
        logits[:, :FIRST_TEXT] = -torch.inf
        chosen = torch.multinomial(logits.softmax(-1), 1, generator=generator)[:, 0]
        comes = torch.rand(len(chance), generator=generator) < chance
        for gap in reversed(comes.nonzero()[:, 0].tolist()):
            middle.insert(gap, int(chosen[gap]))
    return middle


def draw(model: Denoiser, prompt: list[int], generator: torch.Generator) -> torch.Tensor:
    """Standardised patches [P,numbers] of the picture of a prompt that ends in its `<|image|>`."""
    patches = (model.shape.max_grid - 1) ** 2
    state = torch.randn(1, patches, model.shape.patch_size, generator=generator)
    # One row: the prompt with its picture, and the picture without any prompt.
    row = torch.tensor([[BOS, *prompt, BOS, IMAGE]])
    sequences = torch.tensor([[0] * (len(prompt) + 1) + [1, 1]])
    positions = torch.tensor([[*range(len(prompt) + 1), 0, 1]])
    for step in range(STEPS):
        both = picture_inputs(model, state.repeat(1, 2, 1), [len(prompt), 1], step / STEPS)
        _, hidden, time = model.trunk(row, positions, sequences, torch.zeros_like(row), *both)
        told, free = model.clean_patches(hidden, time).chunk(2, dim=1)
        # Euler with v = (Ŷ − Y_t)/(1 − t) and dt = 1/STEPS.
        state = state + (free + GUIDANCE * (told - free) - state) / (STEPS - step)
    return state[0]


def picture_inputs(model: Denoiser, patches: torch.Tensor, places: list[int], time: float) -> tuple[torch.Tensor, ...]:
    """The trunk's last four inputs for pictures at `places`, each of a sequence of its own, all at one time."""
    each = (model.shape.max_grid - 1) ** 2
    at = torch.tensor([places], dtype=torch.long)
    owners = torch.arange(len(places)).repeat_interleave(each)[None]
    times = torch.full(owners.shape, time)
    return patches, patch_positions(at, model.shape.max_grid - 1), owners, time_features(times, model.shape.time_frequencies)
