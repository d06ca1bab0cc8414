"""What `torchrun` starts in test_parallel.py: trains, then compares the processes' weights and says so."""

import atexit
import os
import sys
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist

sys.path.insert(0, str(Path(__file__).parent.parent))

from oneflow_training import __main__ as stages  # noqa: E402
from oneflow_training import train  # noqa: E402
from oneflow_training.config import load_config  # noqa: E402

config, data, work, out = (Path(argument) for argument in sys.argv[1:5])
smoke = load_config(config)


@atexit.register
def tell_threads() -> None:
    """Writes which threads there are when the training has left its process group, which goes last in, first out."""
    names = [name.read_text().strip() for name in Path("/proc/self/task").glob("*/comm")]
    (out / f"threads-{os.environ['RANK']}").write_text("\n".join(names))


patches = np.load(work / "patches-train.npy", mmap_mode="r")
state = train.train(smoke, stages.make_mixture(smoke, data, work), patches, out, until=6)
for name, value in state.model.state_dict().items():
    first = value.clone()
    dist.broadcast(first, 0)
    assert torch.equal(first, value), f"{name} differs between the processes"
# As files: lines that two processes print can end up in one.
(out / f"agrees-{dist.get_rank()}").touch()
