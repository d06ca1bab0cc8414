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

    @property
    def unseen(self) -> bool:
        """Whether nothing of its concept is in the training split."""
        return self.record.get("held") == "concept"


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
        #: Pictures whose captions rival with each other: of one manner, all with unseen concepts or all from training.
        self.fields: dict[tuple, list[Picture]] = {}
        for picture in self.pictures["train"] + [p for p in self.pictures["val"] if p.unseen]:
            self.fields.setdefault((picture.manner, picture.unseen), []).append(picture)

    def pixels(self, pictures: list[Picture]) -> np.ndarray:
        """uint8 [N,S,S,3]."""
        return np.stack([self.arrays[p.split][p.number] for p in pictures])

    def mean_colours(self, pictures: list[Picture]) -> np.ndarray:
        """Mean red, green and blue of each picture, 0–255 [N,3]."""
        return np.stack([self.arrays[p.split][p.number].mean((0, 1), dtype=np.float32) for p in pictures])

    def rivals(self, picture: Picture) -> list[str]:
        """Other captions of the picture's manner, of other concepts, as new as its own, sorted.

        Among captions that the dual encoder was trained on, one with an unseen concept would stand out, or be lost, by
        its newness alone.
        """
        own = picture.record
        return sorted(
            {
                p.record["alt"].lower()
                for p in self.fields.get((picture.manner, picture.unseen), [])
                if p.record["concept"] != own["concept"]
            }
            - {own["alt"].lower()}
        )


def groups(gallery: Gallery, count: int, candidates: int, seed: int) -> dict[str, list[Picture]]:
    """Three groups of pictures that differ in how new their captions are, and in nothing else that can be helped.

    `pair`: concept and style are in the training split, their combination is not. `seen` and `concept`: for each of
    these a training picture, and one of a concept that is not in the training split, in the same style and kind. Every
    caption has at least `candidates` − 1 rivals.
    """
    rng = np.random.default_rng(seed)
    pools: dict[str, dict[tuple[str, str], list[Picture]]] = {"seen": {}, "pair": {}, "concept": {}}
    for name, split, held in (("seen", "train", None), ("pair", "val", "pair"), ("concept", "val", "concept")):
        for index in rng.permutation(len(gallery.pictures[split])):
            picture = gallery.pictures[split][index]
            if picture.record.get("held") == held:
                pools[name].setdefault(picture.manner, []).append(picture)

    def take(name: str, manner: tuple[str, str]) -> Picture | None:
        """The next picture of a manner that has enough rivals."""
        left = pools[name].get(manner, [])
        while left:
            picture = left.pop()
            if len(gallery.rivals(picture)) >= candidates - 1:
                return picture
        return None

    chosen: dict[str, list[Picture]] = {name: [] for name in pools}
    order = [manner for manner, pictures in pools["pair"].items() for _ in pictures]
    for index in rng.permutation(len(order)):
        taken = {name: take(name, order[index]) for name in pools}
        if all(taken.values()) and len(chosen["pair"]) < count:
            for name, picture in taken.items():
                chosen[name].append(picture)
    return chosen
