"""The catalogue of real histories, and what playing them came to.

`FORMAT` is the version of a record; a change that old readers would misread raises it.
"""

from __future__ import annotations

import msgspec

from harness.model.difference import Difference

FORMAT = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A real history: what is installed for it, where it lies, how it is driven.

    `place` is PACKAGE:FOLDER, `versions` are folders of scripts in it. `steps` is how
    many there are. It goes through to its end on `backends`; the first is where it is
    played if nothing is said. `before` is Python that is run with an `engine` first.
    `stop_at` is the last step to play, where `steps` are not all of them.
    `same_end` is a history that is to come to the same schema.
    """

    name: str
    tool: str
    requirements: tuple[str, ...]
    place: str
    steps: int
    backends: tuple[str, ...]
    until: str = ""
    interpreter: str = "3.11"
    versions: tuple[str, ...] = ()
    own_environment: bool = False
    environ: dict[str, str] = {}
    before: str = ""
    stop_at: str = ""
    same_end: str = ""
    note: str = ""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All histories, in the order of the file."""

    histories: tuple[Entry, ...]


class Lineage(msgspec.Struct, frozen=True):
    """The shape of a whole history, as read from its scripts: how many of each."""

    revisions: int
    merges: int
    branch_points: int
    heads: int
    bases: int


class StepCost(msgspec.Struct, frozen=True):
    """What one step up took: seconds inside the tool, and statements sent."""

    id: str
    seconds: float
    statements: int


class PlayedHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A history on a backend, and what playing it came to.

    `outcome` says it in words. `share` is the harness's part of the time, from 0 to 1.
    What is not known of a history that could not be played is empty or None.
    """

    name: str
    tool: str
    requirement: str
    backend: str
    engine: str = ""
    versions: dict[str, str] = {}
    outcome: str
    went_through: bool
    expected: int
    tables: int = 0
    share: float = 0.0
    lineage: Lineage | None = None
    steps: tuple[StepCost, ...] = ()


class Ends(msgspec.Struct, frozen=True):
    """The ends of two histories that are to come to the same schema.

    `count` is how many differences there are, `kinds` how many are about what, whichever
    side has it. `differences` are the first of them, `other` against `one`.
    """

    one: str
    other: str
    backend: str
    count: int
    kinds: dict[str, int]
    differences: tuple[Difference, ...]


class Began(msgspec.Struct, frozen=True):
    """A run that a record was begun or gone on with: when, and by which command."""

    started: str
    command: tuple[str, ...]


class CorpusRun(msgspec.Struct, frozen=True, kw_only=True):
    """The record of playing the histories of a catalogue, `corpus.json`.

    `earlier` are the runs to whose record this one was added.
    """

    format: int = FORMAT
    version: str
    started: str
    command: tuple[str, ...]
    played: tuple[PlayedHistory, ...] = ()
    ends: tuple[Ends, ...] = ()
    earlier: tuple[Began, ...] = ()


def added(before: CorpusRun, run: CorpusRun) -> CorpusRun:
    """Return a run with what an earlier record tells of other histories."""
    again = {(one.name, one.backend) for one in run.played}
    kept = (one for one in before.played if (one.name, one.backend) not in again)
    ends = {(e.one, e.other, e.backend): e for e in (*before.ends, *run.ends)}
    return msgspec.structs.replace(
        run,
        played=(*kept, *run.played),
        ends=tuple(ends.values()),
        earlier=(*before.earlier, Began(before.started, before.command)),
    )
