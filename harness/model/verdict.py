"""Verdicts: what pure functions conclude from evidence."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.cell import Cell
from harness.model.evidence import Fault, OutcomeKind
from harness.model.speed import Timed
from harness.model.steps import Resource


class Stage(StrEnum):
    """When a fault is noticed, earliest first."""

    AUTHOR = "authoring"
    MERGE = "git merge"
    GUARD = "guard check"
    LOAD = "load"
    PLAN = "upgrade, before any change"
    PLAN_BACK = "downgrade, before any change"
    RUN = "upgrade, half-way"
    RUN_BACK = "downgrade, half-way"
    AFTER = "asking afterwards"
    NEVER = "never"


class Grade(StrEnum):
    """How good or bad a verdict is, for a reader who skims."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"


class Notice(msgspec.Struct, frozen=True):
    """Who noticed a fault: the stage, the tool's kind of answer, and its words."""

    stage: Stage
    kind: OutcomeKind
    fault: Fault
    words: str
    step: int


class Watched(msgspec.Struct, frozen=True):
    """A planted fault and all that was noticed of it, in the order of the story.

    `let_through` names the steps that met the fault and said nothing. `harm` holds
    sentences on how a database differs although an upgrade went through. `missed` names
    the databases whose upgrade said nothing before anything objected. `tolerable` is as
    the story's `Watch` says.
    """

    fault: str
    notices: tuple[Notice, ...]
    let_through: tuple[str, ...]
    harm: tuple[str, ...]
    tolerable: bool = False
    missed: tuple[str, ...] = ()

    @property
    def first(self) -> Notice | None:
        """The first notice, if there is one."""
        return self.notices[0] if self.notices else None

    @property
    def stopped(self) -> Notice | None:
        """The first notice that also stopped something, a mere warning set aside."""
        stopping = (n for n in self.notices if not n.kind.went_through)
        return next(stopping, None)

    @property
    def stage(self) -> Stage:
        """The stage at which it is stopped, or else told of, or else never."""
        decisive = self.stopped or self.first
        return decisive.stage if decisive else Stage.NEVER

    @property
    def noticed(self) -> str:
        """The stage in words that keep a refusal apart from a mere warning."""
        if self.stopped is None and self.first is not None:
            return f"{self.first.stage}, as a warning only"
        return str(self.stage)


class Cost(msgspec.Struct, frozen=True):
    """What mending a losing branch took, as git and the journal count it."""

    branch: str
    edited: int
    renamed: int
    added: int
    deleted: int
    lines_added: int
    lines_deleted: int
    commands: int

    @property
    def nothing(self) -> bool:
        """Whether the branch could land as it was."""
        return not (self.files or self.commands)

    @property
    def files(self) -> int:
        """How many files were touched in any way."""
        return self.edited + self.renamed + self.added + self.deleted


class Loser(msgspec.Struct, frozen=True):
    """A branch that others landed before: what noticed that, and what became of it.

    `cost` is what it took to make it land, None if it never did.
    """

    branch: str
    watched: Watched
    merges: bool
    cost: Cost | None

    @property
    def changed(self) -> bool:
        """Whether the branch had to be changed after the one before had landed."""
        return self.cost is None or not self.cost.nothing


class Race(msgspec.Struct, frozen=True):
    """A race of k branches from one base for the next place, landed one by one.

    `converged` says whether every database was in the end as the oracle says,
    `with_sql` whether the patches carry SQL files.
    """

    losers: tuple[Loser, ...]
    converged: bool
    with_sql: bool = False

    @property
    def authors(self) -> int:
        """How many branches competed: k."""
        return len(self.losers) + 1

    @property
    def changed(self) -> int:
        """How many losers had to be changed."""
        return sum(loser.changed for loser in self.losers)


class Guarded(msgspec.Struct, frozen=True):
    """Stories by what git and the guard's check made of them.

    `needed`: something is wrong and one of them objects. `false`: one objects and nothing
    is wrong. `missed`: something is wrong and both are silent. `quiet`: neither.
    """

    needed: tuple[str, ...]
    false: tuple[str, ...]
    missed: tuple[str, ...]
    quiet: tuple[str, ...]


class Agreement(msgspec.Struct, frozen=True):
    """A database held against the oracle.

    `differences` are sentences, lost tables and rows first; `rows_gone` says that
    there are such. `went_back` says that the last move before was a downgrade.
    """

    step: int
    database: str
    after: tuple[str, ...]
    differences: tuple[str, ...]
    rows_gone: bool = False
    went_back: bool = False


class Offline(msgspec.Struct, frozen=True):
    """A step tried with something taken away."""

    activity: str
    without: tuple[Resource, ...]
    kind: OutcomeKind
    fault: Fault
    words: str
    network: str
    attempts: tuple[str, ...]


class Remedy(StrEnum):
    """What a person has to do after a migration failed half-way, least work first."""

    NOTHING = "nothing"
    AGAIN = "run it again"
    COMMAND = "mark it as applied with the tool"
    BY_HAND = "SQL by hand"


class Aftermath(msgspec.Struct, frozen=True):
    """What a failed migration left, and what it takes to get on.

    `reached` counts the changes of the migration that are in effect, out of `changes`;
    None if the database is in no state between. `recorded` is whether the version table
    has the migration, None if the tool does not tell. `left` are sentences on how the
    database differs from before. `again` is what became of running the migration a
    second time, once what made it fail was mended, and `again_words` what was said.
    """

    step: int
    migration: str
    reached: int | None
    changes: int
    recorded: bool | None
    left: tuple[str, ...]
    again: OutcomeKind
    again_words: str
    remedy: Remedy

    @property
    def agree(self) -> bool:
        """Whether the version table says what the schema says."""
        whole = {0: False, self.changes: True}
        return (
            self.reached in whole
            and self.recorded is not None
            and whole[self.reached] is self.recorded
        )


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """All that is concluded from one cell: the verdict, and what it rests on.

    `files` are the names of the migrations' files that are left in the end, a name for
    each migration, in the order in which they were written.
    """

    cell: Cell
    grade: Grade
    headline: str
    reasons: tuple[str, ...] = ()
    watched: tuple[Watched, ...] = ()
    costs: tuple[Cost, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    offline: tuple[Offline, ...] = ()
    timed: Timed | None = None
    race: Race | None = None
    aftermaths: tuple[Aftermath, ...] = ()
    files: tuple[str, ...] = ()
