"""The denoiser of a model package, run as users run it: its exported graph, by ONNX Runtime."""

import json
from pathlib import Path

import numpy as np
import onnxruntime

from .. import vocabulary
from ..samples import TextShape
from ..vocabulary import FIRST_TEXT, MASK


class PackagedDenoiser:
    """What a package's graph says about masked tokens, with the package's tokenizer."""

    def __init__(self, package: Path, threads: int):
        manifest = json.loads((package / "model.json").read_text())
        styles = [style["name"] for style in manifest["image"]["styles"]]
        self.words = vocabulary.load(package / manifest["tokenizer"]["file"], styles)
        self.shape = TextShape(self.words)
        self.context_length = manifest["contextLength"]
        graph = manifest["graphs"]["denoiser"]
        self.patch_size, self.features = (
            next(i["shape"][-1] for i in graph["inputs"] if i["name"] == name)
            for name in ("patches", "patch_time_features")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(package / graph["file"], options)

    def log_probabilities(self, tokens: np.ndarray) -> np.ndarray:
        """Log-probability of every text token at every [MASK] of a text [T] that begins with BOS: [masks, vocabulary].

        As in the product's sampler, special tokens have none.
        """
        text = tokens.astype(np.int64)[None]
        zeros = np.zeros_like(text)
        feed = {
            "tokens": text,
            "token_positions": np.arange(text.shape[1])[None],
            "token_sequences": zeros,
            "token_open": zeros,
            # One patch of no sequence: kernels of the runtime do not all take tensors without a single number.
            "patches": np.zeros((1, 1, self.patch_size), np.float32),
            "patch_positions": np.zeros((1, 1, 3), np.int64),
            "patch_sequences": np.full((1, 1), -1, np.int64),
            "patch_time_features": np.zeros((1, 1, self.features), np.float32),
            "gap_rows": np.zeros(1, np.int64),
            "mask_rows": np.flatnonzero(tokens == MASK),
        }
        (logits,) = self.session.run(["mask_logits"], feed)
        logits[:, :FIRST_TEXT] = -np.inf
        logits -= logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))
