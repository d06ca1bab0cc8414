"""Where a process of a training run computes: its device, and its rank among the processes of `torchrun`."""

import atexit
import os
from dataclasses import dataclass

import torch
import torch.distributed as dist

# Imported before any group is made: its functions take the group they find for a default, and keep it past its end.
import torch.distributed.nn  # noqa: F401
from torch import Tensor, nn


@dataclass(frozen=True)
class Place:
    device: torch.device
    rank: int = 0
    world: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes checkpoints and logs."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """The sum of `values` over all processes."""
        if self.world > 1:
            dist.all_reduce(values)
        return values

    def sum_gradients(self, model: nn.Module) -> None:
        """Replaces every gradient by its sum over all processes, in one message."""
        if self.world == 1:
            return
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        flat = self.sum(torch.cat([gradient.reshape(-1) for gradient in gradients]))
        for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))


def find_place() -> Place:
    """This process's place: a GPU where there is one; under `torchrun`, one of its processes."""
    has_gpu = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if has_gpu else torch.device("cpu")
    if "WORLD_SIZE" not in os.environ:
        return Place(device)
    if has_gpu:
        torch.cuda.set_device(device)
    if not dist.is_initialized():
        dist.init_process_group("nccl" if has_gpu else "gloo")
        # Threads of a group that is left to the interpreter's end abort the process now and then.
        atexit.register(dist.destroy_process_group)
    return Place(device, dist.get_rank(), dist.get_world_size())
