"""ONNX graphs of the trained modules: opset 23, weights stored as fp16, arithmetic in fp32."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.export import Dim

from .autoencoder import Autoencoder, Decoder, Encoder
from .model import Denoiser, time_features

OPSET = 23
DENOISER_OUTPUTS = ("gap_empty_logits", "gap_rates", "gap_logits", "mask_logits", "clean_patches")


def round_to_half(module: nn.Module) -> nn.Module:
    """Rounds every weight to fp16 and back, so that PyTorch and the exported file hold the same numbers."""
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.copy_(tensor.half().float())
    return module


def denoiser_example(model: Denoiser, grid: int, seed: int) -> dict[str, Tensor]:
    """A small batch with everything in it: two rows, two sequences in one, padding, pictures, gaps and masks."""
    random = torch.Generator().manual_seed(seed)
    shape = model.shape
    rows, text, pictures = 2, 24, 2
    patches = grid * grid * pictures
    tokens = torch.randint(0, shape.vocabulary, (rows, text), generator=random)
    sequences = torch.zeros(rows, text, dtype=torch.long)
    sequences[1, 14:20], sequences[1, 20:] = 1, -1
    positions = torch.arange(text).repeat(rows, 1)
    positions[1, 14:] -= 14
    opened = torch.zeros(rows, text, dtype=torch.long)
    opened[0, 3:9] = 1
    owner = torch.tensor([[0, 0], [0, 1]]).repeat_interleave(grid * grid, dim=1)
    axis = torch.arange(1, grid + 1)
    cells = torch.cartesian_prod(axis, axis).repeat(rows, pictures, 1)
    place = torch.tensor([[5, 15], [4, 3]]).repeat_interleave(grid * grid, dim=1)[..., None]
    times = torch.tensor([[0.1, 0.6], [1.0, 0.4]]).repeat_interleave(grid * grid, dim=1)
    return {
        "tokens": tokens,
        "token_positions": positions,
        "token_sequences": sequences,
        "token_open": opened,
        "patches": torch.randn(rows, patches, shape.patch_size, generator=random),
        "patch_positions": torch.cat([place, cells], dim=-1),
        "patch_sequences": owner,
        "patch_time_features": time_features(times, shape.time_frequencies),
        "gap_rows": torch.tensor([3, 4, 38]),
        "mask_rows": torch.tensor([10, 30]),
    }


def export_denoiser(model: Denoiser, grid: int, path: Path) -> None:
    example = denoiser_example(model, grid, seed=0)
    rows, text, patches, gaps, masks = (Dim(name) for name in ("rows", "text", "patches", "gaps", "masks"))
    both, per_patch = {0: rows, 1: text}, {0: rows, 1: patches}
    dynamic = {
        "tokens": both,
        "token_positions": both,
        "token_sequences": both,
        "token_open": both,
        "patches": per_patch,
        "patch_positions": per_patch,
        "patch_sequences": per_patch,
        "patch_time_features": per_patch,
        "gap_rows": {0: gaps},
        "mask_rows": {0: masks},
    }
    write(model, example, DENOISER_OUTPUTS, dynamic, path)


def export_autoencoder(autoencoder: Autoencoder, size: int, latent: tuple[int, int, int], folder: Path) -> None:
    write(Encoder(autoencoder), {"pixels": torch.rand(1, 3, size, size)}, ("latent",), None, folder / "encoder.onnx")
    write(Decoder(autoencoder), {"latent": torch.randn(1, *latent)}, ("pixels",), None, folder / "decoder.onnx")


def write(module: nn.Module, example: dict[str, Tensor], outputs: tuple[str, ...], dynamic, path: Path) -> None:
    program = torch.onnx.export(
        module.eval(),
        kwargs=example,
        input_names=list(example),
        output_names=list(outputs),
        dynamic_shapes=dynamic,
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    program.save(str(path), external_data=False)
    model = onnx.load(str(path))
    strip(model)
    name_weights(model, dict(module.named_parameters()))
    store_as_half(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def strip(model: onnx.ModelProto) -> None:
    """Removes what only the exporter's debugger reads: paths of the machine, stack traces, value types."""
    del model.graph.value_info[:]
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    model.doc_string = model.graph.doc_string = ""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for tensor in model.graph.initializer:
        del tensor.metadata_props[:]
        tensor.doc_string = ""
    for value in (*model.graph.input, *model.graph.output):
        del value.metadata_props[:]
        value.doc_string = ""


def name_weights(model: onnx.ModelProto, parameters: dict[str, nn.Parameter]) -> None:
    """Gives the matrices that the exporter has transposed the names of their parameters, with `.T` at the end."""
    names = {tensor.name for tensor in model.graph.initializer}
    open_names = {name: value.detach().numpy().T for name, value in parameters.items() if name not in names}
    renamed: dict[str, str] = {}
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        for name, wanted in open_names.items():
            if np.array_equal(values, wanted):
                renamed[tensor.name] = f"{name}.T"
                tensor.name = f"{name}.T"
                del open_names[name]
                break
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = renamed.get(name, name)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The parameters that an exported graph holds, by name: another run can start from a package."""
    weights: dict[str, Tensor] = {}
    for tensor in onnx.load(path).graph.initializer:
        name = tensor.name.removesuffix("_half")
        values = torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        if name.endswith(".T"):
            weights[name.removesuffix(".T")] = values.T.contiguous()
        else:
            weights[name] = values
    return weights


def store_as_half(model: onnx.ModelProto, least: int = 64) -> None:
    """Stores fp32 weights of at least `least` numbers as fp16 behind a Cast, where fp16 holds them exactly enough.

    Half the file, the same arithmetic: the runtime folds the casts when it loads the graph.
    """
    casts = []
    for index, tensor in enumerate(model.graph.initializer):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16)
        if values.size < least or not np.array_equal(half.astype(np.float32), values):
            continue
        name = tensor.name
        model.graph.initializer[index].CopyFrom(numpy_helper.from_array(half, name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], name=name + "_cast", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
