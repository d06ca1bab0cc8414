"""Every stage runs on the drawn set; a resumed run is the same run; the package computes what PyTorch computes, and is
judged by every measure."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from oneflow_training import __main__ as stages
from oneflow_training import export, graphs, train
from oneflow_training.config import load_config
from oneflow_training.evaluation import dual_encoder, int8, judgement

ROOT = Path(__file__).parent.parent


def run(config, data, work, out, until=None):
    out.mkdir(exist_ok=True)
    patches = np.load(work / "patches-train.npy", mmap_mode="r")
    return train.train(config, stages.make_mixture(config, data, work), patches, out, until)


def losses(out) -> list[list[float]]:
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return [[line[name] for name in ("empty", "rate", "insert", "mask", "image")] for line in lines]


def test_a_run_that_was_killed_and_resumed_has_the_same_losses_and_weights(smoke_config, toy_data, toy_work, tmp_path):
    whole = run(smoke_config, toy_data, toy_work, tmp_path / "whole")
    run(smoke_config, toy_data, toy_work, tmp_path / "parts", until=6)
    parts = run(smoke_config, toy_data, toy_work, tmp_path / "parts")
    assert losses(tmp_path / "whole") == losses(tmp_path / "parts")
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, parts.model.state_dict()[name]), name


@pytest.fixture(scope="module")
def package(smoke_config, toy_data, toy_work, tmp_path_factory):
    """The package of a short run in the work folder."""
    run(smoke_config, toy_data, toy_work, toy_work)
    folder = tmp_path_factory.mktemp("exported") / "package"
    export.export_package(smoke_config, toy_data, toy_work, folder)
    return folder


def test_the_exported_package_is_whole_and_computes_what_pytorch_computes(smoke_config, toy_data, toy_work, package):
    first, last = losses(toy_work)[0], losses(toy_work)[-1]
    assert last[2] < first[2], "the insertion loss falls"
    manifest = json.loads((package / "model.json").read_text())
    assert manifest["provenance"]["trainedSteps"] == smoke_config.train.steps
    for file in manifest["files"]:
        data = (package / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    weights = graphs.read_weights(package / "denoiser.onnx")
    for name, value in export.averaged_model(smoke_config, toy_work)[0].state_dict().items():
        assert torch.equal(weights[name], value), f"{name} can be read back to go on from"
    export.write_start(package, toy_work)
    started_from = export.provenance(smoke_config, toy_data, toy_work, smoke_config.train.steps)["startedFrom"]
    assert (started_from["name"], started_from["version"]) == (manifest["name"], manifest["version"])
    reference = json.loads((package / "reference.json").read_text())
    for name, graph in manifest["graphs"].items():
        session = onnxruntime.InferenceSession(package / graph["file"])
        assert [i.name for i in session.get_inputs()] == [i["name"] for i in graph["inputs"]]
        feed = {
            k: np.array(v["data"], v["type"]).reshape(v["shape"]) for k, v in reference[name]["inputs"].items()
        }
        outputs = session.run([o["name"] for o in graph["outputs"]], feed)
        for output, expected in zip(outputs, reference[name]["outputs"].values(), strict=True):
            wanted = np.array(expected["data"]).reshape(expected["shape"])
            assert np.abs(output - wanted).max() <= manifest["reference"]["tolerance"]


def test_int8_weights_are_smaller_and_nearly_as_good(toy_data, toy_work, package):
    table = int8.compare(package, toy_data, toy_work, True, 1, count=3, positions=64)
    assert len(table.splitlines()) == 4
    half, whole = (json.loads((toy_work / "int8.json").read_text())[name] for name in ("fp16 weights", "int8 weights"))
    assert whole["bytes"] < half["bytes"]
    assert half["picture"] < 1e-4 < whole["picture"] < 0.5
    assert abs(half["nats"] - whole["nats"]) < 0.1


def numbers(value) -> list[float]:
    """All numbers of a JSON value."""
    if isinstance(value, dict):
        return [n for inner in value.values() for n in numbers(inner)]
    if isinstance(value, list):
        return [n for inner in value for n in numbers(inner)]
    return [value] if isinstance(value, (int, float)) else []


def test_a_package_is_judged_by_every_measure(smoke_config, toy_data, toy_work, package):
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    result = stages.run_evaluate(smoke_config, toy_data, toy_work, package, judgement.QUICK, 1)
    assert np.isfinite(numbers(result)).all()
    assert json.loads((toy_work / "evaluation.json").read_text()) == result
    assert [step["steps"] for step in result["steps"]] == list(judgement.STEPS)
    assert list(result["pictures"]["groups"]) == ["seen", "pair", "concept"]
    text = result["text"]["likelihood"]
    assert text["fiveGram"]["natsPerToken"] < text["unigram"]["natsPerToken"], "the drawn texts repeat themselves"
    for name in ("evaluation.md", "generated.txt", "contact-sheet.png", "fresh-eyes.png", "fresh-eyes-key.txt"):
        assert (toy_work / name).stat().st_size > 0
    # A row of the tables for each kind of figure; a missing figure would be a dash.
    card = (toy_work / "evaluation.md").read_text()
    assert card.count("\n| --- |") == 8 and f"denoiser {result['package']['denoiser'][:12]}" in card


def test_a_package_is_not_judged_by_another_dual_encoder(smoke_config, toy_data, toy_work, package):
    stages.run_dual_encoder(smoke_config, toy_data, toy_work)
    pinned = replace(smoke_config, judge="0" * 64)
    with pytest.raises(ValueError, match="the dual encoder that judges is 0000"):
        stages.run_evaluate(pinned, toy_data, toy_work, package, judgement.QUICK, 1)


def test_the_frozen_judge_is_the_one_that_the_shipped_configs_name(smoke_config, toy_data, tmp_path):
    for name in ("mini-cpu", "mini-gpu"):
        pinned = load_config(ROOT / "configs" / f"{name}.toml")
        stages.run_dual_encoder(pinned, toy_data, tmp_path)
        dual_encoder.load(tmp_path / "dual-encoder.safetensors", pinned.judge)


def test_a_pinned_dual_encoder_is_never_replaced_by_another(smoke_config, toy_data, tmp_path):
    with pytest.raises(ValueError, match="are judged by 0000"):
        stages.run_dual_encoder(replace(smoke_config, judge="0" * 64), toy_data, tmp_path)
    assert list(tmp_path.iterdir()) == []
