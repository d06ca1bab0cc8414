"""Reads a data split: captioned pictures in one blob, Markdown documents, documents with picture slots.

A split is a folder with `captions.jsonl.gz`, `images.bin`, `docs.jsonl.gz` and `interleaved.jsonl.gz`.
"""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image


def read_lines(path: Path, share_alike: bool = True) -> Iterator[dict]:
    """The records of a gzipped JSON-lines file; without `share_alike`, those under CC-BY-SA are left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if share_alike or not record["license"].startswith("CC-BY-SA"):
                yield record


def captions(split: Path, share_alike: bool = True) -> list[dict]:
    """The caption records of a split, in file order."""
    return list(read_lines(split / "captions.jsonl.gz", share_alike))


class Pictures:
    """The pictures of a split, read on demand from the blob."""

    def __init__(self, split: Path):
        self.blob = np.memmap(split / "images.bin", dtype=np.uint8, mode="r")

    def pixels(self, record: dict) -> np.ndarray:
        """The picture of a caption record: uint8 [128,128,3]."""
        start = record["offset"]
        data = self.blob[start : start + record["size"]].tobytes()
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
