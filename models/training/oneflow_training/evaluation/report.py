"""The figures as Markdown tables for the model card."""

import math

Row = list[str]


def table(head: Row, rows: list[Row]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def masked_tokens(text: dict) -> str:
    rows = []
    for share, told in text["shares"].items():
        for measure, show in (("accuracy", percent), ("nats", number)):
            what = {"accuracy": "likeliest token is right", "nats": "nats per token"}[measure]
            rows.append(
                [f"{float(share):.0%} masked: {what}", *(show(told[n][measure]) for n in ("model", "fiveGram", "unigram"))]
            )
    for measure, what in (("natsPerToken", "whole spans: nats per token"), ("bitsPerByte", "whole spans: bits per byte")):
        rows.append([what, *(number(text["likelihood"][n][measure]) for n in ("model", "fiveGram", "unigram"))])
    return (
        f"{text['tokens']} tokens in the spans of {text['passages']} passages. The model's whole-span figures are upper "
        f"bounds (any order, {text['maskingRatios']} masking ratios). The 5-gram is interpolated Kneser-Ney over all "
        "training text and reads the author's words to the left, also within the span.\n\n"
        + table(["masked tokens", "model", "5-gram", "unigram"], rows)
    )


def written_spans(spans: dict) -> str:
    model, author = spans["model"], spans["author"]
    rows = [
        ["words that the training texts know", percent(model["knownWords"]), percent(author["knownWords"])],
        ["spans with text", percent(model["nonEmpty"]), percent(author["nonEmpty"])],
        ["spans with balanced Markdown, before sanitising", percent(model["balanced"]), percent(author["balanced"])],
        ["5-gram's nats per token", number(model["fiveGramNats"]), number(author["fiveGramNats"])],
        ["tokens per span", number(model["tokens"], 1), number(author["tokens"], 1)],
    ]
    return (
        f"{model['spans']} spans, {model['words']} words.\n\n"
        + table(["written spans", "model", "author"], rows)
        + "\n\n"
        + table(
            ["length of spans from nothing", "model", "training median"],
            [
                [
                    "mean error in tokens",
                    number(model["lengthError"], 1),
                    number(spans["median"]["lengthError"], 1),
                ]
            ],
        )
    )


def picture_tables(pictures: dict) -> str:
    names = {
        "seen": "captions of the training split",
        "pair": "unseen pairs of seen concept and style",
        "concept": "unseen concepts",
    }
    rows = [
        [
            names[name],
            percent(group["model"]),
            percent(group["real"]),
            percent(group["share"]),
            percent(group["perDocument"]["model"]),
            percent(group["nearestCaption"]),
        ]
        for name, group in pictures["groups"].items()
    ]
    distances = pictures["frechet"]
    first = next(iter(pictures["groups"].values()))
    count, per_document = first["pictures"], first["perDocument"]["pictures"]
    return (
        f"{count} pictures a row, the same styles in each; the dual encoder picks one of {pictures['candidates']} captions "
        f"of the picture's style and kind ({percent(1 / pictures['candidates'])} is chance). The standard error is at most "
        f"{percent(0.5 / math.sqrt(count))}.\n\n"
        + table(
            [
                "caption found",
                "model",
                "real pictures",
                "share reached",
                f"model, {per_document} pictures to a document",
                "nearest caption's picture",
            ],
            rows,
        )
        + "\n\n"
        + table(
            ["Fréchet distance to the val pictures", "model", "nearest caption's picture"],
            [
                [
                    f"dual encoder's features, {distances['pictures']} pictures",
                    number(distances["model"], 3),
                    number(distances["nearestCaption"], 3),
                ]
            ],
        )
    )


def colour_table(colours: dict) -> str:
    names = {"all": "captions of the whole split", "pair": "unseen pairs of seen concept and style"}
    return table(
        [
            "mean colour nearer to the own picture's than to another's (50 % is chance)",
            "model",
            "style's mean",
            "nearest caption's picture",
        ],
        [
            [
                f"{names[name]} ({group['pictures']})",
                *(percent(group[source]) for source in ("model", "styleMean", "nearestCaption")),
            ]
            for name, group in colours.items()
        ],
    )


def together_table(together: dict) -> str:
    return table(
        [f"alt text and picture made together ({together['pairs']} pairs)", "its own", "another of the style"],
        [
            ["dual encoder's score", number(together["score"], 3), number(together["shuffledScore"], 3)],
            ["own text fits better (50 % is chance)", percent(together["nearerThanShuffled"]), "–"],
        ],
    )


def step_table(steps: list[dict]) -> str:
    head = [
        "steps", "passes with clean-up", "5-gram's nats per token", "known words", "balanced", "error in tokens",
        "caption found", "mean colour", "Fréchet distance",
    ]  # fmt: skip
    rows = []
    for step in steps:
        text, pictures = step["text"]["model"], step["pictures"]
        rows.append(
            [
                str(step["steps"]),
                number(step["text"]["passes"], 1),
                number(text["fiveGramNats"]),
                percent(text["knownWords"]),
                percent(text["balanced"]),
                number(text["lengthError"], 1),
                percent(pictures["retrieval"]),
                percent(pictures["colour"]),
                number(pictures["frechet"], 3),
            ]
        )
    return table(head, rows)


def markdown(result: dict) -> str:
    """All tables, a section each."""
    package = result["package"]
    parts = [
        f"Measured on the validation split by `python -m oneflow_training evaluate` (seed {result['seed']}, "
        f"{package['steps']} steps): {package['name']} {package['version']}, denoiser {package['denoiser'][:12]}, dual "
        f"encoder {result['dualEncoder'][:12]}.",
        "### Text\n\n" + masked_tokens(result["text"]),
        written_spans(result["spans"]),
        "### Pictures\n\n" + picture_tables(result["pictures"]),
        colour_table(result["colours"]),
        "### Both\n\n" + together_table(result["together"]),
        "### Number of steps\n\n" + step_table(result["steps"]),
    ]
    return "\n\n".join(parts) + "\n"
