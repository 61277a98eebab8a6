"""What an assessment comes to: frozen values, without markup."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from harness.model.faults import FaultKind
from harness.model.history import (
    ActKind,
    ObstacleKind,
    Place,
    Repositioning,
    Revision,
)
from harness.model.locks import Effect

FORMAT = 1


class Severity(StrEnum):
    """How much a finding matters to somebody who upgrades a database."""

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"


_FAULTS = frozenset(
    {
        FaultKind.SETTINGS,
        FaultKind.NO_SCRIPTS,
        FaultKind.UNREADABLE,
        FaultKind.BAD_NAME,
        FaultKind.NO_ID,
        FaultKind.NO_PARENT,
        FaultKind.BAD_ID,
        FaultKind.DUPLICATE_ID,
        FaultKind.DUPLICATE_LABEL,
        FaultKind.MISSING_PARENT,
        FaultKind.MISSING_DEPENDENCY,
        FaultKind.GAP,
        FaultKind.CYCLE,
        FaultKind.SEVERAL_HEADS,
        FaultKind.SILENT_LOSER,
    }
)
_WARNINGS = frozenset(
    {
        FaultKind.COMPUTED_ID,
        FaultKind.SHADOWED,
        FaultKind.ONE_BACKEND,
        FaultKind.PYTHON_2,
        FaultKind.COMPILED,
        FaultKind.RUNS_ON_IMPORT,
        FaultKind.SEVERAL_BASES,
        FaultKind.STALE_HEADING,
        FaultKind.REDUNDANT_PARENT,
        FaultKind.MERGE_WITH_CHANGES,
        FaultKind.DOWNGRADE_INCOMPLETE,
    }
)


def severity_of(kind: FaultKind) -> Severity:
    """Return how much a kind of finding matters, unless a finding says otherwise."""
    if kind in _FAULTS:
        return Severity.FAULT
    return Severity.WARNING if kind in _WARNINGS else Severity.NOTE


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was found: `words` say what, `remedy` what to do about it.

    `reaction` is what the tool itself does. `files` are relative to the repository.
    """

    kind: FaultKind
    severity: Severity
    words: str
    remedy: str = ""
    reaction: str = ""
    revisions: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The graph of a history; ids, and of `merges` those with more than one parent.

    Of `unread` revisions the place is known, and not what they do.
    """

    scripts: int
    revisions: int
    unread: tuple[str, ...]
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    branch_points: tuple[str, ...]
    merges: tuple[str, ...]
    labels: dict[str, str]
    dependencies: int


class MergeOf(msgspec.Struct, frozen=True):
    """A merge revision: somebody joined lines that had parted."""

    id: str
    date: str
    message: str
    parents: tuple[str, ...]


class Conflicts(msgspec.Struct, frozen=True, kw_only=True):
    """How often people got in each other's way.

    `older` are revisions with a date before their parent's: they were given that
    parent later. `git` says why there is nothing from git, or how far back it goes.
    """

    merges: tuple[MergeOf, ...]
    older: tuple[str, ...]
    repositioned: tuple[Repositioning, ...] = ()
    commits: int = 0
    git: str = ""


class Operations(msgspec.Struct, frozen=True):
    """How often a kind of act was read, in how many revisions."""

    kind: ActKind
    acts: int
    revisions: int


class LockUse(msgspec.Struct, frozen=True, kw_only=True):
    """Acts that lock or rewrite a table on a backend, with where that is written.

    `acts` are places such as `1a2b3c: add constraint users (line 20)`.
    """

    backend: str
    kind: str
    effect: Effect
    words: str
    source: str
    revisions: tuple[str, ...]
    acts: tuple[str, ...]


class Offline(msgspec.Struct, frozen=True):
    """Revisions with an obstacle of a kind, and the code at the first of each."""

    kind: ObstacleKind
    revisions: tuple[str, ...]
    code: tuple[str, ...]


class Downgrades(msgspec.Struct, frozen=True, kw_only=True):
    """How many revisions can be undone, as far as reading tells."""

    written: int
    missing: tuple[str, ...]
    empty: tuple[str, ...]
    raising: tuple[str, ...]
    incomplete: dict[str, tuple[str, ...]]
    idle: int


class Walk(msgspec.Struct, frozen=True):
    """A test that goes through the whole history, and how it was recognised."""

    habit: str
    file: Path


class Tests(msgspec.Struct, frozen=True, kw_only=True):
    """Which revisions have a test of their own.

    `looked_in` are the folders that were searched for tests. `tested` gives the files
    by revision. `idle` are those without a test that do nothing a test could show, as
    far as they can be read.
    """

    looked_in: tuple[Path, ...]
    files: int
    tested: dict[str, tuple[Path, ...]]
    by_habit: dict[str, int]
    walks: tuple[Walk, ...]
    lacking: tuple[str, ...]
    idle: tuple[str, ...]


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about one repository.

    `revisions` are all that could be placed, with what was read of them.
    """

    place: Place
    shape: Shape
    revisions: tuple[Revision, ...]
    findings: tuple[Finding, ...]
    conflicts: Conflicts
    operations: tuple[Operations, ...]
    locks: tuple[LockUse, ...]
    offline: tuple[Offline, ...]
    downgrades: Downgrades
    tests: Tests


class Assessments(msgspec.Struct, frozen=True, kw_only=True):
    """All repositories that were found at a path; `assess --json` prints this."""

    format: int = FORMAT
    version: str
    path: str
    repositories: tuple[Assessment, ...]


def assess_json(found: Assessments) -> str:
    """Return assessments as JSON; a path is a string."""
    encoded = msgspec.json.encode(_printable(found))
    return f"{msgspec.json.format(encoded, indent=2).decode()}\n"


def printable(text: str) -> str:
    """Return text with the bytes of file names that are no UTF-8 written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _printable(value: Any) -> Any:  # noqa: ANN401
    match value:
        case str():
            return printable(value)
        case list() | tuple():
            return [_printable(one) for one in value]
        case dict():
            return {_printable(key): _printable(one) for key, one in value.items()}
        case msgspec.Struct():
            return _printable(msgspec.structs.asdict(value))
        case Path():
            return printable(str(value))
    return value


def assess_schema() -> dict[str, Any]:
    """Return the JSON Schema of `assess --json`."""
    return msgspec.json.schema(Assessments, schema_hook=lambda _: {"type": "string"})
