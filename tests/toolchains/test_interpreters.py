"""The interpreters of a machine are found, and what only looks like one is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.toolchains import interpreters
from harness.toolchains.interpreter import numbers, probe


@pytest.fixture
def afresh() -> Iterator[None]:
    """Look for interpreters again, now and for whoever comes after."""
    interpreters.available.cache_clear()
    yield
    interpreters.available.cache_clear()


def test_the_running_interpreter_is_among_them() -> None:
    """The one outside the virtual environment that the tests run in."""
    assert probe() in interpreters.available()


def test_every_version_under_pyenv_is_found() -> None:
    """Those that are too old for most of today's tools as well."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    there = {p.parents[1].name for p in root.glob("versions/[23].*/bin/python")}

    assert set() == there - {found.version for found in interpreters.available()}


def test_each_is_a_version_of_its_own_and_the_newest_comes_last() -> None:
    """By number: 3.9 is older than 3.10."""
    versions = [numbers(found.version) for found in interpreters.available()]

    assert sorted(set(versions)) == versions


def test_each_runs_and_lies_outside_any_environment() -> None:
    """So that what is built on it outlives the environment that found it."""
    for found in interpreters.available():
        subprocess.run([found.executable, "-c", "import json"], check=True)
        assert not Path(found.executable).parents[1].joinpath("pyvenv.cfg").exists()


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_version_may_be_given_in_part(parts: int) -> None:
    """The newest of those that begin with it is found."""
    running = ".".join(map(str, sys.version_info[:parts]))
    found = interpreters.find(running)

    assert found is not None
    assert numbers(running) == numbers(probe(found).version)[:parts]


@pytest.mark.parametrize("version", ["9.9", f"3.{sys.version_info[1]}99"])
def test_what_is_not_there_is_not_found(version: str) -> None:
    """A version begins with numbers, not with letters: 3.1 is not 3.11."""
    assert interpreters.find(version) is None


@pytest.mark.usefixtures("afresh")
def test_a_shim_that_does_not_run_is_no_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pyenv leaves such on the PATH, for versions that nobody has chosen."""
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\necho 'python3.99: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    assert str(shim) not in {found.executable for found in interpreters.available()}


def test_an_interpreter_is_asked_without_what_lies_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the current directory is not taken for the library's."""
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    for found in interpreters.available():
        assert found == probe(Path(found.executable))
