"""How good git and the guard are at telling a fault from none: a score per candidate."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.verdict import Finding, Guarded, Stage, Watched

_BEFORE_THE_TOOL = {Stage.MERGE, Stage.GUARD}
_CLEAN = "nothing is wrong"


def guarding(findings: Iterable[Finding]) -> Guarded:
    """Return the score over stories; of a story with many faults the first one counts.

    Only git and the guard's check count here: what the tool itself says, when it loads
    the history or upgrades, comes too late to be a conflict.
    """
    sorts: dict[str, list[str]] = {
        "needed": [],
        "false": [],
        "missed": [],
        "quiet": [],
    }
    for finding in findings:
        if finding.watched:
            sorts[_sort(finding.watched[0])].append(finding.cell.scenario)
    return Guarded(**{sort: tuple(stories) for sort, stories in sorts.items()})


def is_clean(watched: Watched) -> bool:
    """Tell whether the story says that nothing is wrong."""
    return watched.fault.startswith(_CLEAN)


def _sort(watched: Watched) -> str:
    objected = any(
        notice.stage in _BEFORE_THE_TOOL and not notice.kind.went_through
        for notice in watched.notices
    )
    if is_clean(watched):
        return "false" if objected else "quiet"
    return "needed" if objected else "missed"
