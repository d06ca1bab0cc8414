"""The captioned pictures of both splits, and which of them are judged."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..corpus import LEFT_OUT
from ..data import captions


@dataclass(frozen=True)
class Picture:
    """A captioned picture of a split and its number there."""

    split: str
    number: int
    record: dict

    @property
    def manner(self) -> tuple[str, str]:
        """Style and kind: captions are told apart within one manner, or the style would give them away."""
        return self.record["style"], self.record["kind"]


class Gallery:
    """All pictures that may be drawn, by split, with their pixels as the `prepare` stage decoded them."""

    def __init__(self, data: Path, work: Path, share_alike: bool):
        self.arrays = {split: np.load(work / f"pixels-{split}.npy", mmap_mode="r") for split in ("train", "val")}
        self.pictures = {
            split: [
                Picture(split, number, record)
                for number, record in enumerate(captions(data / split, share_alike))
                if record["kind"] not in LEFT_OUT
            ]
            for split in ("train", "val")
        }
        self.by_manner: dict[tuple[str, str], list[Picture]] = {}
        for picture in self.pictures["train"] + self.pictures["val"]:
            self.by_manner.setdefault(picture.manner, []).append(picture)

    def pixels(self, pictures: list[Picture]) -> np.ndarray:
        """uint8 [N,S,S,3]."""
        return np.stack([self.arrays[p.split][p.number] for p in pictures])

    def mean_colours(self, pictures: list[Picture]) -> np.ndarray:
        """Mean red, green and blue of each picture, 0–255 [N,3]."""
        return np.stack([self.arrays[p.split][p.number].mean((0, 1), dtype=np.float32) for p in pictures])

    def rivals(self, picture: Picture, count: int, rng: np.random.Generator) -> list[str]:
        """`count` different captions of the picture's manner, of other concepts; fewer if there are not so many."""
        own = {picture.record["alt"].lower()}
        others = {
            p.record["alt"].lower(): p
            for p in self.by_manner[picture.manner]
            if p.record["concept"] != picture.record["concept"]
        }
        names = sorted(set(others) - own)
        return [names[i] for i in rng.choice(len(names), min(count, len(names)), replace=False)]


def groups(gallery: Gallery, count: int, seed: int) -> dict[str, list[Picture]]:
    """Three groups of pictures that differ in how new their captions are, and in nothing else that can be helped.

    `pair`: concept and style are in the training split, their combination is not. `seen` and `concept`: for each of
    these a training picture, and one of a concept that is not in the training split, in the same style and kind.
    """
    rng = np.random.default_rng(seed)

    def pool(split: str, held: str | None) -> dict[tuple[str, str], list[Picture]]:
        found: dict[tuple[str, str], list[Picture]] = {}
        for index in rng.permutation(len(gallery.pictures[split])):
            picture = gallery.pictures[split][index]
            if held is None or picture.record.get("held") == held:
                found.setdefault(picture.manner, []).append(picture)
        return found

    pairs = [p for p in gallery.pictures["val"] if p.record.get("held") == "pair"]
    pools = {"seen": pool("train", None), "concept": pool("val", "concept")}
    chosen: dict[str, list[Picture]] = {"seen": [], "pair": [], "concept": []}
    for index in rng.permutation(len(pairs)):
        pair = pairs[index]
        if len(chosen["pair"]) == count or not all(p.get(pair.manner) for p in pools.values()):
            continue
        chosen["pair"].append(pair)
        for name, pool_by_manner in pools.items():
            chosen[name].append(pool_by_manner[pair.manner].pop())
    return chosen
