"""Stories of changes by what is asked in them: to be carried out, or to be survived."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.verdict import Finding, Remedy

_Findings = tuple[Finding, ...]


def ordinary(findings: Iterable[Finding]) -> _Findings:
    """Return the changes in which nothing is wrong that a tool could notice."""
    return tuple(f for f in findings if not f.watched)


def stopped(findings: Iterable[Finding]) -> _Findings:
    """Return the migrations that fail or are killed on the way."""
    return tuple(f for f in findings if f.aftermaths)


def by_hand(findings: Iterable[Finding]) -> _Findings:
    """Return those after which a person has to write SQL."""
    return tuple(
        f for f in findings if any(a.remedy is Remedy.BY_HAND for a in f.aftermaths)
    )
