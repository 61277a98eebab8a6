"""The real sqlalchemy-migrate, in an environment built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.migrate import ADAPTER
from adapters.migrate.adapter import MIGRATE, MIGRATE_MANIFEST
from harness.model.toolchain import Toolchain
from harness.toolchains import build, interpreters
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


@pytest.fixture(scope="session")
def icehouse_root() -> Path:
    """The environment of November 2013, where there is a Python 2.7."""
    if interpreters.find("2.7") is None:
        pytest.skip(interpreters.not_found("2.7")[0])
    toolchain = ADAPTER.toolchains["icehouse"]
    assert isinstance(toolchain, Toolchain)
    return Path(build(toolchain).root)


@pytest.fixture(scope="session")
def icehouse_stock(icehouse_root: Path) -> Iterator[Runner]:
    """The tool as published, in November 2013."""
    runner = Runner(icehouse_root, MIGRATE, "icehouse")
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def icehouse_patched(icehouse_root: Path) -> Iterator[Runner]:
    """The tool with the manifest, in November 2013."""
    runner = Runner(icehouse_root, MIGRATE_MANIFEST, "icehouse")
    yield runner
    runner.close()


@pytest.fixture(params=["icehouse_stock", "icehouse_patched"])
def icehouse_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A repository of each candidate in November 2013."""
    return Bench(request.getfixturevalue(request.param), tmp_path)


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
