"""The picture baseline: show the training picture whose caption is nearest, as a search would."""

import math

import numpy as np

from .gallery import Gallery, Picture
from .spans import WORD


def words_of(caption: str) -> frozenset[str]:
    return frozenset(word.lower() for word in WORD.findall(caption))


class NearestCaption:
    """Finds the training picture of the same manner whose alt text has the most telling words in common."""

    def __init__(self, gallery: Gallery):
        self.by_manner: dict[tuple[str, str], list[tuple[frozenset[str], Picture]]] = {}
        counts: dict[str, int] = {}
        for picture in gallery.pictures["train"]:
            words = words_of(picture.record["alt"])
            self.by_manner.setdefault(picture.manner, []).append((words, picture))
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        total = len(gallery.pictures["train"])
        #: Squared inverse document frequency of each word.
        self.telling = {word: math.log(total / count) ** 2 for word, count in counts.items()}
        self.rarest = math.log(total) ** 2

    def weight(self, words: frozenset[str]) -> float:
        return sum(self.telling.get(word, self.rarest) for word in words)

    def find(self, picture: Picture) -> Picture:
        """By the cosine of tf-idf vectors; the first of equals."""
        wanted = words_of(picture.record["alt"])
        entries = self.by_manner[picture.manner]
        scores = [
            self.weight(wanted & words) / math.sqrt((self.weight(wanted) * self.weight(words)) or 1.0)
            for words, _ in entries
        ]
        return entries[int(np.argmax(scores))][1]
