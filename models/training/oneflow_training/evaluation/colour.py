"""Mean colours: the least that a caption decides about a picture."""

import numpy as np

from .gallery import Gallery, Picture


def agreements(guesses: np.ndarray, own: np.ndarray) -> np.ndarray:
    """For each guess [N,D] the share of the others' values [N,D] that it is farther from than from its own [N].

    The expectation is that of one random other each, with less noise. Half is chance.
    """
    distances = np.linalg.norm(guesses[:, None] - own[None], axis=-1)
    # None is nearer to its own than its own is.
    return (distances.diagonal()[:, None] < distances).sum(1) / (len(own) - 1)


def agreement(guesses: np.ndarray, own: np.ndarray) -> float:
    """How often a guess [N,3] is nearer to its own picture's mean colour [N,3] than to another's; all others count."""
    return float(agreements(guesses, own).mean())


def style_means(gallery: Gallery, pictures: list[Picture], most: int = 300) -> np.ndarray:
    """For each picture the mean colour of its style's training pictures [N,3]: a guess that reads no caption."""
    by_style: dict[str, list[Picture]] = {}
    for picture in gallery.pictures["train"]:
        by_style.setdefault(picture.record["style"], []).append(picture)
    means = {
        style: gallery.mean_colours(by_style[style][:: max(1, len(by_style[style]) // most)]).mean(0)
        for style in {p.record["style"] for p in pictures}
    }
    return np.stack([means[p.record["style"]] for p in pictures])


def judge(gallery: Gallery, pictures: list[Picture], drawn: np.ndarray, nearest: list[Picture]) -> dict:
    """Agreement of the generated pictures [N,S,S,3] and of the two baselines."""
    own = gallery.mean_colours(pictures)
    return {
        "pictures": len(pictures),
        "model": agreement(drawn.mean((1, 2), dtype=np.float32), own),
        "styleMean": agreement(style_means(gallery, pictures), own),
        "nearestCaption": agreement(gallery.mean_colours(nearest), own),
    }
