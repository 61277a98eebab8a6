"""The real sqlalchemy-migrate, in an environment built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.migrate import ADAPTER
from adapters.migrate.adapter import MIGRATE, MIGRATE_MANIFEST
from harness.model.toolchain import Toolchain
from harness.toolchains import build
from tests.adapters.migrate.bench import Bench, Runner


@pytest.fixture(scope="session")
def migrate_root() -> Path:
    """The directory of the environment that has the tool."""
    common = ADAPTER.toolchains["common"]
    assert isinstance(common, Toolchain)
    return Path(build(common).root)


@pytest.fixture(scope="session")
def stock(migrate_root: Path) -> Iterator[Runner]:
    """The tool as published."""
    runner = Runner(migrate_root, MIGRATE)
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def patched(migrate_root: Path) -> Iterator[Runner]:
    """The tool with the manifest."""
    runner = Runner(migrate_root, MIGRATE_MANIFEST)
    yield runner
    runner.close()


@pytest.fixture
def bench(stock: Runner, tmp_path: Path) -> Bench:
    """A repository of the tool as published."""
    return Bench(stock, tmp_path)


@pytest.fixture
def manifest_bench(patched: Runner, tmp_path: Path) -> Bench:
    """A repository with a manifest."""
    return Bench(patched, tmp_path)


@pytest.fixture(params=["numbers", "manifest"])
def either_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A repository of each candidate, one after the other."""
    name = {"numbers": "stock", "manifest": "patched"}[request.param]
    return Bench(request.getfixturevalue(name), tmp_path)
