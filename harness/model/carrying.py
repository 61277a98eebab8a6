"""A history that is carried over to another tool: what is written, and what was proved.

`FORMAT` is the version of `carry-over.json`; a change that old readers would misread
raises it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.difference import Difference
from harness.model.replay import Direction, Failure, Statement
from harness.model.snapshot import Snapshot

FORMAT = 1


class How(StrEnum):
    """The ways in which a step can be written for another tool."""

    OPERATIONS = "operations"
    """The tool's own operations, from how the schema differed before and after."""
    STATEMENTS = "statements"
    """The very statements that were sent."""
    WRAPPED = "wrapped"
    """A call of the original script, which is copied beside."""
    SQUASHED = "squashed"
    """One revision for all steps up to one: the schema and the rows as they were then."""


class Act(msgspec.Struct, frozen=True):
    """What a step did in one direction on one backend, the tool's own tables apart.

    `before` and `after` are what the database held.
    """

    statements: tuple[Statement, ...]
    before: Snapshot
    after: Snapshot


class Row(msgspec.Struct, frozen=True):
    """A row that belongs into a squashed revision; values as `Statement.bound` has them."""

    table: str
    values: dict[str, object]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A revision to be written.

    `step` is its id in the old history and `script` the old file's name; `revision` is
    its id in the new one, and `parent` that of the revision before, if there is one. `up`
    and `down` are by backend; without `down` there was no way back. `calls` is how the
    original script is run, for `How.WRAPPED`. `marks` are for a person to look at.
    """

    step: str
    script: str
    name: str
    revision: str
    parent: str | None
    how: How
    up: dict[str, Act]
    down: dict[str, Act] = {}
    rows: dict[str, tuple[Row, ...]] = {}
    calls: dict[Direction, str] = {}
    marks: tuple[str, ...] = ()


class CannotWrite(Exception):  # noqa: N818
    """A step cannot be written in this way; the message is the reason."""


class CarriedStep(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one step: how it was written, and what a person should look at.

    `instead_of` is how it was to be written, where that did not come to the same
    database, and `reason` says why.
    """

    step: str
    script: str
    revision: str
    how: How
    instead_of: How | None = None
    reason: str = ""
    marks: tuple[str, ...] = ()
    downgrade: bool = False


class ProvedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step played under both tools: how the databases differ after it.

    `differences` are those that were not there before the step; `expected` is the old
    tool's side. `digest` is of what both held, where they were alike. `failure` is what
    the new tool said.
    """

    step: str
    revision: str
    direction: Direction = Direction.UP
    digest: str = ""
    differences: tuple[Difference, ...] = ()
    failure: Failure | None = None

    @property
    def same(self) -> bool:
        """Whether the step came to the same database under both tools."""
        return not self.differences and self.failure is None


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """An old database that was stamped at a step, and went on under the new tool.

    `left` is how many revisions it had to go, `differences` how it then differs from the
    database that the old tool took all the way.
    """

    step: str
    revision: str
    left: int
    differences: tuple[Difference, ...] = ()
    failure: Failure | None = None

    @property
    def same(self) -> bool:
        """Whether it came to the same database."""
        return not self.differences and self.failure is None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen on one backend; `old` and `new` are versions of what played."""

    backend: str
    engine: str
    old: dict[str, str]
    new: dict[str, str]
    steps: tuple[ProvedStep, ...] = ()
    stamps: tuple[Stamp, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that was played came to the same database."""
        return all(s.same for s in self.steps) and all(s.same for s in self.stamps)


class NotCarried(msgspec.Struct, frozen=True):
    """A step of the old history that is not in the new one, and the reason."""

    step: str
    script: str
    reason: str
    failure: Failure | None = None


class CarryOver(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a history that was carried over, `carry-over.json`.

    `status` is `proved`, `different` (databases differ somewhere), or `for a person`
    (all alike, but steps are marked or left out). `squashed` is how many steps the first
    revision stands for, where some were squashed.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    history: str
    source: str
    target: str
    how: How
    squashed: int = 0
    steps: tuple[CarriedStep, ...] = ()
    not_carried: tuple[NotCarried, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def status(self) -> str:
        """What the command comes to."""
        if not all(proof.holds for proof in self.proofs):
            return "different"
        left = self.not_carried or any(step.marks for step in self.steps)
        return "for a person" if left else "proved"
