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
    """A work folder in which the stages before training have run."""
    from oneflow_training import __main__ as stages

    work = tmp_path_factory.mktemp("work")
    stages.run_prepare(smoke_config, toy_data, work)
    stages.run_autoencoder(smoke_config, toy_data, work, None)
    stages.run_tokenizer(smoke_config, toy_data, work)
    stages.run_latents(smoke_config, work)
    stages.run_pack(smoke_config, toy_data, work)
    return work
