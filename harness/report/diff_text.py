"""The difference of two runs as text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.judgement.wording import count
from harness.report.columns import Column
from harness.report.diff import Changed, RunDiff, Side, Verdict
from harness.report.phrases import MARKS, seconds
from harness.report.where import cell_pattern

_LONGEST = 300


def diff_text(found: RunDiff) -> str:
    """Return what differs, cells that differ alike told together."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: RunDiff) -> Iterator[str]:
    yield f"old: {_side(found.old)}"
    yield f"new: {_side(found.new)}"
    yield from _part(
        "Made with", (f"{v.what}: {v.old} → {v.new}" for v in found.versions)
    )
    yield from _part("Verdicts that changed", _changes(found.verdicts))
    told = "The same verdict, but something else was observed"
    yield from _part(told, _changes(found.observations))
    yield from _part("Only in the old run", _cells(found.only_old))
    yield from _part("Only in the new run", _cells(found.only_new))
    apart: dict[str, list[str]] = {}
    for one in found.not_comparable:
        apart.setdefault(one.reason, []).append(one.cell)
    lines = (
        line for why, cells in apart.items() for line in (*_cells(cells), f"  {why}")
    )
    yield from _part("Not comparable", lines)
    yield from _part("Times (told, and counted as no difference)", _times(found))
    yield ""
    yield _summary(found)


def _side(side: Side) -> str:
    return (
        f"{side.folder} ({count(side.cells, 'cell')}, {side.status}, "
        f"started {side.started}, migration-compare {side.version})"
    )


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ("", title, *(f"  {line}" for line in lines))


def _changes(changes: Iterable[Changed]) -> Iterator[str]:
    alike: dict[tuple[str, ...], list[str]] = {}
    for change in changes:
        scenario = change.cell.split(":")[0]
        alike.setdefault((scenario, *_told(change)), []).append(change.cell)
    for (_, *told), cells in alike.items():
        yield from _cells(cells)
        yield from (f"  {line}" for line in told)


def _told(change: Changed) -> Iterator[str]:
    if change.old == change.new:
        yield f"verdict: {_verdict(change.old)}"
    else:
        yield f"old: {_verdict(change.old)}"
        yield f"new: {_verdict(change.new)}"
    departure = change.departure
    if departure is None:
        yield "every observation is the same: it is the judging that differs"
        return
    yield f"from step [{departure.step}] on, {departure.title}:"
    for aspect in departure.aspects:
        yield f"  {aspect.what}: {_short(aspect.old)} → {_short(aspect.new)}"


def _verdict(verdict: Verdict) -> str:
    return f"{MARKS[verdict.grade]} {verdict.headline}"


def _short(text: str) -> str:
    text = " ".join(text.split()) or "nothing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _cells(ids: Iterable[str]) -> Iterator[str]:
    """Name cells, those of a story together."""
    stories: dict[str, list[Column]] = {}
    for cell in ids:
        scenario, *place = cell.split(":")
        stories.setdefault(scenario, []).append(Column(*place))
    for scenario, columns in stories.items():
        yield from cell_pattern(scenario, columns)


def _times(found: RunDiff) -> Iterator[str]:
    for one in found.times:
        apart = "" if one.apart else " (within the spread)"
        ratio = f"× {one.new / one.old:.2f}" if one.old else "no ratio"
        medians = f"{seconds(one.old)} → {seconds(one.new)}"
        yield f"{one.cell}: {medians}, {ratio}{apart}"


def _summary(found: RunDiff) -> str:
    counted = {
        "verdicts changed": len(found.verdicts),
        "observed otherwise": len(found.observations),
        "only in the old run": len(found.only_old),
        "only in the new run": len(found.only_new),
        "not comparable": len(found.not_comparable),
    }
    said = [f"{number} {what}" for what, number in counted.items() if number]
    alike = f"{count(found.alike, 'cell')} alike"
    return "; ".join((alike, *said))
