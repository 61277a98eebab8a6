"""Known differences held against a run: seen, closed, and what nobody knew."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from harness.model.cell import Cell
from harness.model.known import KnownDifference
from harness.model.scenario import Family
from harness.model.verdict import Finding, Grade

_DIFFERS = {Grade.BAD, Grade.MIXED}
_UNSHOWN = {Grade.UNKNOWN, Grade.UNSUPPORTED}


class Met(msgspec.Struct, frozen=True):
    """A known difference, the cells that show it, and those that no longer do."""

    known: KnownDifference
    seen: tuple[Cell, ...]
    closed: tuple[Cell, ...]


class Differences(msgspec.Struct, frozen=True):
    """What became of the known differences of a run; `new` are findings of no one."""

    met: tuple[Met, ...]
    new: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether one has closed, or a new one has appeared."""
        return bool(self.new) or any(one.closed for one in self.met)


def differences(
    known: Iterable[KnownDifference], findings: Iterable[Finding]
) -> Differences:
    """Hold what is known against findings.

    A new difference is one in the family `changes`, where every story says what a tool
    is to reach. In the other families the outcomes are the answers that are looked for.
    """
    known, findings = tuple(known), tuple(findings)
    met = tuple(_met(one, findings) for one in known)
    covered = {cell for one in met for cell in one.seen}
    new = (f for f in findings if _is_difference(f) and f.cell not in covered)
    return Differences(
        met=tuple(one for one in met if one.seen or one.closed), new=tuple(new)
    )


def _met(known: KnownDifference, findings: tuple[Finding, ...]) -> Met:
    told = [
        finding
        for finding in findings
        if finding.grade not in _UNSHOWN and known.is_told_by(finding.cell)
    ]
    seen = tuple(f.cell for f in told if _shows(known, f))
    return Met(known, seen, tuple(f.cell for f in told if f.cell not in seen))


def _shows(known: KnownDifference, finding: Finding) -> bool:
    said = (finding.headline, *finding.reasons)
    return finding.grade in _DIFFERS and any(re.search(known.outcome, t) for t in said)


def _is_difference(finding: Finding) -> bool:
    family = finding.cell.scenario.split("/")[0]
    return family == Family.CHANGES and finding.grade in _DIFFERS
