"""Where both histories are played: databases of one backend, and processes before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from harness.contract import Adapter
from harness.databases import DatabaseRefused, Databases, backend_named
from harness.execution.serving import serving
from harness.model.replay import PlayedStep
from harness.replaying.environment import Established
from harness.replaying.place import Place, ReplayError
from harness.replaying.playback import Playback
from harness.replaying.replay import Asked, Stage, loaded
from harness.workspaces.scratch import scratch

OLD = "old"
"""The database that the old history is played in."""


class Side(msgspec.Struct, frozen=True):
    """A history, its tool, its environment, and what else was asked for."""

    asked: Asked
    adapter: Adapter
    established: Established
    place: Place


class Ground:
    """A backend that is ready, with databases that are gone in the end."""

    def __init__(self, backend: str, directory: Path) -> None:
        """Take a running backend, and a scratch folder."""
        self.backend = backend
        self.engine = backend_named(backend).provenance()["engine"]
        self.databases = Databases(backend, directory / "databases")
        self._directory = directory
        self._homes = 0

    @contextmanager
    def load(self, side: Side, url: str) -> Iterator[Stage]:
        """Load a history before a database, in a process of its own."""
        self._homes += 1
        home = self._directory / f"home{self._homes}"
        home.mkdir()
        asked = msgspec.structs.replace(side.asked, backend=self.backend)
        where = (side.established, side.place)
        with loaded(asked, side.adapter, where, url, home) as ready:
            yield ready

    def keep(self, name: str, copy: str) -> str | None:
        """Copy a database and return the copy's URL; None if the backend cannot."""
        try:
            return self.databases.copy(name, copy)
        except DatabaseRefused:
            return None


@contextmanager
def ground(backend: str, note: Callable[[str], None]) -> Iterator[Ground]:
    """Run a backend; `ReplayError` if it cannot be had."""
    with scratch() as directory, serving([backend], directory, note) as broken:
        for reason in broken.values():
            raise ReplayError(reason)
        made = Ground(backend, directory)
        try:
            yield made
        finally:
            made.databases.drop_all()


def first_middle_last(number: int) -> tuple[int, ...]:
    """Return the places of three steps among so many, fewer where there are fewer."""
    return tuple(dict.fromkeys((0, (number - 1) // 2, number - 1))) if number else ()


def playback(
    ready: Stage, side: Side, done: Callable[[PlayedStep], None] = lambda _: None
) -> Playback:
    """Return what takes the steps of a history that is loaded."""
    return Playback(
        ready.process, ready.lens, side.asked.limits, done, remembering=False
    )
