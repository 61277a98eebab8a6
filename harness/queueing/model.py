"""What the simulation is told: the team's ways, and each candidate's measured losers."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.verdict import Stage


class Gate(StrEnum):
    """What the gate's checks run on."""

    MERGED = "merged"
    """The patch merged with main as it is when the patch's turn comes."""
    OWN_BASE = "own-base"
    """The patch alone, on the commit that its author started from."""


class Depth(StrEnum):
    """The last kind of check that the gate runs; each includes those before it."""

    GUARD = "guard"
    LOAD = "load"
    UPGRADE = "upgrade"


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """How a team works; times in hours, of a clock that never stops at night.

    A review takes `review_least` and, on top, an exponential time, `review_mean`
    altogether on average. Redoing a patch takes an exponential time of mean `redo`,
    a run of the gate always `gate_run`. With `keeps_turn` nobody lands while a patch that
    was sent back is redone.
    """

    review_least: float = 24.0
    review_mean: float = 48.0
    redo: float = 4.0
    gate_run: float = 1.0
    gate: Gate = Gate.MERGED
    checks: Depth = Depth.UPGRADE
    keeps_turn: bool = False


class Load(msgspec.Struct, frozen=True):
    """How many patches there are, and how they come.

    `rate` is patches a day, coming as a Poisson process; None means that all are
    there at the start, written on the same commit.
    """

    patches: int
    rate: float | None = None


class Fate(msgspec.Struct, frozen=True):
    """One measured loser: what stops it, and what redoing it takes.

    `stage` is where it is first stopped, a mere warning set aside; `merges` says whether
    git merges it as it is; `harm` whether a database was wrong after exit code 0.
    """

    stage: Stage
    merges: bool
    harm: bool
    files: int
    lines: int
    commands: int


class Profile(msgspec.Struct, frozen=True):
    """A candidate's measured losers; `cells` name the evidence."""

    candidate: str
    toolchain: str
    backend: str
    fates: tuple[Fate, ...]
    cells: tuple[str, ...]

    @property
    def title(self) -> str:
        """The candidate and where it was measured."""
        return f"{self.candidate} ({self.toolchain}, {self.backend})"


class Meeting(StrEnum):
    """What happens to a patch that finds, at its turn, that others landed before."""

    FITS = "it fits as it is"
    GIT = "git cannot merge it"
    GATE = "the gate's checks fail"
    BROKEN = "it lands, and breaks main"
    MISSED = "it lands, and nobody is told that it is wrong"


_NEEDS = {
    Stage.GUARD: Depth.GUARD,
    Stage.LOAD: Depth.LOAD,
    Stage.PLAN: Depth.UPGRADE,
    Stage.RUN: Depth.UPGRADE,
}


def met(fate: Fate, team: Team) -> Meeting:
    """Return what a loser of that fate meets at the gate of a team."""
    if not fate.merges:
        return Meeting.GIT
    if fate.stage is Stage.NEVER:
        return Meeting.MISSED if fate.harm else Meeting.FITS
    order = list(Depth)
    needed = _NEEDS.get(fate.stage)
    seen = needed is not None and order.index(needed) <= order.index(team.checks)
    return Meeting.GATE if seen and team.gate is Gate.MERGED else Meeting.BROKEN
