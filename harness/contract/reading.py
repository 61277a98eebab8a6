"""What an adapter may tell about repositories that others wrote, by reading alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Protocol

import msgspec

from harness.model.faults import FaultKind
from harness.model.history import Edit, History, Place, Repositioning


class Identity(msgspec.Struct, frozen=True):
    """What the ids of a tool's revisions are like.

    `numbered` ids are whole numbers and say the order. `drawn` is a regular expression
    for the ids that the tool draws itself, `limit` the characters that its table
    takes, `reserved` those that its commands read as something else, `words` whole ids
    that they do.
    """

    numbered: bool = False
    drawn: str = ""
    limit: int | None = None
    reserved: str = ""
    words: tuple[str, ...] = ()


class TestingHabit(msgspec.Struct, frozen=True):
    """A way in which projects test migrations, seen in the text of test files.

    `one` is a regular expression that finds the test of one revision and has its id as
    the group `id`; `all` one that finds a test that goes through the whole history.
    """

    name: str
    source: str
    one: str = ""
    all: str = ""


class Reader(Protocol):
    """Reads repositories of one tool, and imports and runs nothing of what it reads.

    Whatever is wrong with a file is a `Trouble` of the place or the history, never an
    exception.
    """

    identity: ClassVar[Identity]

    habits: ClassVar[tuple[TestingHabit, ...]]

    reactions: ClassVar[Mapping[FaultKind, str]]
    """By kind of fault: what the tool itself does about it."""

    def find(self, files: Iterable[Path]) -> tuple[Place, ...]:
        """Return the repositories that lie among files."""
        ...

    def at(self, directory: Path, versions: tuple[Path, ...]) -> Place:
        """Return the place that somebody names, with its folders of scripts."""
        ...

    def read(self, place: Place) -> History:
        """Return the history of a place."""
        ...

    def repositioned(self, edit: Edit) -> Repositioning | None:
        """Return which other place a commit gave to a script, if it did."""
        ...
