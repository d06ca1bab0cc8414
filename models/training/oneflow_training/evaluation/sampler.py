"""The sampler's settings against the package's own, each with the standard error of the difference; what a strength keeps.

All settings see the same documents, captions and seeds. The dual encoder is not asked: it chooses nothing.
"""

import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from ..data import read_lines
from . import colour, report
from .gallery import Gallery, Picture
from .packaged import PackagedDenoiser
from .product import Product, Refined, slot
from .retrieval import frechet
from .spans import WORD, MaskedDocument, SpanJudge, masked_documents
from .text import Baselines

SEED = 7
#: Documents and pictures that each setting fills, and those that the strengths are tried on.
DOCUMENTS, PICTURES, CORRUPTED = 40, 100, 30
STRENGTHS = (0.3, 0.6, 1.0)
#: Steps of a drawing that stands for the exact solution, and how many pictures are held against theirs.
EXACT, EXACTLY_DRAWN = 150, 20
#: Edge of the thumbnails by which the layout of two pictures is compared, and of those whose distribution is.
LAYOUT, THUMBNAIL = 8, 4

Figures = dict[str, np.ndarray]


@dataclass(frozen=True)
class Setting:
    """What differs from the package's defaults."""

    name: str
    steps: int | None = None
    #: In place of those of model.json.
    defaults: dict = field(default_factory=dict)


def guidance(text: float = 1.0, image: float = 3.0) -> dict:
    return {"guidance": {"text": text, "image": image}}


TEXT = (
    Setting("temperature 0", defaults={"temperature": 0}),
    Setting("temperature 0.5", defaults={"temperature": 0.5}),
    Setting("temperature 0.9", defaults={"temperature": 0.9}),
    Setting("temperature 0.8, top-p 0.8", defaults={"temperature": 0.8, "topP": 0.8}),
    Setting("temperature 1, top-p 0.5", defaults={"temperature": 1, "topP": 0.5}),
    Setting("guidance 1.5", defaults=guidance(text=1.5)),
    Setting("8 steps", steps=8),
    Setting("16 steps", steps=16),
)
PICTURE = (
    *(Setting(f"guidance {weight}", defaults=guidance(image=weight)) for weight in (1, 2, 4, 5, 7)),
    Setting("4 steps", steps=4),
    Setting("8 steps", steps=8),
    Setting("12 steps", steps=12),
)


def text_figures(judge: SpanJudge, documents: list[MaskedDocument], refined: list[Refined]) -> Figures:
    """Of each document. Words are judged where a part of the author's text was given, so that all write the same kind."""
    rows = []
    for document, result in zip(documents, refined, strict=True):
        pairs = list(zip(result.spans, document.truths, strict=True))
        given = judge.figures(*zip(*[pair for pair in pairs if pair[1].given], strict=True))
        all_spans = judge.figures(result.spans, document.truths)
        rows.append(
            {
                "passes": result.passes,
                "5-gram's nats per token": given["fiveGramNats"],
                "known words, %": 100 * given["knownWords"],
                "repeated word pairs, %": 100 * np.mean([repeats(s.text) for s, t in pairs if t.given]),
                "balanced Markdown, %": 100 * all_spans["balanced"],
                "tokens, begun spans": given["tokens"],
                "tokens, empty spans": np.mean([s.tokens for s, t in pairs if not t.given]),
                "length error, empty spans": all_spans["lengthError"],
                "the author's words, empty spans, %": 100 * np.mean([shared(s.text, t.text) for s, t in pairs if not t.given]),
            }
        )
    return {name: np.array([row[name] for row in rows], float) for name in rows[0]}


