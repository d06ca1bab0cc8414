"""The curves of a training run, from its log, as a picture."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402


def read_log(path: Path) -> dict[str, tuple[list[int], list[float]]]:
    """For every figure of a log, the steps that report it and its values there."""
    curves: dict[str, tuple[list[int], list[float]]] = {}
    for line in map(json.loads, path.read_text().splitlines()):
        step = line.pop("step")
        for name, value in line.items():
            steps, values = curves.setdefault(name, ([], []))
            steps.append(step)
            values.append(value)
    return curves


def plot_log(log: Path, out: Path) -> None:
    """Draws losses, gradient and throughput, each over the steps, in a grid."""
    curves = read_log(log)
    curves.pop("seconds", None)
    columns = 3
    rows = -(-len(curves) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(12, 2.4 * rows), squeeze=False, layout="constrained")
    for axis, (name, (steps, values)) in zip(axes.flat, curves.items(), strict=False):
        axis.plot(steps, values, linewidth=0.8)
        axis.set_title(name.replace("_", " "), fontsize=9)
        axis.tick_params(labelsize=7)
    for axis in axes.flat[len(curves) :]:
        axis.remove()
    figure.savefig(out, dpi=110)
    pyplot.close(figure)
