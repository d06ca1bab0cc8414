"""Writes a model package: graphs, tokenizer, reference run, manifest with hashes."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import graphs, vocabulary
from .autoencoder import Autoencoder
from .config import Config
from .latents import load_autoencoder
from .model import Denoiser
from .notice import notice

PICTURE_SIZE = 128
LATENT = (8, 16, 16)
#: Largest difference between PyTorch's and the runtime's outputs that counts as equal.
TOLERANCE = 1e-3
DEFAULTS = {
    "steps": 24,
    "cleanUpPasses": 6,
    "guidance": {"text": 1.0, "image": 3.0},
    "temperature": 0.7,
    "topP": 0.9,
    "maxSpanTokens": 96,
}



def averaged_model(config: Config, work: Path) -> tuple[Denoiser, int]:
    """The averaged weights of the checkpoint, rounded to fp16, and the steps that they were trained for."""
    saved = torch.load(work / "checkpoint.pt", weights_only=True)
    model = Denoiser(config.shape)
    model.load_state_dict(saved["average"])
    return graphs.round_to_half(model).eval(), saved["step"]


def tensor_json(values) -> dict:
    array = np.asarray(values)
    if array.dtype == np.int64:
        return {"shape": list(array.shape), "type": "int64", "data": array.reshape(-1).tolist()}
    data = [float(f"{value:.6g}") for value in array.astype(np.float64).reshape(-1)]
    return {"shape": list(array.shape), "type": "float32", "data": data}


@torch.inference_mode()
def reference_run(module: nn.Module, inputs: dict[str, torch.Tensor], outputs: tuple[str, ...]) -> dict:
    """Inputs of a graph and PyTorch's outputs for them, as the manifest's reference file holds them."""
    rounded = {
        name: value if value.dtype == torch.int64 else torch.tensor(tensor_json(value)["data"]).reshape(value.shape)
        for name, value in inputs.items()
    }
    result = module(**rounded)
    values = (result,) if isinstance(result, torch.Tensor) else result
    return {
        "inputs": {name: tensor_json(value) for name, value in rounded.items()},
        "outputs": {name: tensor_json(value) for name, value in zip(outputs, values, strict=True)},
    }


def reference_picture() -> torch.Tensor:
    """A drawn picture, a disc on a slope of colour: pixels in 0–1 with two digits [1,3,S,S]."""
    axis = torch.linspace(0, 1, PICTURE_SIZE)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    disc = ((x - 0.5) ** 2 + (y - 0.45) ** 2 < 0.09).float()
    picture = torch.stack([0.3 + 0.6 * disc, x * 0.8, 1 - y * (1 - disc)])
    return (picture * 100).round()[None] / 100


def write_reference(model: Denoiser, autoencoder: Autoencoder, grid: int, path: Path) -> None:
    picture = reference_picture()
    with torch.inference_mode():
        latent = autoencoder.encode(picture)
    reference = {
        "denoiser": reference_run(model, graphs.denoiser_example(model, grid, seed=7), graphs.DENOISER_OUTPUTS),
        "encoder": reference_run(graphs.Encoder(autoencoder), {"pixels": picture}, ("latent",)),
        "decoder": reference_run(graphs.Decoder(autoencoder), {"latent": latent}, ("pixels",)),
    }
    path.write_text(json.dumps(reference, separators=(",", ":")))


def graph_manifest(config: Config) -> dict:
    """The graphs' inputs and outputs; a string in a shape is a size that varies."""
    patch, features = config.shape.patch_size, 2 * len(config.shape.time_frequencies)
    text, rows = ["rows", "text"], ["rows", "patches"]

    def floats(name: str, shape: list) -> dict:
        return {"name": name, "type": "float32", "shape": shape}

    def integers(name: str, shape: list) -> dict:
        return {"name": name, "type": "int64", "shape": shape}

    pixels, latent = [1, 3, PICTURE_SIZE, PICTURE_SIZE], [1, *LATENT]
    return {
        "denoiser": {
            "file": "denoiser.onnx",
            "inputs": [
                *(integers(name, text) for name in ("tokens", "token_positions", "token_sequences", "token_open")),
                floats("patches", [*rows, patch]),
                integers("patch_positions", [*rows, 3]),
                integers("patch_sequences", rows),
                floats("patch_time_features", [*rows, features]),
                integers("gap_rows", ["gaps"]),
                integers("mask_rows", ["masks"]),
            ],
            "outputs": [
                floats("gap_empty_logits", ["gaps"]),
                floats("gap_rates", ["gaps"]),
                floats("gap_logits", ["gaps", config.shape.vocabulary]),
                floats("mask_logits", ["masks", config.shape.vocabulary]),
                floats("clean_patches", [*rows, patch]),
            ],
        },
        "encoder": {
            "file": "encoder.onnx",
            "inputs": [floats("pixels", pixels)],
            "outputs": [floats("latent", latent)],
        },
        "decoder": {
            "file": "decoder.onnx",
            "inputs": [floats("latent", latent)],
            "outputs": [floats("pixels", pixels)],
        },
    }


