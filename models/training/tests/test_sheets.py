import numpy as np
from PIL import Image

from oneflow_training.evaluation import sheets

RED = np.full((12, 128, 128, 3), (255, 0, 0), np.uint8)


def test_a_contact_sheet_has_a_cell_for_every_picture(tmp_path):
    sheets.contact_sheet(RED, ["red"] * 12, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (1320, 2 * 144)
        assert sheet.getpixel((132 + 5, 144 + 5)) == (255, 0, 0)
        assert sheet.getpixel((2 * 132 + 5, 144 + 5)) == (255, 255, 255)


def test_the_sheet_for_fresh_eyes_keeps_its_captions_in_another_file(tmp_path):
    sheets.fresh_eyes(RED, [f"thing {i}" for i in range(12)], tmp_path)
    key = (tmp_path / "fresh-eyes-key.txt").read_text().splitlines()
    assert key[8] == "row 2, column 1: thing 8"
    with Image.open(tmp_path / "fresh-eyes.png") as sheet:
        assert sheet.size == (8 * 132, 2 * 132)
        # Below a picture there is nothing but white.
        assert set(sheet.crop((0, 128, 128, 132)).get_flattened_data()) == {(255, 255, 255)}
