"""The table of times: medians, spreads, and ratios taken round by round."""

from __future__ import annotations

import statistics

from harness.model.verdict import Finding, Timing
from harness.report.columns import Column, column, columns, name
from harness.report.phrases import seconds
from harness.report.tables import Table

_Times = dict[Column, Timing]


def times(findings: tuple[Finding, ...]) -> Table:
    """Return a row for every timed command; ratios are to the first column.

    A ratio is the median of the ratios of the rounds, in which the columns took turns,
    with the least and the greatest of them.
    """
    headings = columns(findings)
    rows: dict[str, _Times] = {}
    for finding in findings:
        for timing in finding.timings:
            label = f"{timing.verb}, {name(finding.cell).replace('_', ' ')}"
            rows.setdefault(label, {})[column(finding.cell)] = timing
    return Table(
        headings=("command", *(heading.title for heading in headings)),
        rows=tuple(
            (label, *(_text(row, key, headings[0]) for key in headings))
            for label, row in rows.items()
        ),
    )


def _text(row: _Times, key: Column, first: Column) -> str:
    if key not in row:
        return ""
    timing = row[key]
    if timing.void:
        return f"void: {timing.void}"
    text = f"{seconds(timing.median)} ({timing.fastest:.2f} to {timing.slowest:.2f})"
    base = row.get(first)
    if key == first or base is None or base.void:
        return text
    return f"{text}, {ratio(timing, base)}"


def ratio(timing: Timing, base: Timing) -> str:
    """Return how many times as long as `base` a command took, with the spread."""
    pairs = zip(timing.seconds, base.seconds, strict=False)
    ratios = [one / other for one, other in pairs if other]
    if not ratios:
        return "no common rounds"
    middle = statistics.median(ratios)
    return f"×{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