def write_start(package: Path, work: Path) -> None:
    """Notes for the provenance which package a run starts from."""
    text = (package / "model.json").read_text()
    description = json.loads(text)
    start = {key: description[key] for key in ("name", "version")}
    (work / "start.json").write_text(json.dumps(start | {"sha256": hashlib.sha256(text.encode()).hexdigest()}))


def provenance(config: Config, data: Path, work: Path, steps: int) -> dict:
    """What the weights were trained on, how, and for how long."""
    log = [json.loads(line) for line in (work / "log.jsonl").read_text().splitlines()]
    start = work / "start.json"
    settings = {name: value for name, value in asdict(config).items() if name not in ("name", "version")}
    return {
        "data": "Illustrated-Markdown training data; its sources are in NOTICE",
        "dataSha256": {
            name: hashlib.sha256((data / "train" / name).read_bytes()).hexdigest()
            for name in ("captions.jsonl.gz", "docs.jsonl.gz", "interleaved.jsonl.gz", "images.bin")
        },
        **({"startedFrom": json.loads(start.read_text())} if start.exists() else {}),
        "trainedSteps": steps,
        "trainedSeconds": round(sum(line["seconds"] for line in log)),
        "finalLosses": {k: v for k, v in log[-1].items() if k in ("empty", "rate", "insert", "mask", "image")},
        "settings": settings,
    }


def manifest(config: Config, data: Path, work: Path, folder: Path, files: list[str], steps: int) -> dict:
    statistics = json.loads((work / "latents.json").read_text())
    styles: dict[str, str] = json.loads((work / "styles.json").read_text())
    words = vocabulary.load(work / "tokenizer.json", styles)
    return {
        "format": "oneflow-model/1",
        "name": config.name,
        "version": config.version,
        "license": "MIT",
        "description": "Text by edit flow and pictures by flow matching in one transformer; English Markdown, "
        "pictures in emoji, icon and clip-art styles.",
        "files": [
            {
                "path": name,
                "bytes": (folder / name).stat().st_size,
                "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            }
            for name in files
        ],
        "tokenizer": {
            "file": "tokenizer.json",
            "vocabularySize": words.size,
            "special": {
                "bos": vocabulary.BOS,
                "mask": vocabulary.MASK,
                "image": vocabulary.IMAGE,
                "anyStyle": vocabulary.ANY_STYLE,
            },
            "firstTextToken": vocabulary.FIRST_TEXT,
        },
        "contextLength": config.documents.text + config.documents.pictures * (LATENT[1] // config.patch) ** 2,
        "image": {
            "size": PICTURE_SIZE,
            "latent": {
                "channels": LATENT[0],
                "size": LATENT[1],
                "mean": statistics["mean"],
                "deviation": statistics["deviation"],
            },
            "patch": config.patch,
            "preview": {"matrix": statistics["matrix"], "offset": statistics["offset"]},
            "styles": [{"name": s, "token": words.style(s), "description": phrase} for s, phrase in styles.items()],
            "defaultStyle": "fluent-flat" if "fluent-flat" in styles else None,
            "sizes": [128, 256, 512],
            "defaultSize": 256,
        },
        "timeFrequencies": list(config.shape.time_frequencies),
        "graphs": graph_manifest(config),
        "defaults": DEFAULTS,
        "reference": {"file": "reference.json", "tolerance": TOLERANCE},
        "provenance": provenance(config, data, work, steps),
    }


def export_package(config: Config, data: Path, work: Path, folder: Path) -> None:
    """Writes the package of the checkpoint in `work` to `folder`; the model card there (README.md) stays."""
    folder.mkdir(parents=True, exist_ok=True)
    model, steps = averaged_model(config, work)
    autoencoder = graphs.round_to_half(load_autoencoder(work / "autoencoder.safetensors"))
    grid = LATENT[1] // config.patch
    graphs.export_denoiser(model, grid, folder / "denoiser.onnx")
    graphs.export_autoencoder(autoencoder, PICTURE_SIZE, LATENT, folder)
    shutil.copyfile(work / "tokenizer.json", folder / "tokenizer.json")
    write_reference(model, autoencoder, grid, folder / "reference.json")
    (folder / "NOTICE").write_text(notice(data, config.share_alike))
    files = ["denoiser.onnx", "encoder.onnx", "decoder.onnx", "tokenizer.json", "reference.json", "NOTICE"]
    description = manifest(config, data, work, folder, files, steps)
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
