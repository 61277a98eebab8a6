"""Resolves lock files: `python -m harness.toolchains.lock DIRECTORY`.

A requirements file `NAME.in` is resolved to `NAME.txt` beside it, for every platform
and every Python from 3.11 on, with the hash of every file. A line `# python: VERSION`
says that it is for that Python instead. uv resolves for Python 3.6 and later; for an
older one the file has to pin every package, those that others need as well (pip says
so if one is missing), and the lock adds the hashes.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from harness.toolchains.failure import ToolchainError
from harness.toolchains.index import UvSettings
from harness.toolchains.installer import run_uv, user_settings
from harness.toolchains.interpreter import numbers

OLDEST_PYTHON = "3.11"

# A lock is for other machines too, so it may only hold what the main index has.
_LOCAL = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
_OLDEST_RESOLVED = "3.6"
_STANDS_IN = "3.8"
_PYTHON = re.compile(r"^# python: *([\d.]+) *$", re.MULTILINE)
_UNHASHED = re.compile(r"^[\w.-]+==[^\s\\]+(?!.*\\$)", re.MULTILINE)
_COMMAND = "python -m harness.toolchains.lock"
_OPTIONS = (
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    *("--custom-compile-command", _COMMAND),
)
_ADDRESS = re.compile(r"://|^\s*-(?!-hash=)|\s@\s|(^|\s)/", re.MULTILINE)


def resolve(source: Path, *, upgrade: bool = False) -> Path:
    """Resolve a requirements file to the lock beside it, and return the lock.

    Pins that the lock has already are kept if they still fit, unless `upgrade` is true.
    Raises ToolchainError.
    """
    lock = source.with_suffix(".txt")
    with tempfile.TemporaryDirectory() as directory:
        draft = Path(directory) / lock.name
        if lock.exists():
            shutil.copy(lock, draft)
        _compile(source, draft, upgrade=upgrade)
        _check(source, draft.read_text(encoding="utf-8"))
        shutil.copyfile(draft, lock)
    return lock


def addresses(lock: str) -> tuple[str, ...]:
    """Return the lines of a lock that name an index, a file or a path."""
    return tuple(line for line in lock.splitlines() if _ADDRESS.search(line))


def stated_python(source: str) -> str:
    """Return the Python that a requirements file says it is for, or an empty text."""
    stated = _PYTHON.search(source)
    return stated[1] if stated else ""


def _compile(source: Path, draft: Path, *, upgrade: bool) -> None:
    environ, options = user_settings(source.stem, os.environ)
    environ |= dict.fromkeys(_LOCAL, "")
    command = (
        *("pip", "compile", str(source), "--output-file", str(draft)),
        *("--python", sys.executable),
        *_OPTIONS,
        *_for_python(source.read_text(encoding="utf-8")),
        *options,
        *(("--upgrade",) if upgrade else ()),
    )
    run_uv(source.stem, command, UvSettings(environ, ()))


def _for_python(source: str) -> tuple[str, ...]:
    stated = stated_python(source)
    if not stated:
        return ("--universal", "--python-version", OLDEST_PYTHON)
    if numbers(stated) < numbers(_OLDEST_RESOLVED):
        # Nothing is resolved, so that the version only has to be one that uv knows.
        return ("--universal", "--no-deps", "--python-version", _STANDS_IN)
    return ("--universal", "--python-version", stated)


def _check(source: Path, lock: str) -> None:
    if found := addresses(lock):
        problem = f"its lock would name a place that others do not have: {found[0]}"
        raise ToolchainError(
            source.stem, problem, f"name packages by version in {source}"
        )
    if unhashed := _UNHASHED.search(lock):
        problem = f"the index tells no hash of {unhashed[0]}"
        raise ToolchainError(source.stem, problem, "ask an index that tells hashes")


def _sources(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.in")) if path.is_dir() else (path,)


@click.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
def main(paths: tuple[Path, ...], *, upgrade: bool) -> None:
    """Resolve each .in file, and all of them under a directory, to a lock beside it."""
    for source in _sources(paths):
        try:
            click.echo(resolve(source, upgrade=upgrade))
        except ToolchainError as error:
            message = f"{error}\n{error.remedy}"
            raise click.ClickException(message) from error


if __name__ == "__main__":
    main()
