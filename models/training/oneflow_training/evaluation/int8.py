"""The package's denoiser with int8 weights beside the one that ships: size, time of a pass, and what it costs in quality.

Dynamic quantisation with `reduce_range` (7 bits): without it the products overflow on CPUs without VNNI.
"""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from ..data import read_lines
from ..vocabulary import FIRST_TEXT, MASK
from . import report
from .packaged import PackagedDenoiser
from .text import Told, joined, passages, tell

SEED = 7
MATRICES = ["MatMul", "Gemm", "Gather"]
PASSAGES = 120
#: Text positions of the timed pass (pictures aside), and how often it is run; the median counts.
POSITIONS, RUNS = 512, 15


def as_single(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with its weights in fp32: quantisation does not look behind the casts of stored fp16."""
    halves = {t.name: t for t in model.graph.initializer if t.data_type == TensorProto.FLOAT16}
    for node in [n for n in model.graph.node if n.op_type == "Cast" and n.input[0] in halves]:
        tensor = halves[node.input[0]]
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), node.output[0]))
        model.graph.node.remove(node)
    return model


def quantise(package: Path, folder: Path) -> Path:
    """A copy of the package in `folder` whose denoiser has int8 weights, for this comparison alone."""
    copied = folder / "int8"
    shutil.copytree(package, copied, dirs_exist_ok=True)
    single = folder / "single.onnx"
    onnx.save(as_single(onnx.load(package / "denoiser.onnx")), single)
    # Matrices alone: the quantiser knows no Attention of opset 23.
    quantize_dynamic(single, copied / "denoiser.onnx", MATRICES, reduce_range=True, weight_type=QuantType.QInt8)
    single.unlink()
    return copied


def told_tokens(denoiser: PackagedDenoiser, texts: list[str], count: int) -> dict:
    """Accuracy and nats per token at spans of which half is masked."""
    rng = np.random.default_rng(SEED)
    encoded = (denoiser.words.encode(texts[i]) for i in rng.permutation(len(texts)))
    told: list[Told] = []
    for passage in passages(encoded, denoiser.shape, denoiser.context_length, count, rng):
        picked = np.sort(rng.choice(passage.hidden, max(1, len(passage.hidden) // 2), replace=False))
        told.append(tell(denoiser, passage, picked))
    return joined(told).summary()


def seconds_per_pass(denoiser: PackagedDenoiser, positions: int) -> float:
    """Median processor seconds of a pass over so many text positions, every fourth of them a mask.

    Processor time, since other work on the machine would else be measured too.
    """
    rng = np.random.default_rng(SEED)
    tokens = rng.integers(FIRST_TEXT, denoiser.words.size, positions)
    tokens[::4] = MASK
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        denoiser.log_probabilities(tokens)
        times.append(time.process_time() - start)
    return float(np.median(times))


def compare(
    package: Path,
    data: Path,
    work: Path,
    share_alike: bool,
    threads: int,
    count: int = PASSAGES,
    positions: int = POSITIONS,
) -> str:
    """The table for the model card; writes it to `work/int8.md` and the figures beside it."""
    texts = [record["text"] for record in read_lines(data / "val" / "docs.jsonl.gz", share_alike)]
    figures = {}
    for name, folder in (("fp16 weights", package), ("int8 weights", quantise(package, work))):
        denoiser = PackagedDenoiser(folder, threads)
        figures[name] = {
            "bytes": (folder / "denoiser.onnx").stat().st_size,
            "seconds": seconds_per_pass(denoiser, positions),
            "picture": picture_error(denoiser, package),
        } | told_tokens(denoiser, texts, count)
    (work / "int8.json").write_text(json.dumps(figures, indent=2) + "\n")
    head = ["denoiser", "megabytes", f"ms a pass, {positions} positions", "half masked: right", "nats", "picture's difference"]
    rows = [
        [
            name,
            report.number(f["bytes"] / 1e6, 1),
            report.number(1000 * f["seconds"], 0),
            report.percent(f["accuracy"]),
            report.number(f["nats"], 3),
            report.percent(f["picture"]),
        ]
        for name, f in figures.items()
    ]
    table = report.table(head, rows)
    (work / "int8.md").write_text(table + "\n")
    return table


def picture_error(denoiser: PackagedDenoiser, package: Path) -> float:
    """How far the predicted clean latents of the package's reference run are off, as a share of their deviation."""
    reference = json.loads((package / "reference.json").read_text())["denoiser"]
    feed = {k: np.array(v["data"], v["type"]).reshape(v["shape"]) for k, v in reference["inputs"].items()}
    wanted = reference["outputs"]["clean_patches"]
    (clean,) = denoiser.session.run(["clean_patches"], feed)
    expected = np.array(wanted["data"]).reshape(wanted["shape"])
    return float(np.sqrt(((clean - expected) ** 2).mean()) / expected.std())
