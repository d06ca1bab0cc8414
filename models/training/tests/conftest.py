import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def smoke_config():
    from oneflow_training.config import load_config

    return load_config(ROOT / "configs" / "smoke.toml")


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory) -> Path:
    from oneflow_training.toy import write_toy_data

    folder = tmp_path_factory.mktemp("toy") / "data"
    write_toy_data(folder)
    return folder


@pytest.fixture(scope="session")
def toy_work(tmp_path_factory, smoke_config, toy_data) -> Path:
    """A work folder in which the stages before training have run, with an untrained autoencoder."""
    import torch
    from safetensors.torch import save_file

    from oneflow_training import __main__ as stages
    from oneflow_training.autoencoder import Autoencoder

    work = tmp_path_factory.mktemp("work")
    torch.manual_seed(3)
    save_file(Autoencoder().half().state_dict(), work / "autoencoder.safetensors")
    stages.run_tokenizer(smoke_config, toy_data, work)
    stages.run_latents(smoke_config, toy_data, work, work / "autoencoder.safetensors")
    stages.run_pack(smoke_config, toy_data, work)
    return work
