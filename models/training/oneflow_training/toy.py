"""A small data set that the package draws and writes itself, in the format of the real one, to try every stage on."""

import gzip
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

COLOURS = {"red": (220, 40, 40), "green": (40, 170, 60), "blue": (40, 80, 220), "yellow": (240, 200, 40)}
SHAPES = ("disc", "square", "triangle")
STYLES = ("flat", "line")
SIZE = 128


def draw(shape: str, colour: tuple[int, int, int], style: str, shift: int) -> bytes:
    """One shape on white as a lossless WebP file."""
    picture = Image.new("RGB", (SIZE, SIZE), "white")
    box = (24 + shift, 24, 104 + shift, 104)
    look = {"fill": colour} if style == "flat" else {"outline": colour, "width": 6}
    pen = ImageDraw.Draw(picture)
    if shape == "disc":
        pen.ellipse(box, **look)
    elif shape == "square":
        pen.rectangle(box, **look)
    else:
        pen.polygon([(box[0], 104), (box[2], 104), ((box[0] + box[2]) // 2, 24)], **look)
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True)
    return file.getvalue()


def write_lines(path: Path, records: list[dict]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


def write_split(folder: Path, seed: int, copies: int, held: tuple[str, ...] = ()) -> None:
    """Writes one split: every shape in every colour and style `copies` times, and a short text about each.

    Captions get the `held` reasons in turn: why the real data set keeps a caption out of its training split.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    blob = b""
    captions, docs, interleaved = [], [], []
    common = {"license": "CC0", "source": "drawn"}
    for copy in range(copies):
        for shape in SHAPES:
            for colour, rgb in COLOURS.items():
                for style in STYLES:
                    data = draw(shape, rgb, style, int(rng.integers(-16, 17)))
                    name = f"{style}/{colour}-{shape}-{copy}"
                    alt = f"a {colour} {shape}"
                    captions.append(
                        {
                            "id": name,
                            "alt": alt,
                            "caption": f"{alt}; {style} drawing",
                            "concept": f"{colour} {shape}",
                            "style": style,
                            "style_phrase": f"{style} drawing",
                            "kind": "icon",
                            "offset": len(blob),
                            "size": len(data),
                            **({"held": held[len(captions) // len(STYLES) % len(held)]} if held else {}),
                            **common,
                        }
                    )
                    blob += data
                    text = (
                        f"# The {colour} {shape}\n\nTake a sheet of paper. Draw {alt} in the middle of it, "
                        f"and let it dry for {rng.integers(2, 9)} minutes.\n\n"
                    )
                    steps = (
                        f"- Cut out the {shape}.\n- Paste it on a card.\n\nNow the {colour} card is ready. Write a name "
                        f"under the {shape}, fold it, and put it on the table.\n\nWhen it has been seen by all, hang it "
                        f"on the wall, or give it to somebody who is fond of {colour} things."
                    )
                    title = {"title": f"The {colour} {shape}", "kind": "howto", "style": style, **common}
                    docs.append({"id": f"t{copy}:{name}", "text": text + steps, **title})
                    interleaved.append(
                        {
                            "id": f"i{copy}:{name}",
                            "src": docs[-1]["id"],
                            "text": f"{text}![{alt}](img:{name})\n\n{steps}",
                            **title,
                        }
                    )
    (folder / "images.bin").write_bytes(blob)
    write_lines(folder / "captions.jsonl.gz", captions)
    write_lines(folder / "docs.jsonl.gz", docs)
    write_lines(folder / "interleaved.jsonl.gz", interleaved)


def write_toy_data(folder: Path) -> None:
    """Writes `folder/train`, `folder/val` and the attribution page."""
    write_split(folder / "train", seed=1, copies=3)
    write_split(folder / "val", seed=2, copies=1, held=("pair", "concept"))
    (folder / "LICENSES.md").write_text("# Attribution\n\nDrawn by this package; CC0.\n")
