"""What changed between two stored runs, and what must not be compared, and why.

A machine's identity (what it is) decides whether times may be compared. Its state (how
busy it was) is told and decides nothing. Ratios between candidates are held against each
other too: they suffer less from the state than times do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.benchmarking.rows import Stored
from harness.judgement.speed import matches
from harness.judgement.wording import listed
from harness.model.benchmark import Benchmarked, MachineState
from harness.model.run import ToolchainRecord
from harness.model.speed import Match, Metric, Participant, Ratio, Timed, Versus, Word

_IDENTITY = ("system", "processor", "cores", "memory_mib", "storage")


class Difference(msgspec.Struct, frozen=True):
    """Lines to read, and how many benchmarks were compared."""

    lines: tuple[str, ...]
    compared: int


def difference(old: Stored, new: Stored) -> Difference:
    """Return what changed from one run to another."""
    reasons = tuple(_machines(old.record, new.record))
    if reasons:
        said = (f"not comparable: {reason}" for reason in reasons)
        return Difference(tuple(said), 0)
    lines = [*_states(old.record, new.record)]
    befores = {_place(match): match for match in matches(old.evidence)}
    afters = {_place(match): match for match in matches(new.evidence)}
    compared = 0
    verdicts: list[tuple[Word, Word]] = []
    for place, after in afters.items():
        before = befores.get(place)
        reason = _unlike(before, after)
        if before is None or reason:
            lines.append(f"{place}: not comparable: {reason}")
            continue
        other = _other_packages(old.record, new.record)
        found = tuple(_changes(before, after, other))
        lines.extend(f"{place}, {line}" for line in found or ("nothing changed",))
        verdicts.extend(_pairs(before, after))
        compared += 1
    if verdicts:
        lines.insert(2, _tally(verdicts))
    lines.extend(
        f"{place}: not comparable: it was not run again"
        for place in befores
        if place not in afters
    )
    return Difference(tuple(lines), compared)


def _machines(old: Benchmarked, new: Benchmarked) -> Iterator[str]:
    """Yield what is another machine about another machine."""
    for field in _IDENTITY:
        was, now = getattr(old.machine, field), getattr(new.machine, field)
        if was != now:
            yield f"another machine: its {field.split('_')[0]} was {was}, and is {now}"


def _states(old: Benchmarked, new: Benchmarked) -> Iterator[str]:
    for name, record in (("the old", old), ("the new", new)):
        yield (
            f"{name} run: load {_load(record.before)} before and "
            f"{_load(record.after)} after, of {record.machine.cores} processors"
        )


def _load(state: MachineState) -> str:
    return f"{state.load:.1f}"


def _unlike(before: Match | None, after: Match) -> str:
    if before is None:
        return "it was not run before"
    if before.digest != after.digest:
        return f"another version of the scenario ({before.digest}, now {after.digest})"
    if not (before.rows and after.rows):
        return "there are no times"
    return ""


def _other_packages(old: Benchmarked, new: Benchmarked) -> dict[str, str]:
    """Return why toolchains are others than they were, by name."""
    was = {record.name: record for record in old.toolchains}
    return {
        record.name: reason
        for record in new.toolchains
        if record.name in was and (reason := _changed(was[record.name], record))
    }


def _changed(old: ToolchainRecord, new: ToolchainRecord) -> str:
    if old.python != new.python:
        return f"Python {old.python} is now {new.python}"
    before = {d.name: d.version for d in old.distributions}
    after = {d.name: d.version for d in new.distributions}
    names = sorted(
        name for name in before | after if before.get(name) != after.get(name)
    )
    changes = (
        f"{n} {before.get(n, 'none')} is now {after.get(n, 'none')}" for n in names
    )
    return listed(changes) if names else ""


def _changes(before: Match, after: Match, other: dict[str, str]) -> Iterator[str]:
    """Yield what changed; where packages did, times are told with that."""
    rows = dict(before.rows)
    limits = _limits((*before.controls, *after.controls))
    for who, row in after.rows:
        was = rows.get(who)
        if was is None or row.void or was.void:
            yield f"{_name(who)}: not comparable: there are no times of both that count"
            continue
        because = other.get(who.toolchain)
        yield from _times(who, was, row, limits, f" ({because})" if because else "")
    olds = {(v.one, v.other): v for v in before.comparisons}
    for versus in after.comparisons:
        old = olds.get((versus.one, versus.other))
        if old is not None:
            yield from _verdicts(old, versus)


def _times(
    who: Participant,
    was: Timed,
    now: Timed,
    limits: dict[Metric, float],
    because: str,
) -> Iterator[str]:
    """Yield times that changed by more than a candidate differs from itself."""
    pairs = {
        Metric.WALL: (was.wall, now.wall),
        Metric.CPU: (was.cpu, now.cpu),
    }
    for metric, (old, new) in pairs.items():
        ratio = new.median / old.median
        apart = new.quarter > old.three_quarters or new.three_quarters < old.quarter
        if apart and max(ratio, 1 / ratio) > limits.get(metric, float("inf")):
            yield (
                f"{_name(who)}: {metric} {old.median:.3f} s is now {new.median:.3f} s "
                f"(×{ratio:.2f}){because}"
            )


def _limits(controls: Iterable[Versus]) -> dict[Metric, float]:
    limits: dict[Metric, float] = {}
    for versus in controls:
        for ratio in versus.ratios:
            limits[ratio.metric] = max(limits.get(ratio.metric, 1.0), ratio.shows)
    return limits


def _pairs(before: Match, after: Match) -> Iterator[tuple[Word, Word]]:
    """Yield each verdict of one against another as it was and as it is."""
    olds = {(v.one, v.other): v for v in before.comparisons}
    for versus in after.comparisons:
        if old := olds.get((versus.one, versus.other)):
            for metric in Metric:
                yield old.by(metric).verdict, versus.by(metric).verdict


def _tally(verdicts: list[tuple[Word, Word]]) -> str:
    """Say how many verdicts are the same, and how many contradict each other."""
    same = sum(was is now for was, now in verdicts)
    turned = sum(
        was.differs and now.differs and was is not now for was, now in verdicts
    )
    return (
        f"verdicts of one against another: {same} of {len(verdicts)} the same, "
        f"{turned or 'none'} turned round"
    )


def _verdicts(old: Versus, new: Versus) -> Iterator[str]:
    for metric in Metric:
        was, now = old.by(metric), new.by(metric)
        pair = (
            f"{new.one.candidate} against {new.other.candidate} ({new.one.toolchain})"
        )
        if was.verdict is not now.verdict:
            yield f"{pair}: {was.verdict} by {metric} is now {now.verdict}"
        if _apart(was, now):
            yield f"{pair}: ×{was.ratio:.3f} by {metric} is now ×{now.ratio:.3f}"


def _apart(was: Ratio, now: Ratio) -> bool:
    """Tell whether two ratios are bounded apart from each other."""
    sure = Word.INCONCLUSIVE not in (was.verdict, now.verdict)
    return sure and (now.low > was.high or now.high < was.low)


def _place(match: Match) -> str:
    return f"{match.scenario} on {match.backend}"


def _name(who: Participant) -> str:
    return f"{who.candidate} ({who.toolchain})"
