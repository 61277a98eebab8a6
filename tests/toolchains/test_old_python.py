"""Environments for interpreters that are too old for uv keep the same promises."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import msgspec
import pytest

from harness.model.toolchain import Environment, Toolchain
from harness.toolchains import ToolchainError, build, interpreters
from harness.toolchains.old_python import HELPER
from tests.toolchains.packages import lock_line, make_source, make_wheel, toolchain

OLD = [
    pytest.param(
        version,
        marks=pytest.mark.skipif(
            interpreters.find(version) is None,
            reason=interpreters.not_found(version)[0],
        ),
    )
    for version in ("2.7", "3.6", "3.7")
]
each_old = pytest.mark.parametrize("version", OLD)
on_the_oldest = pytest.mark.parametrize("version", OLD[:1])


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that has what makes environments, from the user's index."""
    directory = tmp_path_factory.mktemp("cache")
    build(HELPER, directory)
    return directory


@pytest.fixture
def old_lock(tmp_path: Path, cache: Path, wheelhouse: Path) -> Path:
    """Return a lock of a package for every Python; the lock is like no other."""
    path = tmp_path / "lock.txt"
    line = lock_line(make_wheel(wheelhouse, tag="py2.py3-none-any"))
    path.write_text(f"# {tmp_path}\n{line}", encoding="utf-8")
    return path


def wanting(lock: Path, version: str) -> Toolchain:
    """Return a toolchain that asks for an old interpreter."""
    asked = toolchain(lock)
    return msgspec.structs.replace(asked, python=version, interpreter=version)


@each_old
def test_a_package_can_be_used_by_script_and_by_import(
    old_lock: Path, cache: Path, version: str
) -> None:
    """On the interpreter that the toolchain asks for."""
    environment = build(wanting(old_lock, version), cache)
    command = "import tiny, sys; tiny.main(); print('%d.%d' % sys.version_info[:2])"

    by_script = subprocess.check_output([f"{environment.root}/bin/tiny"], text=True)
    by_import = subprocess.check_output([environment.python, "-c", command], text=True)

    assert ("here\n", f"here\n{version}\n") == (by_script, by_import)
    assert environment.python_version.startswith(f"{version}.")


@each_old
def test_it_holds_only_what_the_lock_pins_and_is_used_again(
    old_lock: Path, cache: Path, version: str
) -> None:
    """What fills an environment is not left in it."""
    first = build(wanting(old_lock, version), cache)
    second = build(wanting(old_lock, version), cache)

    assert [("tiny", "1.0")] == [(d.name, d.version) for d in first.distributions]
    assert (False, True) == (first.reused, second.reused)


@each_old
def test_every_module_is_compiled_before_it_is_used(
    old_lock: Path, cache: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the user's variables say of bytecode."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "315532800")
    monkeypatch.setenv("PIP_NO_COMPILE", "1")
    environment = build(wanting(old_lock, version), cache)

    [compiled] = Path(environment.root).rglob("tiny*.pyc")
    if version == "3.7":  # the first that can check by hash instead of by time
        assert bytes(4) == compiled.read_bytes()[4:8]


@on_the_oldest
def test_settings_of_the_user_say_from_where_and_not_what(
    old_lock: Path, cache: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told to pip or told to uv: here the wheels are only where uv's variable says."""
    monkeypatch.setenv("UV_FIND_LINKS", os.environ["PIP_FIND_LINKS"])
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_TARGET", "/nowhere")
    monkeypatch.setenv("PIP_CONSTRAINT", "/nowhere")

    assert ["tiny"] == _names(build(wanting(old_lock, version), cache))


@on_the_oldest
@pytest.mark.parametrize(
    ("line", "problem", "remedy"),
    [
        (f"tiny==1.0 --hash=sha256:{'0' * 64}", "DO NOT MATCH", "resolve the lock"),
        ("tiny==1.0", "Hashes are required", "the lock is not complete"),
        (f"absent==1.0 --hash=sha256:{'0' * 64}", "absent", "check the network"),
    ],
)
def test_what_pip_refuses_is_told_with_a_remedy(
    old_lock: Path, cache: Path, version: str, line: str, problem: str, remedy: str
) -> None:
    """In pip's own words, and nothing is left that looks built."""
    old_lock.write_text(f"{line}\n", encoding="utf-8")

    with pytest.raises(ToolchainError, match=problem) as caught:
        build(wanting(old_lock, version), cache)

    assert remedy in caught.value.remedy


@on_the_oldest
def test_a_package_that_asks_for_more_while_it_is_built_gets_nothing(
    old_lock: Path, cache: Path, version: str, wheelhouse: Path
) -> None:
    """Old packages ask for unpinned helpers in setup.py; the lock has to pin them."""
    make_wheel(wheelhouse, "asked", tag="py2.py3-none-any")
    setup = "from setuptools import setup\nsetup(name='asking', version='1.0', "
    archive = make_source(wheelhouse, "asking", f"{setup}setup_requires=['asked'])\n")
    old_lock.write_text(lock_line(archive), encoding="utf-8")

    with pytest.raises(ToolchainError) as caught:
        build(wanting(old_lock, version), cache)

    assert "asking" in str(caught.value)


def test_an_interpreter_that_is_not_there_is_told_with_a_remedy(
    lock: Path, tmp_path: Path
) -> None:
    """By its version."""
    with pytest.raises(ToolchainError, match=r"no Python 1\.5 was found") as caught:
        build(wanting(lock, "1.5"), tmp_path / "cache")

    assert "python1.5" in caught.value.remedy


def _names(environment: Environment) -> list[str]:
    return [distribution.name for distribution in environment.distributions]
