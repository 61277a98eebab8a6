"""Both drivers, and small scripts for them to run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harness.driving import ColdDriver, Driver, ForkDriver, Launch, Request, Result


class Seen(NamedTuple):
    """What a command left, apart from its times."""

    exit_code: int | None
    signal: int | None
    stdout: str
    stderr: str


class Bench:
    """Writes scripts and runs them with a driver."""

    def __init__(self, driver: Driver, directory: Path) -> None:
        self.driver = driver
        self.directory = directory
        self.result: Result | None = None

    def request(self, text: str, *argv: str, **fields: object) -> Request:
        """Return a request to run a script of this text."""
        script = self.directory / "script.py"
        script.write_text(text)
        given: dict[str, object] = {
            "script": str(script),
            "argv": argv,
            "cwd": str(self.directory),
            "environ": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            "stdout": str(self.directory / "stdout"),
            "stderr": str(self.directory / "stderr"),
            "time_limit": 30.0,
        }
        return Request(**{**given, **fields})  # type: ignore[arg-type]

    def run(self, text: str, *argv: str, **fields: object) -> Seen:
        """Run a script of this text and return what was seen."""
        self.result = self.driver.run(self.request(text, *argv, **fields))
        return Seen(
            self.result.exit_code,
            self.result.signal,
            (self.directory / "stdout").read_text(),
            (self.directory / "stderr").read_text(),
        )


MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    """Return a maker of benches, whose drivers are closed at the end."""
    drivers: list[Driver] = []

    def make(kind: type[Driver], **fields: Any) -> Bench:
        given = {"python": sys.executable, "environ": (("LC_ALL", "C.UTF-8"),)}
        driver = kind(Launch(**{**given, **fields}))  # type: ignore[call-arg]
        drivers.append(driver)
        directory = tmp_path / f"{kind.__name__}-{len(drivers)}"
        directory.mkdir()
        return Bench(driver, directory)

    yield make
    for driver in drivers:
        driver.close()


@pytest.fixture(params=[ForkDriver, ColdDriver])
def bench(request: pytest.FixtureRequest, make_bench: MakeBench) -> Bench:
    """Return a bench with one driver, then with the other."""
    return make_bench(request.param)
