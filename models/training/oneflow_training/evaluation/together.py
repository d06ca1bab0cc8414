"""Whether alt text and picture fit each other when the product makes both at once, from nothing."""

import numpy as np

from .dual_encoder import DualEncoder
from .product import Product


def judge(product: Product, encoder: DualEncoder, styles: list[str], seed: int) -> dict:
    """One pair for each of `styles`; a pair's score is held against the picture with the texts of the same style.

    No title says what to make, so text and picture can agree only because they were made together.
    """
    texts, pictures = [], []
    for index, style in enumerate(styles):
        refined = product.refine(f"![<!--mask/-->](mask:?style={style})\n", seed + index)
        texts.append(refined.spans[0].text.strip())
        pictures.append(refined.pictures[0])
    scores = encoder.picture_features(np.stack(pictures)) @ encoder.text_features(texts).T
    names = np.array(styles)
    others = (names[:, None] == names[None]) & ~np.eye(len(names), dtype=bool)
    matched = scores.diagonal()
    return {
        "pairs": len(styles),
        "score": float(matched.mean()),
        "shuffledScore": float(scores[others].mean()),
        "nearerThanShuffled": float((matched[:, None] > scores)[others].mean()),
        "texts": texts,
    }
