"""Every stage runs on the drawn set; a resumed run is the same run; the package computes what PyTorch computes."""

import hashlib
import json

import numpy as np
import onnxruntime
import torch

from oneflow_training import __main__ as stages
from oneflow_training import export, graphs, train


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


def test_the_exported_package_is_whole_and_computes_what_pytorch_computes(smoke_config, toy_data, toy_work, tmp_path):
    state = run(smoke_config, toy_data, toy_work, toy_work)
    first, last = losses(toy_work)[0], losses(toy_work)[-1]
    assert last[2] < first[2], "the insertion loss falls"
    package = tmp_path / "package"
    export.export_package(smoke_config, toy_data, toy_work, package)
    manifest = json.loads((package / "model.json").read_text())
    assert manifest["provenance"]["trainedSteps"] == state.step == smoke_config.train.steps
    for file in manifest["files"]:
        data = (package / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    weights = graphs.read_weights(package / "denoiser.onnx")
    for name, value in export.averaged_model(smoke_config, toy_work)[0].state_dict().items():
        assert torch.equal(weights[name], value), f"{name} can be read back to go on from"
    export.write_start(package, toy_work)
    started_from = export.provenance(smoke_config, toy_data, toy_work, state.step)["startedFrom"]
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
