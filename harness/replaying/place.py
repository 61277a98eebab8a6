"""Where a history lies: a path, or a folder of a package in an environment."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from harness.contract import Adapter

_PACKAGED = re.compile(r"(?P<package>[A-Za-z_][\w.]*):(?P<folder>[\w./-]*)")
_DEEPEST = 6
_PASSED_BY = {"node_modules", "__pycache__", "site-packages"}


class ReplayError(ValueError):
    """A history cannot be played; the message names the thing and the remedy."""


class NotResumedError(ReplayError):
    """An earlier replay cannot be gone on with; nothing further was played."""


class ServerLost(ReplayError):  # noqa: N818
    """The server ended under a replay, which says nothing about the history."""


class Place(msgspec.Struct, frozen=True):
    """A repository that was found; `repository` is what its player is told."""

    path: Path
    tool: str
    repository: dict[str, Any]


def locate(target: str, python: str) -> Path:
    """Return the path that a target names, `PACKAGE:FOLDER` by the environment's path.

    Nothing of the package is imported.
    """
    packaged = _PACKAGED.fullmatch(target)
    if packaged is None or Path(target).exists():
        return Path(target).resolve()
    inner = Path(*packaged["package"].split("."), packaged["folder"])
    for entry in _search_path(python):
        path = Path(entry) / inner
        if path.is_dir() or (path.suffix == ".ini" and path.is_file()):
            return path
    top = packaged["package"].partition(".")[0]
    if any((Path(entry) / top).is_dir() for entry in _search_path(python)):
        message = (
            f"{target}: {python} has the package {top}, and in it no folder {inner}; "
            f"name {top}: to have its history looked for"
        )
        raise ReplayError(message)
    message = (
        f"{target}: {python} has no folder {inner} on its path; install the package "
        "there, or name a path"
    )
    raise ReplayError(message)


def find(path: Path, adapters: Iterable[Adapter], versions: tuple[str, ...]) -> Place:
    """Return the one repository at or below a path."""
    if not path.exists():
        message = f"{path} does not exist; name a folder, or PACKAGE:FOLDER"
        raise ReplayError(message)
    adapters = tuple(adapters)
    here = tuple(_recognised(path, adapters, versions))
    found = here or tuple(
        place for folder in _below(path) for place in _recognised(folder, adapters, ())
    )
    if len(found) == 1:
        return found[0]
    if not found:
        message = (
            f"{path}: no repository of {_tools(adapters)} is there; name its folder"
        )
        raise ReplayError(message)
    listed = ", ".join(f"{place.path} ({place.tool})" for place in found)
    message = (
        f"{path}: there are several repositories; name the folder, or the --tool, of one "
        f"of: {listed}"
    )
    raise ReplayError(message)


def _recognised(
    path: Path, adapters: tuple[Adapter, ...], versions: tuple[str, ...]
) -> Iterator[Place]:
    for adapter in adapters:
        if adapter.playing is not None:
            repository = adapter.playing.recognise(path, versions)
            if repository is not None:
                yield Place(path, adapter.tool, repository)


def _tools(adapters: tuple[Adapter, ...]) -> str:
    return " or ".join(one.tool for one in adapters if one.playing is not None)


def _below(path: Path) -> Iterator[Path]:
    for folder, below, _ in os.walk(path):
        depth = len(Path(folder).relative_to(path).parts)
        kept = [n for n in sorted(below) if not n.startswith(".")]
        below[:] = [n for n in kept if n not in _PASSED_BY] * (depth < _DEEPEST)
        if depth:
            yield Path(folder)


def _search_path(python: str) -> list[str]:
    question = "import sys, json; print(json.dumps(sys.path[1:]))"
    try:
        answer = subprocess.run(
            [python, "-E", "-s", "-c", question],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        message = f"{python} is not a Python that can be used: {error}"
        raise ReplayError(message) from error
    return msgspec.json.decode(answer.stdout, type=list[str])
