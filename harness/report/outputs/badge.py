"""`badge.json`: whether the comparison can be relied on, for a badge (shields.io)."""

from __future__ import annotations

from collections import Counter

import msgspec

from harness.judgement.wording import count
from harness.model.run import RunStatus
from harness.model.verdict import Grade
from harness.report.sources import Sources

_LABEL = "migration-compare"


class Badge(msgspec.Struct, frozen=True, rename="camel"):
    """What an endpoint of shields.io has to answer."""

    schema_version: int
    label: str
    message: str
    color: str


def badge(sources: Sources) -> str:
    """Return the badge: about the run, since no colour can sum up a comparison."""
    message, color = _said(sources)
    record = Badge(1, _LABEL, message, color)
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def _said(sources: Sources) -> tuple[str, str]:
    run = sources.report.run
    cells = count(len(sources.findings), "cell")
    unknown = Counter(f.grade for f in sources.findings)[Grade.UNKNOWN]
    if unknown:
        return f"{unknown} of {cells} not established", "red"
    if run.status is not RunStatus.COMPLETE:
        return f"{cells} of {len(run.cells)}, {run.status}", "yellow"
    found = sources.report.differences
    if found is not None and found.changed:
        return f"{cells}, {found.sentence}", "orange"
    return f"{cells} established", "brightgreen"
