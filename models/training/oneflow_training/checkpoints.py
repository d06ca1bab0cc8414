"""What the training loops share: checkpoints that a kill leaves whole, averaged weights, learning rates, the log."""

import json
import os
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from .plots import plot_log


def save(state: dict, path: Path) -> None:
    """Writes a checkpoint beside `path` and renames it, so that a kill leaves a whole one."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)


@torch.no_grad()
def update_average(average: dict[str, Tensor], model: nn.Module, step: int, decay: float) -> None:
    """Exponential average of the weights, shorter at the start."""
    decay = min(decay, (1 + step) / (10 + step))
    for name, value in model.state_dict().items():
        average[name].lerp_(value, 1 - decay)


class Log:
    """Means of what the steps report: a line of JSON every so many steps, and a picture of all of them."""

    def __init__(self, path: Path, every: int):
        self.path, self.every = path, every
        self.sums: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self.clock = time.perf_counter()

    def add(self, step: int, values: dict[str, float], amount: int, unit: str) -> None:
        """Adds the values of a step, which went through `amount` of `unit`; not-a-numbers are left out."""
        for name, value in {**values, unit: float(amount)}.items():
            if value == value:
                self.sums[name] = self.sums.get(name, 0.0) + value
                self.counts[name] = self.counts.get(name, 0) + 1
        if step % self.every == 0:
            seconds = time.perf_counter() - self.clock
            total = self.sums.pop(unit)
            line = {name: round(value / self.counts[name], 4) for name, value in self.sums.items()}
            line |= {"step": step, f"{unit}_per_second": round(total / seconds), "seconds": round(seconds, 1)}
            with self.path.open("a") as log:
                log.write(json.dumps(line) + "\n")
            self.sums, self.counts, self.clock = {}, {}, time.perf_counter()

    def draw(self) -> None:
        """Draws the curves of the whole log beside it."""
        if self.path.exists():
            plot_log(self.path, self.path.with_suffix(".png"))
