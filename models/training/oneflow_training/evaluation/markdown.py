"""Whether a stretch of Markdown closes all that it opens."""

import re

FENCE = re.compile(r"^ {0,3}(```+|~~~+).*$", re.MULTILINE)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
ESCAPE = re.compile(r"\\.")
#: What stands at the start of a line and opens nothing: bullets, `1)`, `a)`, rules.
LINE_START = re.compile(r"^[ >]*(?:[*+-](?=\s|$)|(?:\d+|[A-Za-z])\)|(?:\* ?){3,}$)", re.MULTILINE)
PAIRS = {")": "(", "]": "[", "}": "{"}


def is_balanced(text: str) -> bool:
    """Fences, code, comments, brackets and stars all have their partners; stars pair within a block."""
    if len(FENCE.findall(text)) % 2:
        return False
    fences = FENCE.split(text)
    # `split` with a group alternates text outside, fence, text inside, fence, …
    outside = ESCAPE.sub("", "\n\n".join(fences[0::4]))
    plain = LINE_START.sub("", CODE.sub("", outside))
    if "`" in plain or plain.count("<!--") != plain.count("-->"):
        return False
    return _brackets_pair(plain) and all(_stars_pair(block) for block in plain.split("\n\n"))


def _brackets_pair(text: str) -> bool:
    opened: list[str] = []
    for character in text:
        if character in PAIRS.values():
            opened.append(character)
        elif character in PAIRS and (not opened or opened.pop() != PAIRS[character]):
            return False
    return not opened


def _stars_pair(block: str) -> bool:
    """Every run of stars that touches a word is closed by one as long; a star between spaces is a sign of its own."""
    opened: list[str] = []
    for run in re.findall(r"(?<=\S)\*+|\*+(?=\S)", block):
        if opened and opened[-1] == run:
            opened.pop()
        else:
            opened.append(run)
    return not opened
