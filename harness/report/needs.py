"""What the work needs: which activities fail without what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.judgement.wording import listed, named
from harness.model.evidence import Fault
from harness.model.steps import Resource
from harness.model.verdict import Finding, Offline


class Lack(msgspec.Struct):
    """How an activity fared without one thing: the stories it failed in, and the others."""

    failed: list[str]
    worked: list[str]


Lacks = dict[str, dict[Resource, Lack]]


def failing_anyway(finding: Finding) -> tuple[str, ...]:
    """Return the activities that fail in a story even with everything there."""
    failed = (t for t in finding.offline if not t.without and not t.kind.went_through)
    return tuple(dict.fromkeys(tried.activity for tried in failed))


def lacks(findings: Iterable[Finding]) -> Lacks:
    """Return how each activity fared with one thing missing.

    A story in which it fails with everything there tells nothing of what it needs.
    """
    found: Lacks = {}
    for story, tried in _alone(findings):
        activity = found.setdefault(tried.activity, {})
        lack = activity.setdefault(tried.without[0], Lack([], []))
        (lack.worked if tried.kind.went_through else lack.failed).append(story)
    return found


def _alone(findings: Iterable[Finding]) -> Iterator[tuple[str, Offline]]:
    """Yield the tries with one thing missing, with their stories.

    Where a script is broken it is that which fails, whatever was taken away.
    """
    for finding in findings:
        anyway = failing_anyway(finding)
        for tried in finding.offline:
            telling = tried.fault is not Fault.BROKEN_SCRIPT
            if telling and len(tried.without) == 1 and tried.activity not in anyway:
                yield finding.cell.scenario, tried


def needs(findings: Iterable[Finding]) -> dict[str, list[Resource]]:
    """Return what each activity needs: it fails without that, wherever that was tried."""
    return {
        activity: [what for what, lack in tried.items() if not lack.worked]
        for activity, tried in lacks(findings).items()
    }


def needs_in_words(findings: Iterable[Finding], activity: str) -> str:
    """Return what an activity needs, in all stories that try it without something."""
    tried = [
        f
        for f in findings
        if any(t.activity == activity and t.without for t in f.offline)
    ]
    if not tried:
        return ""
    if all(activity in failing_anyway(finding) for finding in tried):
        return "more than can be had"
    needed = needs(tried).get(activity, [])
    return listed(map(named, needed), "none of these")
