"""The locks of this project, as they are committed, are whole and can be built."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from harness.toolchains import build, interpreters
from harness.toolchains.lock import addresses, stated_python
from tests.toolchains.packages import toolchain

ROOT = Path(__file__).parents[2]
SOURCES = sorted((*ROOT.glob("adapters/**/*.in"), *ROOT.glob("harness/**/*.in")))
IMPORTS = {
    "common": "alembic, migrate.versioning.api, psycopg2, pymysql",
    "icehouse": "alembic, migrate.versioning.api, psycopg2, pymysql",
    "newest": "alembic, psycopg2, pymysql",
    "virtualenv": "virtualenv",
}
each_lock = pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(ROOT))
)


def required(source: Path) -> set[str]:
    """Return the names of the packages that a requirements file asks for."""
    return set(re.findall(r"^[\w.-]+", source.read_text(), re.MULTILINE))


def pins(source: Path) -> dict[str, int]:
    """Return the packages that a lock pins, with the number of their hashes."""
    text = source.with_suffix(".txt").read_text()
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    return {entry.split("==")[0]: entry.count("--hash=sha256:") for entry in entries}


@each_lock
def test_a_lock_pins_all_that_is_required(source: Path) -> None:
    """A requirement that was added is resolved as well."""
    assert set() == required(source) - pins(source).keys()


@each_lock
def test_each_pin_has_hashes(source: Path) -> None:
    """So that every file is known, from wherever it comes."""
    assert [] == [name for name, hashes in pins(source).items() if not hashes]


@each_lock
def test_a_lock_names_no_place(source: Path) -> None:
    """It is the same for everybody, behind whatever index."""
    assert () == addresses(source.with_suffix(".txt").read_text())


@each_lock
def test_a_lock_can_be_built_and_its_packages_load(
    source: Path, tmp_path: Path
) -> None:
    """On the interpreter that it is for, from the user's index."""
    asked = toolchain(source.with_suffix(".txt"), source.stem)
    if version := stated_python(source.read_text(encoding="utf-8")):
        if interpreters.find(version) is None:
            pytest.skip(interpreters.not_found(version)[0])
        asked = replace(asked, python=version, interpreter=version)
    environment = build(asked, tmp_path / "cache")
    command = f"import {IMPORTS[source.stem]}"
    loaded = subprocess.run(
        [environment.python, "-W", "ignore", "-c", command],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (loaded.returncode, loaded.stderr)