def words_of(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


def repeats(text: str) -> float:
    """Share of a text's word pairs that it has had before."""
    words = words_of(text)
    pairs = list(zip(words, words[1:], strict=False))
    return 1 - len(set(pairs)) / len(pairs) if pairs else 0.0


def shared(text: str, truth: str) -> float:
    """F1 of the words of two texts as bags."""
    written, own = words_of(text), words_of(truth)
    common = sum(min(written.count(word), own.count(word)) for word in set(written))
    return 2 * common / max(1, len(written) + len(own))


def thumbnails(pictures: np.ndarray, edge: int) -> np.ndarray:
    """Pictures [N,S,S,3] as means over edge × edge fields, 0–255 [N,edge²·3]."""
    count, size = pictures.shape[:2]
    fields = pictures.astype(np.float32).reshape(count, edge, size // edge, edge, size // edge, 3)
    return fields.mean((2, 4)).reshape(count, -1)


def picture_figures(drawn: np.ndarray, own: np.ndarray, exact: np.ndarray) -> Figures:
    """Of each picture [N,S,S,3]; `exact` are drawings of the first ones in many steps."""
    closeness = np.full(len(drawn), np.nan)
    closeness[: len(exact)] = decibels(drawn[: len(exact)], exact)
    return {
        f"to the drawing in {EXACT} steps, dB": closeness,
        "mean colour, %": 100 * colour.agreements(thumbnails(drawn, 1), thumbnails(own, 1)),
        "layout, %": 100 * colour.agreements(thumbnails(drawn, LAYOUT), thumbnails(own, LAYOUT)),
        "contrast": drawn.std((1, 2, 3)),
    }


def difference(setting: np.ndarray, package: np.ndarray) -> str:
    """Mean of a setting and its difference from the package's own, with the standard error; where both have a value."""
    both = ~(np.isnan(setting) | np.isnan(package))
    change = (setting - package)[both]
    error = change.std(ddof=1) / np.sqrt(len(change))
    return f"{setting[both].mean():.2f} ({change.mean():+.2f} ± {error:.2f})"


def table(title: str, own: Figures, settings: dict[str, Figures], more: dict[str, list[str]] | None = None) -> str:
    """A row for each figure, a column for each setting; the first column is the package as it is."""
    rows = [
        [name, f"{np.nanmean(values):.2f}", *(difference(figures[name], values) for figures in settings.values())]
        for name, values in own.items()
    ]
    rows += [[name, *cells] for name, cells in (more or {}).items()]
    return report.table([title, "as shipped", *settings], rows)


class Study:
    """The package, the val split and the judges. A context manager, as the engine is one."""

    def __init__(self, package: Path, data: Path, work: Path, share_alike: bool, threads: int):
        self.defaults = json.loads((package / "model.json").read_text())["defaults"]
        words = PackagedDenoiser(package, threads).words
        self.gallery = Gallery(data, work, share_alike)
        texts = [record["text"] for record in read_lines(data / "val" / "docs.jsonl.gz", share_alike)]
        self.documents = masked_documents(texts, DOCUMENTS, SEED)
        everything = self.gallery.pictures["val"]
        rng = np.random.default_rng(SEED)
        chosen = rng.choice(len(everything), min(PICTURES, len(everything)), replace=False)
        self.pictures: list[Picture] = [everything[i] for i in chosen]
        self.spans = SpanJudge(data, share_alike, words, Baselines(data, share_alike, words), SEED)
        self.product = Product(package, work, threads)

    def refine(self, markdown: str, index: int, setting: Setting) -> Refined:
        defaults = self.defaults | setting.defaults if setting.defaults else None
        return self.product.refine(markdown, SEED + index, setting.steps, defaults)

    def texts(self, setting: Setting) -> Figures:
        refined = [self.refine(d.markdown, i, setting) for i, d in enumerate(self.documents)]
        return text_figures(self.spans, self.documents, refined)

    def drawn(self, setting: Setting, count: int | None = None) -> np.ndarray:
        slots = [slot(p.record["alt"], p.record["style"]) for p in self.pictures[:count]]
        return np.stack([self.refine(text, i, setting).pictures[0] for i, text in enumerate(slots)])

    def compare_texts(self) -> str:
        return table("texts", self.texts(Setting("")), {s.name: self.texts(s) for s in TEXT})

    def compare_pictures(self) -> str:
        real = self.gallery.pixels(self.pictures)
        drawn = {s.name: self.drawn(s) for s in (Setting(""), *PICTURE)}
        exact = self.drawn(Setting("", steps=EXACT), EXACTLY_DRAWN)
        figures = {name: picture_figures(pictures, real, exact) for name, pictures in drawn.items()}
        distances = [
            f"{frechet(thumbnails(pictures, THUMBNAIL), thumbnails(real, THUMBNAIL)):.0f}" for pictures in drawn.values()
        ]
        return table("pictures", figures.pop(""), figures, {"Fréchet distance of thumbnails": distances})

    def strengths(self) -> str:
        """What is left of a text and a picture at each strength; what texts and pictures share by chance beside it."""
        rows: dict[str, list[str]] = {}
        documents = self.documents[:CORRUPTED]
        texts = [next(t.text for t in d.truths if t.given) for d in documents]
        pictures = self.pictures[:CORRUPTED]
        pixels = self.gallery.pixels(pictures)
        with tempfile.TemporaryDirectory() as folder:
            for strength in STRENGTHS:
                mark = f"<!--mask strength={strength}"
                written = [
                    self.refine(rewritten(document, mark), i, Setting("")).spans[0].text
                    for i, document in enumerate(documents)
                ]
                drawn = np.stack(
                    [
                        self.refine(redrawn(p, pixels[i], mark, Path(folder) / f"{i}.png"), i, Setting("")).pictures[0]
                        for i, p in enumerate(pictures)
                    ]
                )
                others = [*texts[1:], texts[0]]
                for name, values in {
                    "words kept in order, %": [100 * kept(a, b) for a, b in zip(texts, written, strict=True)],
                    "the same for another text, %": [100 * kept(a, b) for a, b in zip(others, written, strict=True)],
                    "picture, dB": decibels(drawn, pixels),
                    "the same for another picture, dB": decibels(drawn, np.roll(pixels, 1, 0)),
                }.items():
                    error = np.std(values, ddof=1) / np.sqrt(len(values))
                    rows.setdefault(name, []).append(f"{np.mean(values):.1f} ± {error:.1f}")
        return report.table(["strength", *map(str, STRENGTHS)], [[name, *cells] for name, cells in rows.items()])

    def __enter__(self) -> "Study":
        return self

    def __exit__(self, *raised) -> None:
        self.product.__exit__(*raised)


def rewritten(document: MaskedDocument, mark: str) -> str:
    """The document with the text of which a part is given as its only mask, which begins with `mark`."""
    truths = iter(document.truths)

    def fill(masked: re.Match) -> str:
        truth = next(truths)
        return masked[0].replace("<!--mask", mark, 1) if truth.given else truth.text.lstrip()

    return re.sub("<!--mask-->.*?<!--/mask-->", fill, document.markdown, flags=re.DOTALL)


def redrawn(picture: Picture, pixels: np.ndarray, mark: str, file: Path) -> str:
    """A document that is a picture to be drawn anew from what it is; writes `file`, which it shows."""
    Image.fromarray(pixels).save(file)
    image = slot(picture.record["alt"], picture.record["style"]).replace(
        f"(mask:?style={picture.record['style']})", f"({file})"
    )
    return f"{mark} style={picture.record['style']}-->\n{image}<!--/mask-->\n"


def kept(text: str, written: str) -> float:
    """Share of a text's words that stand in `written` in the same order: the longest common subsequence."""
    own, new = words_of(text), words_of(written)
    longest = [0] * (len(new) + 1)
    for word in own:
        before = longest[:]
        for i, other in enumerate(new):
            longest[i + 1] = before[i] + 1 if word == other else max(longest[i], before[i + 1])
    return longest[-1] / max(1, len(own))


def decibels(pictures: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio of each picture [N,S,S,3] against another."""
    error = np.square(pictures.astype(np.float32) - others).mean((1, 2, 3))
    return 10 * np.log10(255**2 / np.maximum(error, 1e-6))


def compare(package: Path, data: Path, work: Path, share_alike: bool, threads: int) -> str:
    """The tables of the study, which are also written to `work`."""
    with Study(package, data, work, share_alike, threads) as study:
        tables = [study.strengths(), study.compare_pictures(), study.compare_texts()]
    text = "\n\n".join(tables) + "\n"
    (work / "sampler.md").write_text(text)
    return text
