"""Pictures for people to look at."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

CAPTION_HEIGHT = 16


def contact_sheet(pixels: np.ndarray, names: list[str] | None, path: Path, columns: int = 10) -> None:
    """Pictures [N,S,S,3] in a grid, each with its caption, or without any."""
    count, edge = pixels.shape[:2]
    height = edge + (CAPTION_HEIGHT if names else 4)
    sheet = Image.new("RGB", (columns * (edge + 4), -(-count // columns) * height), "white")
    pen = ImageDraw.Draw(sheet)
    for index in range(count):
        x, y = index % columns * (edge + 4), index // columns * height
        sheet.paste(Image.fromarray(pixels[index]), (x, y))
        if names:
            pen.text((x + 2, y + edge + 2), names[index][:21], fill="black")
    sheet.save(path)


def fresh_eyes(pixels: np.ndarray, captions: list[str], folder: Path, columns: int = 8) -> None:
    """A sheet without captions for somebody who does not know them, and the key in a file of its own."""
    contact_sheet(pixels, None, folder / "fresh-eyes.png", columns)
    lines = [f"row {i // columns + 1}, column {i % columns + 1}: {caption}" for i, caption in enumerate(captions)]
    (folder / "fresh-eyes-key.txt").write_text("\n".join(lines) + "\n")
