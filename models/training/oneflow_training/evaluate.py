"""Judges a package as a user would run it: masked val documents go through the command line, results are counted.

Words: what share of the generated words occurs in the training texts. Pictures: how often the mean colour of a
generated picture is nearer to its own val picture's than to a random other's.
"""

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from .corpus import LEFT_OUT, SLOT
from .data import Pictures, captions, read_lines

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
OWN_LINE = "<!--mask-->\n{}\n<!--/mask-->"


@dataclass(frozen=True)
class Product:
    """The command line that refines with the package."""

    cli: Path
    package: Path

    def refine(self, markdown: str, folder: Path, seed: int) -> dict:
        """Runs `oneflow refine` on a document in an empty folder and returns its JSON."""
        source = folder / "document.md"
        source.write_text(markdown, encoding="utf-8")
        command = ["node", self.cli, "refine", source, "--json", "--quiet", "--seed", str(seed), "--model", self.package]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def training_words(data: Path) -> set[str]:
    """Every word of the training texts and captions, in lower case."""
    words: set[str] = set()
    for record in read_lines(data / "train" / "docs.jsonl.gz"):
        words.update(word.lower() for word in WORD.findall(record["text"]))
    for record in captions(data / "train"):
        words.update(word.lower() for word in WORD.findall(record["caption"] + " " + record["alt"]))
    return words


def masked_documents(data: Path, count: int, seed: int) -> list[str]:
    """Short val documents in which one or two blocks of text and the end of a sentence are to be written anew."""
    rng = np.random.default_rng(seed)
    chosen = []
    for record in read_lines(data / "val" / "docs.jsonl.gz"):
        blocks = SLOT.sub("", record["text"]).split("\n\n")[:7]
        long = [i for i, block in enumerate(blocks) if i > 0 and 80 < len(block) < 500 and "<" not in block]
        if len(long) >= 3 and sum(map(len, blocks)) < 1400:
            first, second, third = rng.choice(long, 3, replace=False)
            blocks[first] = OWN_LINE.format("")
            blocks[second] = OWN_LINE.format(blocks[second])
            words = blocks[third].split(" ")
            blocks[third] = " ".join([*words[: len(words) // 2], "<!--mask--><!--/mask-->"])
            chosen.append("\n\n".join(blocks) + "\n")
    return [chosen[i] for i in rng.choice(len(chosen), count, replace=False)]


def word_share(product: Product, data: Path, count: int = 30, seed: int = 7) -> dict:
    """Share of generated words that the training texts contain, with the texts that were generated."""
    known = training_words(data)
    texts: list[str] = []
    for index, document in enumerate(masked_documents(data, count, seed)):
        with tempfile.TemporaryDirectory() as folder:
            texts += [mask["after"] for mask in product.refine(document, Path(folder), seed + index)["masks"]]
    words = [word.lower() for text in texts for word in WORD.findall(text)]
    return {"words": len(words), "known": sum(word in known for word in words) / len(words), "texts": texts}


def colour_agreement(product: Product, data: Path, sheet: Path, count: int = 100, seed: int = 7) -> float:
    """Share of val captions whose generated picture's mean colour is nearer to their own picture's than to a random other's."""
    rng = np.random.default_rng(seed)
    records = [r for r in captions(data / "val") if r["kind"] not in LEFT_OUT]
    chosen = [records[i] for i in rng.choice(len(records), count, replace=False)]
    pictures = Pictures(data / "val")
    generated: list[Image.Image] = []
    for index, record in enumerate(chosen):
        slot = f"![{record['alt']}](mask:?style={record['style']})\n"
        with tempfile.TemporaryDirectory() as folder:
            (mask,) = product.refine(slot, Path(folder), seed + index)["masks"]
            with Image.open(Path(folder) / mask["file"]) as picture:
                generated.append(picture.convert("RGB").resize((128, 128)))
    contact_sheet(generated, [r["alt"] for r in chosen], sheet)
    means = np.stack([np.asarray(p, np.float32).mean((0, 1)) for p in generated])
    own = np.stack([pictures.pixels(r).astype(np.float32).mean((0, 1)) for r in chosen])
    other = own[(np.arange(count) + rng.integers(1, count, count)) % count]
    return float((np.linalg.norm(means - own, axis=1) < np.linalg.norm(means - other, axis=1)).mean())


def contact_sheet(pictures: list[Image.Image], names: list[str], path: Path, columns: int = 10) -> None:
    """Pictures in a grid, each with its caption."""
    edge, text = 128, 16
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * edge, rows * (edge + text)), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        x, y = index % columns * edge, index // columns * (edge + text)
        sheet.paste(picture, (x, y))
        pen.text((x + 2, y + edge + 2), name[:21], fill="black")
    sheet.save(path)


def evaluate(product: Product, data: Path, work: Path) -> dict:
    """Both judgements; the texts and the contact sheet are written to `work`."""
    words = word_share(product, data)
    (work / "generated.txt").write_text("\n\n---\n\n".join(words.pop("texts")))
    colour = colour_agreement(product, data, work / "contact-sheet.png")
    result = {"generatedWords": words["words"], "knownWordShare": words["known"], "colourAgreement": colour}
    (work / "evaluation.json").write_text(json.dumps(result, indent=2) + "\n")
    return result
