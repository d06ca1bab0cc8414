"""Whether a picture can be told by its caption: the dual encoder picks one of several captions of one style and kind."""

import numpy as np

from .dual_encoder import DualEncoder
from .gallery import Gallery, Picture


class Retrieval:
    """The captions among which the pictures of a group are looked up; the same for every source of pictures."""

    def __init__(self, encoder: DualEncoder, gallery: Gallery, pictures: list[Picture], candidates: int, seed: int):
        rng = np.random.default_rng(seed)
        self.encoder = encoder
        self.texts = [
            encoder.text_features([p.record["alt"], *rng.choice(gallery.rivals(p), candidates - 1, replace=False)])
            for p in pictures
        ]

    def at_one(self, pixels: np.ndarray) -> float:
        """Share of pictures [N,S,S,3] whose own caption fits them best."""
        features = self.encoder.picture_features(pixels)
        return float(
            np.mean([(texts @ feature).argmax() == 0 for texts, feature in zip(self.texts, features, strict=True)])
        )


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """Fréchet distance of normal distributions fitted to features [N,F] and [M,F] (Heusel et al., arXiv 1706.08500).

    |μ_a − μ_b|² + tr(Σ_a + Σ_b − 2(Σ_a Σ_b)^½); the last trace by the eigenvalues of Σ_a^½ Σ_b Σ_a^½.
    """
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
    mixed = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(min=0)).sum()
    difference = a.mean(0) - b.mean(0)
    return float(difference @ difference + np.trace(first) + np.trace(second) - 2 * mixed)
