import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inference.predictor import Predictor
from tests.faults.plant import Plant, PostgreSql, Redis, Sqlite, missing_servers
from tests.inference.tiny_models import Tiny, write_tiny_models

MakePlant = Callable[[], Plant]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A tiny model version, converted once, as the workers' environment names it."""
    root = tmp_path_factory.mktemp("weights")
    cache = tmp_path_factory.mktemp("converted")
    folder = write_tiny_models(root / "tiny", Tiny())
    Predictor.load(folder, backend="openvino", device="cpu", cache_dir=cache).load_all()
    return {"REVIEW_WEIGHTS_DIR": str(root), "REVIEW_INFERENCE_CACHE_DIR": str(cache)}


@pytest.fixture
def redis() -> Iterator[Redis]:
    require_servers()
    server = Redis()
    yield server
    server.kill()


@pytest.fixture
def on_servers(tmp_path: Path, models: dict[str, str], redis: Redis) -> Iterator[Plant]:
    """PostgreSQL and Redis, as in production."""
    database = PostgreSql()
    with ExitStack() as stack:
        stack.enter_context(database.exists())
        plant = Plant(tmp_path, database, {**models, **redis.environment})
        stack.callback(plant.end)
        _prepare(plant)
        yield plant


@pytest.fixture
def embedded(tmp_path: Path, models: dict[str, str]) -> Iterator[Plant]:
    """SQLite and the broker in a folder, as `make demo` runs."""
    plant = Plant(tmp_path, Sqlite(tmp_path / "review.sqlite3"), models)
    _prepare(plant)
    yield plant
    plant.end()


def _prepare(plant: Plant) -> None:
    plant.run("manage.py", "migrate", "--verbosity", "0")
    plant.run("manage.py", "register_models")


def require_servers() -> None:
    missing = missing_servers()
    if not missing:
        return
    reason = f"FAULT TESTS LEFT OUT: {'; '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
