"""The histories of real projects that are known: finding them, and asking for one."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from harness.model.corpus import Catalogue, Entry
from harness.replaying.environment import Wanted
from harness.replaying.place import ReplayError
from harness.replaying.playback import Limits
from harness.replaying.replay import Asked

NAMED = "corpus:"
"""What stands before a name of the catalogue where a path could stand as well."""


def shipped() -> Path:
    """Return the catalogue that comes with the project."""
    package = importlib.import_module("adapters")
    return Path(package.__path__[0]) / "corpus.toml"


def read(path: Path) -> tuple[Entry, ...]:
    """Return the histories of a catalogue; `ReplayError` if it is malformed."""
    try:
        histories = msgspec.toml.decode(path.read_bytes(), type=Catalogue).histories
    except (OSError, msgspec.DecodeError) as error:
        message = f"{path} is no catalogue of histories: {error}"
        raise ReplayError(message) from error
    names = [one.name for one in histories]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"{path}: two histories are called {twice!r}; rename one"
        raise ReplayError(message)
    return histories


def chosen(entries: Iterable[Entry], names: Iterable[str]) -> tuple[Entry, ...]:
    """Return the histories of these names; `ReplayError` if one is not there."""
    by_name = {entry.name: entry for entry in entries}
    for name in (names := tuple(names)):
        if name not in by_name:
            message = f"there is no history {name!r}; there is: {', '.join(by_name)}"
            raise ReplayError(message)
    return tuple(by_name[name] for name in names)


def named(target: str) -> Entry | None:
    """Return the history that `corpus:NAME` means; None for any other target."""
    if not target.startswith(NAMED) or Path(target).exists():
        return None
    (entry,) = chosen(read(shipped()), [target.removeprefix(NAMED)])
    return entry


def asked_for(entry: Entry, backend: str, limits: Limits) -> Asked:
    """Return what has to be asked for to play a history of the catalogue."""
    return Asked(
        target=entry.place,
        tool=entry.tool,
        wanted=Wanted(
            requirements=entry.requirements,
            until=entry.until,
            interpreter=entry.interpreter,
        ),
        backend=backend,
        versions=entry.versions,
        own_environment=entry.own_environment,
        environ=entry.environ,
        before=entry.before,
        limits=limits,
    )


def pairs(
    entries: Iterable[Entry], backends: Iterable[str]
) -> Iterator[tuple[Entry, Entry, str]]:
    """Yield histories that are to end alike, with each backend on which both go."""
    by_name = {entry.name: entry for entry in entries}
    for one in by_name.values():
        other = by_name.get(one.same_end)
        if other is not None:
            yield from ((one, other, backend) for backend in backends)
