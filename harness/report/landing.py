"""The simulated landing queue in words and tables: all that is said of it, as values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.wording import count
from harness.queueing.model import Fate, Gate, Load, Profile, Team
from harness.queueing.result import Estimate, Point, Queue
from harness.report.phrases import listed
from harness.report.tables import Table

_COUNTED = (
    "wasted reviews",
    "stopped by git",
    "gate failures",
    "broken mains",
    "missed",
    "files redone",
    "days to land",
)
_CROWDED = 0.5


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `queue.md` says."""

    queue: Queue
    answers: tuple[str, ...]
    ways: tuple[tuple[str, str, str], ...]
    losers: Table
    starts: Table
    streams: Table
    crowded: tuple[str, ...]
    agreement: str
    disagreements: tuple[str, ...]


def landing(queue: Queue) -> tuple[str, ...]:
    """Return the answer, a sentence for each candidate, from the largest start."""
    largest = max((point.load.patches for point in queue.starts), default=0)
    return tuple(
        _sentence(point) for point in queue.starts if point.load.patches == largest
    )


def page(queue: Queue) -> Landing:
    """Return the values of `queue.md`."""
    return Landing(
        queue=queue,
        answers=landing(queue),
        ways=tuple(_ways(queue.team)),
        losers=Table(
            ("candidate", "losers measured", "stopped at", "redoing one"),
            tuple(_measured(profile) for profile in queue.profiles),
        ),
        starts=_table("patches", queue.starts),
        streams=_table("patches a day", queue.streams),
        crowded=tuple(_crowded(queue.streams)),
        agreement=_agreement(queue),
        disagreements=tuple(
            f"{c.candidate}, {c.authors} authors, {c.what}: simulated {c.simulated}, "
            f"observed {c.observed} ({c.cell})"
            for c in queue.checks
            if not c.agrees
        ),
    )


def _sentence(point: Point) -> str:
    said = [
        f"{_shown(number)} {words}"
        for number, words in (
            (point.reviews, "reviews wasted"),
            (point.git_conflicts, "times stopped by git"),
            (point.gate_failures, "gate failures"),
            (point.broken_mains, "broken mains"),
            (point.missed, "conflicts that nobody is told of"),
        )
        if number.mean
    ]
    start = f"**{point.candidate}**, {point.load.patches} patches at once"
    return f"{start}: per landed migration {listed(said, 'nothing is lost')}."


def _ways(team: Team) -> Iterable[tuple[str, str, str]]:
    yield (
        "a review",
        f"{team.review_least:g} h at least, {team.review_mean:g} h on average",
        "a re-review “takes at least a day” (openstack-dev, 2013-08-12); the mean is "
        "an assumption",
    )
    yield "redoing a patch", f"{team.redo:g} h on average", "an assumption"
    yield (
        "a run of the gate",
        f"{team.gate_run:g} h, one patch at a time",
        "an assumption",
    )
    runs_on = {
        Gate.MERGED: "the patch merged with main as it then is",
        Gate.OWN_BASE: "the patch on the commit that its author started from",
    }[team.gate]
    yield "the gate tests", runs_on, "`--gate`"
    yield "the gate's last check", str(team.checks), "`--checks`"
    kept = "yes" if team.keeps_turn else "no, others may land meanwhile"
    yield "a patch sent back keeps its turn", kept, "`--keep-turn`"


def _measured(profile: Profile) -> tuple[str, str, str, str]:
    kinds = dict.fromkeys(profile.fates)
    stages = dict.fromkeys(str(fate.stage) for fate in kinds)
    return (
        profile.title,
        str(len(profile.fates)),
        listed(stages),
        listed(dict.fromkeys(map(_redoing, kinds))),
    )


def _redoing(fate: Fate) -> str:
    merges = "git merges it" if fate.merges else "git does not merge it"
    parts = (
        count(fate.files, "file"),
        count(fate.lines, "line"),
        count(fate.commands, "command"),
        merges,
    )
    return ", ".join(parts)


def _table(corner: str, points: tuple[Point, ...]) -> Table:
    rows = (
        (_load(point.load), point.candidate, *map(_shown, _numbers(point)))
        for point in points
    )
    return Table((corner, "candidate", *_COUNTED), tuple(rows))


def _numbers(point: Point) -> tuple[Estimate, ...]:
    return (
        point.reviews,
        point.git_conflicts,
        point.gate_failures,
        point.broken_mains,
        point.missed,
        point.files,
        point.days,
    )


def _load(load: Load) -> str:
    return str(load.patches) if load.rate is None else f"{load.rate:g}"


def _shown(estimate: Estimate) -> str:
    if estimate.low == estimate.high:
        return f"{estimate.mean:.3g}"
    return f"{estimate.mean:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _crowded(points: tuple[Point, ...]) -> Iterable[str]:
    """Name the rates at which most patches still wait when the last one comes."""
    for point in points:
        if point.left.mean > _CROWDED:
            yield (
                f"{point.candidate}, {_load(point.load)} a day: {point.left.mean:.0%} of "
                "the patches had not landed when the last was written"
            )


def _agreement(queue: Queue) -> str:
    agreeing = sum(check.agrees for check in queue.checks)
    authors = listed(str(k) for k in sorted({c.authors for c in queue.checks}))
    return (
        f"{agreeing} of {count(len(queue.checks), 'number')} agree, for k = {authors}"
    )
