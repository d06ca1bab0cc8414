"""`python -m oneflow_training STAGE --config FILE --data FOLDER`: one command per stage, `all` for all of them; and per study."""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

from . import ablations, corpus, export, glimpses, graphs, latents, mixture, patches, pixels, train, train_autoencoder, vocabulary
from .config import Config, load_config
from .data import captions, read_lines
from .evaluation import dual_encoder, int8, judgement, sampler, train_dual_encoder

#: The stages of a package, in their order.
STAGES = ("prepare", "autoencoder", "tokenizer", "latents", "pack", "train", "export", "dual-encoder", "evaluate")

#: Comparisons for the model card that no package needs.
STUDIES = ("ablations", "int8", "sampler")

#: The dual encoder that the figures of the shipped packages are made with; trained once.
FROZEN_JUDGE = Path(__file__).parents[1] / "judge" / "dual-encoder.safetensors"


def styles_of(config: Config, data: Path) -> dict[str, str]:
    """Names of the styles of all drawn pictures of the training split, sorted, each with a phrase for people."""
    records = captions(data / "train", config.share_alike)
    return dict(sorted({r["style"]: r["style_phrase"] for r in records if r["kind"] not in corpus.LEFT_OUT}.items()))


def training_texts(config: Config, data: Path):
    """Texts that the tokenizer is trained on: a third of the documents, all modern ones, all captions."""
    split = data / "train"
    for index, record in enumerate(read_lines(split / "docs.jsonl.gz", config.share_alike)):
        if index % 3 == 0 or corpus.weight(record) > 1:
            yield record["text"]
    for record in captions(split, config.share_alike):
        yield record["alt"]
        yield record["caption"]
    for record in read_lines(split / "interleaved.jsonl.gz", config.share_alike):
        if not record["src"]:
            yield corpus.SLOT.sub(r"\1\3", record["text"])


def run_tokenizer(config: Config, data: Path, work: Path) -> None:
    styles = styles_of(config, data)
    tokenizer = vocabulary.train(training_texts(config, data), config.shape.vocabulary, styles)
    tokenizer.save(str(work / "tokenizer.json"))
    (work / "styles.json").write_text(json.dumps(styles))


def load_vocabulary(work: Path) -> vocabulary.Vocabulary:
    return vocabulary.load(work / "tokenizer.json", json.loads((work / "styles.json").read_text()))


def run_prepare(config: Config, data: Path, work: Path) -> None:
    for split in ("train", "val"):
        pixels.decode_split(data / split, work / f"pixels-{split}.npy", config.share_alike)


def run_autoencoder(config: Config, data: Path, work: Path, start: Path | None) -> None:
    """Trains the autoencoder and writes how faithful it is on the val pictures."""
    arrays = {split: np.load(work / f"pixels-{split}.npy", mmap_mode="r") for split in ("train", "val")}
    train_autoencoder.train_autoencoder(config.autoencoder, arrays["train"], start, work, config.seed)
    trained = latents.load_autoencoder(work / "autoencoder.safetensors")
    styles = [record["style"] for record in captions(data / "val", config.share_alike)]
    result = train_autoencoder.fidelity(trained, arrays["val"], styles)
    (work / "autoencoder.json").write_text(json.dumps(result, indent=2) + "\n")
    print(result)


def run_latents(config: Config, work: Path) -> None:
    """Encodes the training pictures, and writes their standardised patches and statistics."""
    autoencoder = latents.load_autoencoder(work / "autoencoder.safetensors")
    latents.encode(np.load(work / "pixels-train.npy", mmap_mode="r"), autoencoder, work / "latents-train.npy")
    raw = np.load(work / "latents-train.npy", mmap_mode="r")
    mean, deviation = latents.channel_statistics(raw)
    matrix, offset = latents.preview_map(autoencoder, raw, mean, deviation)
    statistics = {"mean": mean, "deviation": deviation, "matrix": matrix, "offset": offset}
    (work / "latents.json").write_text(json.dumps({k: v.astype(float).tolist() for k, v in statistics.items()}))
    standard = (raw - mean[:, None, None]) / deviation[:, None, None]
    np.save(work / "patches-train.npy", patches.to_patches(standard, config.patch).astype(np.float16))


def run_pack(config: Config, data: Path, work: Path) -> None:
    corpus.pack(data / "train", load_vocabulary(work), config.share_alike, work / "corpus-train.npz")


