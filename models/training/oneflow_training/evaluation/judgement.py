"""All judgements of one package on the val split, in one run."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data import read_lines
from . import colour, dual_encoder, report, sheets, text, together
from .gallery import Gallery, Picture, groups
from .nearest import NearestCaption
from .packaged import PackagedDenoiser
from .product import Product
from .retrieval import Retrieval, frechet
from .spans import SpanJudge, masked_documents

SEED = 7
#: Pictures of a document in which each must still follow its own alt text.
PER_DOCUMENT = 4
#: Steps at which text and pictures are judged once more.
STEPS = (4, 8, 16, 32, 50)


@dataclass(frozen=True)
class Size:
    """How much is judged."""

    #: Passages whose masked tokens are told, and masking ratios of the likelihood bound.
    passages: int
    ratios: int
    #: Documents that the product fills.
    documents: int
    #: Pictures of each group, captions of the mean-colour judgement, captions that a picture is looked up among.
    group: int
    colours: int
    candidates: int
    #: Pairs of alt text and picture made together, pictures of the sheet for fresh eyes.
    together: int
    fresh_eyes: int
    #: Documents and pictures at each number of steps.
    step_documents: int
    step_pictures: int


FULL = Size(
    passages=120,
    ratios=16,
    documents=40,
    group=100,
    colours=100,
    candidates=50,
    together=100,
    fresh_eyes=64,
    step_documents=20,
    step_pictures=64,
)
QUICK = Size(
    passages=4,
    ratios=4,
    documents=2,
    group=6,
    colours=8,
    candidates=4,
    together=4,
    fresh_eyes=4,
    step_documents=1,
    step_pictures=2,
)


@dataclass(frozen=True)
class Setting:
    """What a judgement needs to know besides the package."""

    data: Path
    work: Path
    share_alike: bool
    #: The SHA-256 of the dual encoder that judges.
    judge: str
    threads: int
    size: Size


class PictureJudge:
    """Pictures held against the val split: retrieval by the dual encoder, its features' distance, mean colours."""

    def __init__(self, setting: Setting):
        self.setting = setting
        self.encoder = dual_encoder.load(setting.work / "dual-encoder.safetensors", setting.judge)
        self.gallery = Gallery(setting.data, setting.work, setting.share_alike)
        self.nearest = NearestCaption(self.gallery)
        self.groups = groups(self.gallery, setting.size.group, setting.size.candidates, SEED)
        manners = {p.manner for p in self.groups["pair"]}
        self.real = [p for p in self.gallery.pictures["val"] if p.manner in manners]
        self.real_features = self.encoder.picture_features(self.gallery.pixels(self.real))

    def retrieval(self, pictures: list[Picture]) -> Retrieval:
        return Retrieval(self.encoder, self.gallery, pictures, self.setting.size.candidates, SEED)

    def baseline(self, pictures: list[Picture]) -> list[Picture]:
        """The training pictures with the nearest captions."""
        return [self.nearest.find(p) for p in pictures]

    def distance(self, pixels: np.ndarray) -> float:
        """Fréchet distance of pictures [N,S,S,3] to the real val pictures of the same styles."""
        return frechet(self.encoder.picture_features(pixels), self.real_features)

    def drawn_groups(self, product: Product) -> tuple[dict, dict[str, np.ndarray]]:
        """The three groups drawn: figures, and the pictures [N,S,S,3]."""
        drawn = {name: product.draw([p.record for p in group], SEED) for name, group in self.groups.items()}
        figures: dict = {}
        for name, group in self.groups.items():
            retrieval = self.retrieval(group)
            model, real = retrieval.at_one(drawn[name]), retrieval.at_one(self.gallery.pixels(group))
            together = product.draw([p.record for p in group], SEED, per_document=PER_DOCUMENT)
            nearest = retrieval.at_one(self.gallery.pixels(self.baseline(group)))
            figures[name] = {"pictures": len(group), "model": model, "real": real, "nearestCaption": nearest}
            figures[name]["share"] = model / real if real else None
            figures[name]["perDocument"] = {"pictures": PER_DOCUMENT, "model": retrieval.at_one(together)}
        everything = [p for group in self.groups.values() for p in group]
        distances = {
            "pictures": len(everything),
            "model": self.distance(np.concatenate(list(drawn.values()))),
            "nearestCaption": self.distance(self.gallery.pixels(self.baseline(everything))),
        }
        return {"candidates": self.setting.size.candidates, "groups": figures, "frechet": distances}, drawn

    def colours(self, product: Product, pairs_drawn: np.ndarray) -> tuple[dict, np.ndarray, list[Picture]]:
        """Mean-colour agreement of a hundred captions of the whole split, and of the unseen pairs."""
        everything = self.gallery.pictures["val"]
        rng = np.random.default_rng(SEED)
        chosen = [everything[i] for i in rng.choice(len(everything), self.setting.size.colours, replace=False)]
        drawn = product.draw([p.record for p in chosen], SEED)
        pairs = self.groups["pair"]
        result = {
            "all": colour.judge(self.gallery, chosen, drawn, self.baseline(chosen)),
            "pair": colour.judge(self.gallery, pairs, pairs_drawn, self.baseline(pairs)),
        }
        return result, drawn, chosen

    def at_steps(self, product: Product, steps: int) -> dict:
        """The figures of the first unseen pairs, drawn in a number of steps."""
        pairs = self.groups["pair"][: self.setting.size.step_pictures]
        drawn = product.draw([p.record for p in pairs], SEED, steps)
        return {
            "retrieval": self.retrieval(pairs).at_one(drawn),
            "colour": colour.agreement(drawn.mean((1, 2), dtype=np.float32), self.gallery.mean_colours(pairs)),
            "frechet": self.distance(drawn),
        }


