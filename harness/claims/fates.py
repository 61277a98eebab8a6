"""What became of the faults that stories plant, so that stories can be counted."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from harness.judgement.guarding import is_clean
from harness.model.cell import Cell
from harness.model.verdict import Cost, Finding, Stage, Watched

_HALF_WAY = {Stage.RUN, Stage.RUN_BACK}
_BEFORE_THE_TOOL = {Stage.MERGE, Stage.GUARD}


class Fate(StrEnum):
    """What became of a fault, best first."""

    REJECTED = "rejected before any change"
    HARMLESS = "rightly carried on"
    LET_THROUGH = "let through without harm"
    LATE = "noticed too late or not everywhere"
    HALF_WAY = "noticed half-way with the database changed"
    SILENT = "passed over in silence with the database wrong"


RIGHT = (Fate.REJECTED, Fate.HARMLESS)
"""What is as it should be: either is, where carrying on does no harm."""


def fate(finding: Finding) -> Fate | None:
    """Return the worst that became of a story's faults; None if nothing was wrong."""
    order = list(Fate)
    faults = [_of(one) for one in finding.watched if not is_clean(one)]
    return max(faults, key=order.index, default=None)


def _of(watched: Watched) -> Fate:
    if watched.harm:
        return Fate.SILENT
    if watched.stopped is None:
        return Fate.HARMLESS if watched.tolerable else Fate.LET_THROUGH
    if watched.stopped.stage in _HALF_WAY:
        return Fate.HALF_WAY
    if watched.stopped.stage is Stage.AFTER or watched.missed:
        return Fate.LATE
    return Fate.REJECTED


def faulty(findings: Iterable[Finding]) -> dict[Finding, Fate]:
    """Return what became of each story in which something was wrong."""
    found = ((finding, fate(finding)) for finding in findings)
    return {finding: became for finding, became in found if became is not None}


def stopped_before_the_tool(finding: Finding) -> bool:
    """Tell whether git or a guard's check stopped a story's first fault."""
    first = next((w for w in finding.watched if not is_clean(w)), None)
    return first is not None and any(
        notice.stage in _BEFORE_THE_TOOL and not notice.kind.went_through
        for notice in first.notices
    )


def one_line(cost: Cost) -> bool:
    """Tell whether mending was a change of one line in one file, and nothing else."""
    moved = cost.renamed + cost.added + cost.deleted + cost.commands
    lines = max(cost.lines_added, cost.lines_deleted)
    return cost.edited == 1 and not moved and lines <= 1


def title(finding: Finding) -> str:
    """Return a story's name in words, without its family."""
    return finding.cell.scenario.split("/")[1].replace("_", " ")


def cells(*groups: Iterable[Finding]) -> tuple[Cell, ...]:
    """Return the cells of findings, each once."""
    return tuple(dict.fromkeys(f.cell for group in groups for f in group))