def make_mixture(config: Config, data: Path, work: Path) -> mixture.Mixture:
    words = load_vocabulary(work)
    packed = corpus.load_corpus(work / "corpus-train.npz")
    return mixture.Mixture(words, packed, *mixture.prepare_captions(data / "train", words, config.share_alike))


def run_train(config: Config, data: Path, work: Path, start: Path | None) -> None:
    arrays = np.load(work / "patches-train.npy", mmap_mode="r")
    weights = None
    if start is not None:
        weights = graphs.read_weights(start / "denoiser.onnx")
        export.write_start(start, work)
    drawn = make_mixture(config, data, work)
    samples = glimpses.Glimpses(drawn.vocabulary, drawn.captions, glimpses.load_preview(work, config.patch), work)
    train.train(config, drawn, arrays, work, weights=weights, glimpses=samples)


def run_dual_encoder(config: Config, data: Path, work: Path) -> None:
    """Puts the dual encoder that judges pictures into `work`: the frozen one that the config names, else a new one.

    A file that is there stays: it is the measure.
    """
    path = work / "dual-encoder.safetensors"
    if path.exists():
        return
    if config.judge is not None:
        if dual_encoder.sha256(FROZEN_JUDGE) != config.judge:
            raise ValueError(f"The config's figures are judged by {config.judge}, which {FROZEN_JUDGE} is not")
        shutil.copyfile(FROZEN_JUDGE, path)
        return
    records = captions(data / "train", config.share_alike)
    array = np.load(work / "pixels-train.npy", mmap_mode="r")
    train_dual_encoder.train_dual_encoder(
        config.dual_encoder, array, records, load_vocabulary(work), work, config.seed
    )
    (work / "dual-encoder.json").write_text(json.dumps({"sha256": dual_encoder.sha256(path)}) + "\n")


def run_evaluate(config: Config, data: Path, work: Path, package: Path, size: judgement.Size, threads: int) -> dict:
    """Judges the package by the dual encoder that the config names, else by the one trained in `work`."""
    recorded = work / "dual-encoder.json"
    judge = config.judge or json.loads(recorded.read_text())["sha256"]
    setting = judgement.Setting(data, work, config.share_alike, judge, threads, size)
    return judgement.evaluate(package, setting)


def main() -> None:
    parser = argparse.ArgumentParser(prog="oneflow_training", description=__doc__)
    parser.add_argument("stage", choices=(*STAGES, "all", *STUDIES))
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with the splits train and val")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything that is made on the way")
    parser.add_argument("--autoencoder", type=Path, help="weights that the autoencoder's training starts from (safetensors)")
    parser.add_argument("--start-from", type=Path, help="a model package whose denoiser the training starts from")
    parser.add_argument("--package", type=Path, help="folder of the exported model package")
    parser.add_argument("--quick", action="store_true", help="evaluate on a few samples of everything")
    parser.add_argument("--threads", type=int, default=1, help="threads of the engine in evaluate")
    arguments = parser.parse_args()
    config = load_config(arguments.config)
    data, work = arguments.data, arguments.work
    work.mkdir(parents=True, exist_ok=True)
    stages = STAGES if arguments.stage == "all" else (arguments.stage,)
    for stage in stages:
        if stage == "prepare":
            run_prepare(config, data, work)
        elif stage == "autoencoder":
            run_autoencoder(config, data, work, arguments.autoencoder)
        elif stage == "tokenizer":
            run_tokenizer(config, data, work)
        elif stage == "latents":
            run_latents(config, work)
        elif stage == "pack":
            run_pack(config, data, work)
        elif stage == "train":
            run_train(config, data, work, arguments.start_from)
        elif stage == "ablations":
            print(ablations.run(config, data, work, load_vocabulary(work)))
        elif stage == "int8":
            print(int8.compare(arguments.package, data, work, config.share_alike, arguments.threads))
        elif stage == "sampler":
            print(sampler.compare(arguments.package, data, work, config.share_alike, arguments.threads))
        elif stage == "dual-encoder":
            run_dual_encoder(config, data, work)
        elif stage == "evaluate":
            size = judgement.QUICK if arguments.quick else judgement.FULL
            run_evaluate(config, data, work, arguments.package, size, arguments.threads)
            print((work / "evaluation.md").read_text())
        else:
            export.export_package(config, data, work, arguments.package)


if __name__ == "__main__":
    main()