def evaluate(package: Path, setting: Setting) -> dict:
    """Judges a package; writes the figures, the generated texts and the sheets of pictures to the work folder."""
    data, work, size = setting.data, setting.work, setting.size
    texts = [record["text"] for record in read_lines(data / "val" / "docs.jsonl.gz", setting.share_alike)]
    denoiser = PackagedDenoiser(package, setting.threads)
    pictures = PictureJudge(setting)
    baselines = text.Baselines(data, setting.share_alike, denoiser.words)
    result: dict = {"package": describe(package), "seed": SEED, "dualEncoder": setting.judge}
    result["text"] = text.judge(denoiser, baselines, texts, size.passages, size.ratios, SEED)
    spans = SpanJudge(data, setting.share_alike, denoiser.words, baselines, SEED)
    documents = masked_documents(texts, size.documents, SEED)
    with Product(package, work, setting.threads) as product:
        result["spans"] = spans.write(product, documents, SEED)
        result["pictures"], drawn = pictures.drawn_groups(product)
        result["colours"], hundred, chosen = pictures.colours(product, drawn["pair"])
        styles = [p.record["style"] for p in pictures.groups["pair"][: size.together]]
        result["together"] = together.judge(product, pictures.encoder, styles, SEED)
        result["steps"] = [
            {
                "steps": steps,
                "text": spans.write(product, documents[: size.step_documents], SEED, steps),
                "pictures": pictures.at_steps(product, steps),
            }
            for steps in STEPS
        ]
    sheets.contact_sheet(hundred, [p.record["alt"] for p in chosen], work / "contact-sheet.png")
    shown = pictures.groups["pair"][: size.fresh_eyes]
    sheets.fresh_eyes(drawn["pair"][: size.fresh_eyes], [p.record["alt"] for p in shown], work)
    (work / "generated.txt").write_text("\n\n---\n\n".join(texts_of(result)))
    (work / "evaluation.json").write_text(json.dumps(result, indent=2) + "\n")
    (work / "evaluation.md").write_text(report.markdown(result))
    return result


def describe(package: Path) -> dict:
    manifest = json.loads((package / "model.json").read_text())
    return {
        "name": manifest["name"],
        "version": manifest["version"],
        "denoiser": next(f["sha256"] for f in manifest["files"] if f["path"] == "denoiser.onnx"),
        "steps": manifest["defaults"]["steps"],
    }


def texts_of(result: dict) -> list[str]:
    """Takes the generated texts out of the figures, to be read on their own."""
    for step in result["steps"]:
        del step["text"]["texts"]
    return result["spans"].pop("texts") + result["together"].pop("texts")
