"""The package's NOTICE: every source that the weights were trained on, with its licence, and its authors."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .data import captions, read_lines

HEAD = """The weights in this folder were trained on openly licensed pictures and texts. Icons were rendered to 128×128, texts
were cut, cleaned and reformatted; neither pictures nor texts are part of the package. Sources under a share-alike
licence (CC-BY-SA) are {share_alike}. With thanks to all of them:

"""
#: In a source: what names it, and who made this item of it.
PERSON = re.compile(r"^(?P<source>.*?)(?:; illustrator (?P<person>[^)]*))?(?P<rest>\)?)$")


def sources(records: Iterable[dict]) -> list[str]:
    """One line a source and licence, with the number of items, in alphabetical order."""
    counts = Counter((_source(record["source"])[0], record["license"]) for record in records)
    return [f"- {source}: {license}; {count}" for (source, license), count in sorted(counts.items())]


def people(records: Iterable[dict]) -> list[str]:
    """The illustrators and authors whom the items name, each once."""
    named = {_source(record["source"])[1] for record in records} | {record.get("attribution", "") for record in records}
    return [f"- {name}" for name in sorted(named - {""})]


def _source(text: str) -> tuple[str, str]:
    """A source without the person whom it names, and that person."""
    found = PERSON.match(text)
    return (found["source"] + found["rest"], found["person"] or "") if found else (text, "")


def notice(data: Path, share_alike: bool) -> str:
    """The attribution of everything that a training with or without share-alike sources reads."""
    split = data / "train"
    pictures = captions(split, share_alike)
    texts = list(read_lines(split / "docs.jsonl.gz", share_alike))
    return (
        HEAD.format(share_alike="among them" if share_alike else "left out")
        + (data / "LICENSES.md").read_text().strip()
        + "\n\n# Pictures, by source: licence; number\n\n"
        + "\n".join(sources(pictures))
        + "\n\n# Texts, by source: licence; number\n\n"
        + "\n".join(sources(texts))
        + "\n\n# Illustrators and authors\n\n"
        + "\n".join(people([*pictures, *texts]))
        + "\n"
    )
