"""Several processes train one model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from oneflow_training import objective
from oneflow_training.objective import Part, Weights
from oneflow_training.places import Place

HERE = Path(__file__).parent


def test_two_processes_keep_the_same_weights(toy_data, toy_work, tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    arguments = [HERE / "two_processes.py", HERE.parent / "configs" / "smoke.toml", toy_data, toy_work, tmp_path]
    subprocess.run([*command, *map(str, arguments)], check=True)
    assert [path.name for path in sorted(tmp_path.glob("agrees-*"))] == ["agrees-0", "agrees-1"]
    # A thread of the group that lives until the interpreter's end aborts the process now and then.
    threads = [path.read_text() for path in sorted(tmp_path.glob("threads-*"))]
    assert len(threads) == 2
    assert not any("gloo" in names for names in threads)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4, 6]
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["step"] == 6


class Twin(Place):
    """Two processes that have the same numbers."""

    def sum(self, values):
        return values * 2


def test_a_process_minimises_its_share_of_the_mean_over_all_processes():
    x = torch.tensor(3.0, requires_grad=True)
    parts = [{name: Part(x * count, count) for name in ("empty", "rate", "insert", "mask", "image")} for count in (1, 3)]
    weights = Weights(empty=1, rate=0, insert=0, mask=0, image=0)
    alone = objective.step_loss(parts, weights, Place(torch.device("cpu")))
    shared = objective.step_loss(parts, weights, Twin(torch.device("cpu")))
    assert float(alone.total.detach()) == pytest.approx(3.0)
    assert float(shared.total.detach()) == pytest.approx(1.5)
    assert alone.means == shared.means


def test_a_part_that_a_step_lacks_adds_nothing_and_is_not_a_number_in_the_log():
    zero = torch.tensor(0.0)
    parts = {name: Part(zero, 0) for name in ("empty", "rate", "insert", "mask")} | {"image": Part(torch.tensor(2.0), 1)}
    loss = objective.step_loss([parts], Weights(1, 1, 1, 1, 1), Place(torch.device("cpu")))
    assert float(loss.total) == 2.0
    assert loss.means["mask"] != loss.means["mask"]
