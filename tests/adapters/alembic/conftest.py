"""The real alembic, in environments built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.alembic import ADAPTER
from adapters.alembic.adapter import ALEMBIC, ALEMBIC_LINEAR
from harness.model.toolchain import Toolchain
from harness.toolchains import build, interpreters
from tests.adapters.alembic.bench import Bench, Runner


def _runner(name: str) -> Iterator[Runner]:
    toolchain = ADAPTER.toolchains[name]
    assert isinstance(toolchain, Toolchain)
    runner = Runner(build(toolchain), name)
    yield runner
    runner.driver.close()


@pytest.fixture(scope="session")
def common() -> Iterator[Runner]:
    """The last alembic that runs with SQLAlchemy 1.4."""
    yield from _runner("common")


@pytest.fixture(scope="session")
def newest() -> Iterator[Runner]:
    """The newest alembic with the newest SQLAlchemy."""
    yield from _runner("newest")


@pytest.fixture(scope="session")
def icehouse() -> Iterator[Runner]:
    """The alembic of November 2013, where there is a Python 2.7."""
    if interpreters.find("2.7") is None:
        pytest.skip(interpreters.not_found("2.7")[0])
    yield from _runner("icehouse")


@pytest.fixture(params=["common", "newest"])
def either(request: pytest.FixtureRequest) -> Runner:
    """Each toolchain, one after the other."""
    runner: Runner = request.getfixturevalue(request.param)
    return runner


@pytest.fixture
def bench(common: Runner, tmp_path: Path) -> Bench:
    """A repository of the tool as published."""
    return Bench(common, tmp_path, ALEMBIC)


@pytest.fixture
def either_bench(either: Runner, tmp_path: Path) -> Bench:
    """A repository of the tool as published, in each toolchain."""
    return Bench(either, tmp_path, ALEMBIC)


@pytest.fixture
def linear(either: Runner, tmp_path: Path) -> Bench:
    """A repository under the linear policy, in each toolchain."""
    return Bench(either, tmp_path, ALEMBIC_LINEAR)
