"""What the work needs: which activities fail without what."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.verdict import Finding
from harness.report.phrases import listed


def failing_anyway(finding: Finding) -> tuple[str, ...]:
    """Return the activities that fail in a story even with everything there."""
    failed = (t for t in finding.offline if not t.without and not t.kind.went_through)
    return tuple(dict.fromkeys(tried.activity for tried in failed))


def needs(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return what each activity needs: it fails without that, and works with it."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        anyway = failing_anyway(finding)
        for tried in finding.offline:
            alone = len(tried.without) == 1 and not tried.kind.went_through
            known = found.get(tried.activity, [])
            if alone and tried.activity not in anyway and tried.without[0] not in known:
                found.setdefault(tried.activity, []).append(tried.without[0])
    return found


def needs_in_words(findings: Iterable[Finding], activity: str) -> str:
    """Return what an activity needs in the first story that tries it without something.

    Later stories try it in surroundings of their own.
    """
    tried = (
        f
        for f in findings
        if any(t.activity == activity and t.without for t in f.offline)
    )
    first = next(tried, None)
    if first is None:
        return ""
    if activity in failing_anyway(first):
        return "more than can be had"
    needed = needs([first]).get(activity, [])
    return listed(map(_named, needed), "none of these")


def _named(resource: str) -> str:
    return resource if resource.startswith("the ") else f"the {resource}"
