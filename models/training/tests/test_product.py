"""The engine of the evaluation is the product's: the same documents and seeds give what the command line gives."""

import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from oneflow_training.evaluation.product import ROOT, Product, slot

PACKAGE = ROOT / "models" / "oneflow-mini"
DOCUMENT = "# Soup\n\nAdd the onion <!--mask length=4--><!--/mask--> and stir.\n\n![an onion](mask:?style=noto&size=128)\n"


@pytest.fixture(scope="module")
def refined(tmp_path_factory):
    with Product(PACKAGE, tmp_path_factory.mktemp("engine"), threads=1) as product:
        return product.refine(DOCUMENT, seed=5, steps=4)


def test_the_engine_gives_what_the_command_line_gives(refined, tmp_path):
    subprocess.run(["node", ROOT / "scripts/build.mjs", "--outdir", tmp_path / "dist"], check=True)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (tmp_path / "soup.md").write_text(DOCUMENT)
    command = ["node", tmp_path / "dist/cli.cjs", "refine", tmp_path / "soup.md", "--json", "--quiet"]
    options = ["--model", PACKAGE, "--seed", "5", "--steps", "4"]
    run = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
    span, picture = json.loads(run.stdout)["masks"]
    assert refined.spans[0].text.strip() == span["after"].strip()
    assert refined.spans[0].tokens == span["tokens"] == 4
    with Image.open(tmp_path / picture["file"]) as image:
        shown = np.asarray(image.convert("RGB"), int)
    # The number of threads may differ, and with it the last bits.
    assert np.abs(shown - refined.pictures[0]).max() <= 2


def test_a_document_with_a_wrong_mark_is_an_error(tmp_path):
    with Product(PACKAGE, tmp_path, threads=1) as product, pytest.raises(RuntimeError, match="exit code 1"):
        product.refine("![x](mask:?colour=red)\n", seed=1)


def test_pictures_of_a_document_come_in_the_order_of_their_records(tmp_path):
    records = [{"alt": f"a {colour} ball", "style": "fluent-flat"} for colour in ("red", "blue", "green")]
    with Product(PACKAGE, tmp_path, threads=1) as product:
        drawn = product.draw(records, seed=3, steps=4, per_document=2)
    red, green, blue = drawn.mean((1, 2), dtype=np.float32).T
    assert drawn.shape == (3, 128, 128, 3)
    assert red.argmax() == 0 and blue.argmax() == 1 and green.argmax() == 2


def test_brackets_in_an_alt_text_do_not_end_it():
    assert slot("a [red] ball", "noto") == "![a \\[red\\] ball](mask:?style=noto)\n"
