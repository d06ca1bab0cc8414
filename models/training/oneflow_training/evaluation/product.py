"""The product's own engine as a process: Markdown with marks in, what the model makes of each mask out.

One process for all documents, with the package loaded once. Texts come before the product makes them safe for an
author's document, so that what the model really wrote is judged.
"""

import base64
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

#: The project's root, from which the engine is built.
ROOT = Path(__file__).parents[4]


@dataclass(frozen=True)
class Span:
    """A generated text and how many tokens it has."""

    text: str
    tokens: int


@dataclass(frozen=True)
class Refined:
    """What came of a document's masks, each kind in document order; a picture is uint8 [S,S,3]."""

    passes: int
    spans: list[Span]
    pictures: list[np.ndarray]


class Product:
    """The engine with a package, as a context manager. `work` gets the built program (`samples.cjs`)."""

    def __init__(self, package: Path, work: Path, threads: int):
        subprocess.run(["node", ROOT / "scripts/build.mjs", "--outdir", work.resolve(), "samples"], check=True)
        self.process = subprocess.Popen(
            ["node", work / "samples.cjs", package, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # The native packages lie in the project, whose folder `work` need not be in.
            env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
        )

    def __enter__(self) -> "Product":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def refine(
        self, markdown: str, seed: int, steps: int | None = None, defaults: dict | None = None
    ) -> Refined:
        """Refines a document, in as many steps and with the settings that the package says unless they are given.

        `defaults` are all of model.json's. The document's pictures are read where their paths are absolute.
        """
        options = {"steps": steps, "defaults": defaults}
        request = {"markdown": markdown, "seed": seed} | {k: v for k, v in options.items() if v is not None}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The engine ended with exit code {self.process.wait()}; its message is above")
        answer = json.loads(line)
        return Refined(
            answer["passes"],
            [Span(span["text"], span["tokens"]) for span in answer["spans"]],
            [
                np.frombuffer(base64.b64decode(p["rgb"]), np.uint8).reshape(p["size"], p["size"], 3)
                for p in answer["pictures"]
            ],
        )

    def draw(self, records: list[dict], seed: int, steps: int | None = None, per_document: int = 1) -> np.ndarray:
        """Pictures for caption records, so many to a document, seeds counted up by document: uint8 [N,S,S,3]."""
        slots = [slot(r["alt"], r["style"]) for r in records]
        documents = ["\n".join(slots[i : i + per_document]) for i in range(0, len(slots), per_document)]
        return np.stack(
            [picture for i, text in enumerate(documents) for picture in self.refine(text, seed + i, steps).pictures]
        )


def slot(alt: str, style: str) -> str:
    """A document that is one picture to be drawn."""
    escaped = re.sub(r"([\\\[\]])", r"\\\1", alt)
    return f"![{escaped}](mask:?style={style})\n"
