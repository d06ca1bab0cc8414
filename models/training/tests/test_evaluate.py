from PIL import Image

from oneflow_training.evaluate import WORD, contact_sheet


def test_words_are_found_with_their_apostrophes():
    assert WORD.findall("Don't stir 2 eggs-and ham.") == ["Don't", "stir", "eggs", "and", "ham"]


def test_a_contact_sheet_has_a_cell_for_every_picture(tmp_path):
    contact_sheet([Image.new("RGB", (128, 128), "red")] * 12, ["red"] * 12, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (1280, 2 * 144)
        assert sheet.getpixel((128 + 5, 144 + 5)) == (255, 0, 0)
