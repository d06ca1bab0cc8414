"""Encodes every picture of a split once; the flow is trained on these latents."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from .autoencoder import Autoencoder
from .pixels import as_input


def load_autoencoder(path: Path) -> Autoencoder:
    """The autoencoder of a safetensors file (`enc.*`, `dec.*`), in fp32 and evaluation mode."""
    model = Autoencoder()
    model.load_state_dict({key: value.float() for key, value in load_file(path).items()})
    return model.eval()


@torch.inference_mode()
def encode(pixels: np.ndarray, autoencoder: Autoencoder, out: Path, batch: int = 64) -> None:
    """Writes the latents of all pictures [N,128,128,3]: float16 [N,8,16,16]."""
    latents = None
    for start in range(0, len(pixels), batch):
        z = autoencoder.encode(as_input(pixels[start : start + batch]))
        if latents is None:
            latents = np.lib.format.open_memmap(out, "w+", np.float16, (len(pixels), *z.shape[1:]))
        latents[start : start + len(z)] = z.half().numpy()
        if start % (batch * 50) == 0:
            print(f"latents {start}/{len(pixels)}", flush=True)


def channel_statistics(latents: np.ndarray, sample: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation per channel over an even sample of latents [N,C,h,w]."""
    chosen = latents[:: max(1, len(latents) // sample)].astype(np.float32)
    return chosen.mean(axis=(0, 2, 3)), chosen.std(axis=(0, 2, 3))


def preview_map(autoencoder: Autoencoder, latents: np.ndarray, mean: np.ndarray, deviation: np.ndarray, sample: int = 400):
    """Least-squares map of standardised latents to the 1/8-size picture: matrix [3,C] and offset [3]."""
    chosen = latents[:: max(1, len(latents) // sample)].astype(np.float32)
    with torch.inference_mode():
        pixels = autoencoder.decode(torch.from_numpy(chosen))
        small = torch.nn.functional.avg_pool2d(pixels, 8).permute(0, 2, 3, 1).reshape(-1, 3).numpy()
    standard = (chosen - mean[:, None, None]) / deviation[:, None, None]
    design = standard.transpose(0, 2, 3, 1).reshape(len(small), -1)
    design = np.concatenate([design, np.ones((len(design), 1), np.float32)], axis=1)
    solution, *_ = np.linalg.lstsq(design, small, rcond=None)
    return solution[:-1].T, solution[-1]
