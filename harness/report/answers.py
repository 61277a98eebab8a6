"""The first screen: each question answered for each candidate, in words and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from harness.judgement.guarding import guarding, is_clean
from harness.judgement.wording import (
    cost_in_words,
    costs_in_words,
    count,
    listed,
    named,
)
from harness.model.scenario import Family
from harness.model.steps import Resource
from harness.model.verdict import Finding, Grade, Offline, Race, Stage, Watched
from harness.report.columns import Column, column, family, name, story
from harness.report.needs import Lack, failing_anyway, lacks
from harness.report.phrases import seconds
from harness.report.sorts import by_hand, ordinary, stopped

_Findings = tuple[Finding, ...]
_BEFORE_ANY_CHANGE = {
    Stage.AUTHOR,
    Stage.MERGE,
    Stage.GUARD,
    Stage.LOAD,
    Stage.PLAN,
    Stage.PLAN_BACK,
}

QUESTIONS = {
    Family.CONFLICTS: "Patches compete for the next place in the history. Who notices, "
    "and what must the loser do?",
    Family.LINEARITY: "Which histories that are not a clean line are rejected, "
    "and which get through in silence?",
    Family.OFFLINE: "What can be done without a network, a database "
    "or a configured application?",
    Family.SPEED: "What does it cost, and how does that grow?",
    Family.CHANGES: "The ground: does the same change give the same schema and rows?",
}

_THREE = {Resource.NETWORK, Resource.DATABASE, Resource.CONFIGURATION}


class Answer(msgspec.Struct, frozen=True):
    """The answer to a question for a candidate.

    `place` is where it was counted, `said` are sentences without their full stops, and
    `others` says how much differs in other places.
    """

    candidate: str
    place: str
    said: tuple[str, ...]
    others: tuple[str, ...] = ()


class Answered(msgspec.Struct, frozen=True):
    """A question with its answers."""

    family: str
    question: str
    answers: tuple[Answer, ...]


def answers(findings: Iterable[Finding]) -> tuple[Answered, ...]:
    """Return the questions that the run can answer, with their answers."""
    findings = tuple(findings)
    present = {family(finding.cell) for finding in findings}
    return tuple(
        Answered(asked, QUESTIONS[asked], _answers(asked, findings))
        for asked in QUESTIONS
        if asked in present
    )


def _answers(asked: Family, findings: _Findings) -> tuple[Answer, ...]:
    by_candidate: dict[str, dict[Column, list[Finding]]] = {}
    for finding in findings:
        if family(finding.cell) == asked:
            key = column(finding.cell)
            own = by_candidate.setdefault(key.candidate, {})
            own.setdefault(key, []).append(finding)
    return tuple(
        answer
        for candidate, found in by_candidate.items()
        for answer in _of_candidate(asked, candidate, found)
    )


def _of_candidate(
    asked: Family, candidate: str, found: dict[Column, list[Finding]]
) -> Iterable[Answer]:
    """Yield one answer in full, for the first place; times for every place."""
    alike: dict[tuple[str, ...], list[Column]] = {}
    for key, own in found.items():
        said = (*_SAID[asked](tuple(own)), *_left_out(tuple(own)))
        alike.setdefault(said, []).append(key)
    if asked is Family.SPEED:
        for said, same in alike.items():
            yield Answer(candidate, _place(same), said)
        return
    (said, first), *others = alike.items()
    differing = (_differing(found, first[0], same) for _, same in others)
    yield Answer(candidate, _place(first), said, tuple(filter(None, differing)))


def _differing(
    found: dict[Column, list[Finding]], first: Column, same: list[Column]
) -> str:
    """Say how many stories come out differently than in the first place."""
    known = {f.cell.scenario: f.headline for f in found[first]}
    here = {f.cell.scenario: f.headline for f in found[same[0]]}
    shared = known.keys() & here.keys()
    changed = [scenario for scenario in shared if known[scenario] != here[scenario]]
    if not changed:
        return ""
    number = f"{len(changed)} of {count(len(shared), 'story', 'stories')}"
    return f"{_place(same)}: {number} differently"


def _place(same: list[Column]) -> str:
    toolchains = listed(dict.fromkeys(key.toolchain for key in same))
    backends = listed(dict.fromkeys(key.backend for key in same))
    return f"on {toolchains} ({backends})"


def _established(findings: _Findings) -> _Findings:
    unshown = {Grade.UNKNOWN, Grade.UNSUPPORTED}
    return tuple(finding for finding in findings if finding.grade not in unshown)


def _left_out(findings: _Findings) -> tuple[str, ...]:
    grades = Counter(finding.grade for finding in findings)
    said = [
        f"{grades[grade]} {words}"
        for grade, words in (
            (Grade.UNSUPPORTED, "cannot be expressed"),
            (Grade.UNKNOWN, "not established"),
        )
        if grades[grade]
    ]
    return (f"not counted: {listed(said)}",) if said else ()


def _conflicts(findings: _Findings) -> list[str]:
    shown = _established(findings)
    faults = [w for finding in shown for w in finding.watched if not is_clean(w)]
    early = [w for w in faults if w.stopped and w.stopped.stage in _BEFORE_ANY_CHANGE]
    said = [
        f"{len(early)} of {count(len(faults), 'conflict')} stopped before a database "
        f"is changed ({_stages(early)})",
        *_told_only(faults),
        _guarded(shown),
        *_mended(shown),
    ]
    wrong = [_title(f) for f in shown if f.grade is Grade.BAD]
    if wrong:
        said.append(f"ends badly: {listed(wrong)}")
    return said


def _guarded(shown: _Findings) -> str:
    """Say how well git and the guard tell a fault from none."""
    score = guarding(shown)
    said = f"git or a guard's check objects in {len(score.needed)} of " + count(
        len(score.needed) + len(score.missed), "story", "stories"
    )
    if score.false:
        false = listed(s.split("/")[1].replace("_", " ") for s in score.false)
        said += f", and where nothing is wrong in: {false}"
    return said


def _title(finding: Finding) -> str:
    return name(finding.cell).replace("_", " ")


def _told_only(faults: list[Watched]) -> list[str]:
    told = sum(watched.first is not None and not watched.stopped for watched in faults)
    return [f"{told} only told of, with exit code 0"] if told else []


def _mended(shown: _Findings) -> list[str]:
    """Say what mending took: the first story in full, those with many losers counted."""
    single = [(f, f.costs[0]) for f in shown if len(f.costs) == 1]
    first = [f"mending, {_title(f)}: {cost_in_words(c)}" for f, c in single[:1]]
    many = [
        f"{_title(f)}: {sum(not c.nothing for c in f.costs)} of {len(f.costs)} losers "
        "changed"
        for f in shown
        if len(f.costs) > 1 and f.race is None
    ]
    return first + many + _races(shown)


def _races(shown: _Findings) -> list[str]:
    """Say of how many losers had to change, race by race where they cost alike."""
    alike: dict[str, dict[Race, str]] = {}
    for finding in shown:
        race = finding.race
        if race is not None:
            costs = [loser.cost for loser in race.losers if loser.cost is not None]
            alike.setdefault(costs_in_words(costs), {})[race] = _title(finding)
    return [_race_words(costs, races) for costs, races in alike.items()]


def _race_words(costs: str, races: dict[Race, str]) -> str:
    counted = dict(
        sorted((r.authors, f"{r.changed} of {r.authors - 1}") for r in races)
    )
    kinds = next(iter(races.values()))
    if len(races) > 1:
        kinds = f"k patches one by one, k = {listed(map(str, counted))}"
    return f"{kinds}: {listed(counted.values())} losers had to be changed, {costs}"


def _stages(faults: list[Watched]) -> str:
    counted = Counter(watched.stage for watched in faults)
    return ", ".join(f"{stage} {counted[stage]}" for stage in Stage if counted[stage])


def _linearity(findings: _Findings) -> list[str]:
    shown = _established(findings)
    faults = [f for f in shown if not _is_clean(f)]
    good = [f for f in faults if f.grade is Grade.GOOD]
    bad = [_title(f) for f in faults if f.grade is Grade.BAD]
    mixed = [_title(f) for f in faults if f.grade is Grade.MIXED]
    rejected = [f for f in good if any(w.stopped for w in f.watched)]
    harmless = [_title(f) for f in good if f not in rejected]
    number = f"{len(rejected)} of {count(len(faults), 'fault')}"
    said = [f"{number} rejected before any change"]
    if harmless:
        said.append(f"carried on, and rightly: {listed(harmless)}")
    if bad:
        said.append(f"not, or too late: {listed(bad)}")
    if mixed:
        said.append(f"let through without harm, or not noticed by all: {listed(mixed)}")
    return said


def _is_clean(finding: Finding) -> bool:
    return any(map(is_clean, finding.watched))


def _offline(findings: _Findings) -> list[str]:
    shown = _established(findings)
    missing = [t for finding in shown for t in finding.offline if t.without]
    works = [t for t in missing if t.kind.went_through]
    found = lacks(shown)
    failing = _failing(shown)
    needed_for = {
        activity: words for activity in found if (words := _needed(found[activity]))
    }
    return [
        f"{len(works)} of {len(missing)} tries with something missing work",
        *(f"to {activity} needs {words}" for activity, words in needed_for.items()),
        *_free(t for t in missing if t.activity not in {*needed_for, *failing}),
        *(
            f"to {activity} fails with nothing missing in "
            f"{count(len(titles), 'story', 'stories')}: {listed(titles)}"
            for activity, titles in failing.items()
        ),
    ]


def _needed(found: dict[Resource, Lack]) -> str:
    """Say what an activity fails without, and in which stories if not in all."""
    always = [named(what) for what, lack in found.items() if not lack.worked]
    at_times = [
        f"in some stories {named(what)} ({listed(map(story, dict.fromkeys(lack.failed)))})"
        for what, lack in found.items()
        if lack.failed and lack.worked
    ]
    return ", and ".join(([listed(always)] if always else []) + at_times)


def _failing(findings: _Findings) -> dict[str, list[str]]:
    """Return the stories in which an activity fails with everything there."""
    failing: dict[str, list[str]] = {}
    for finding in findings:
        for activity in failing_anyway(finding):
            failing.setdefault(activity, []).append(_title(finding))
    return failing


def _free(worked: Iterable[Offline]) -> list[str]:
    """Say what works without all it was tried without, and name that if not all."""
    tried: dict[str, set[Resource]] = {}
    for attempt in worked:
        tried.setdefault(attempt.activity, set()).update(attempt.without)
    free = sorted(what for what, without in tried.items() if without >= _THREE)
    said = [f"needs none of the three: to {listed(free)}"] if free else []
    return said + [
        f"to {what} was tried without {listed(map(named, sorted(without)))} only, and works"
        for what, without in sorted(tried.items())
        if not without >= _THREE
    ]


def _speed(findings: _Findings) -> list[str]:
    said = [
        f"{name(f.cell).replace('_', ' ')}: {seconds(f.timed.wall.median)}"
        for f in _established(findings)
        if f.timed is not None and not f.timed.void
    ]
    return ["; ".join(said) or "nothing was timed"]


def _changes(findings: _Findings) -> list[str]:
    shown = _established(findings)
    plain = ordinary(shown)
    good = [f for f in plain if f.grade is Grade.GOOD]
    return [
        f"{len(good)} of {count(len(plain), 'ordinary change')} as expected, up and down",
        *_named("refused or in part, and the database as it was", plain, Grade.MIXED),
        *_named("the database is not as expected afterwards", plain, Grade.BAD),
        *_half_way(shown),
        *_named(
            "wrong on purpose, and not refused without a trace",
            [f for f in shown if f not in plain and not f.aftermaths],
            Grade.BAD,
        ),
    ]


def _named(what: str, findings: Iterable[Finding], grade: Grade) -> list[str]:
    titles = [_title(f) for f in findings if f.grade is grade]
    return [f"{what}, in {len(titles)}: {listed(titles)}"] if titles else []


def _half_way(shown: _Findings) -> list[str]:
    """Say how many migrations that fail or are killed leave work to be done by hand."""
    found = stopped(shown)
    titles = [_title(finding) for finding in by_hand(found)]
    if not found:
        return []
    said = (
        f"of {count(len(found), 'migration')} that fail or are killed, {len(titles)} need "
        "SQL by hand before it goes on"
    )
    return [f"{said}: {listed(titles)}" if titles else said]


_SAID: dict[Family, Callable[[_Findings], list[str]]] = {
    Family.CONFLICTS: _conflicts,
    Family.LINEARITY: _linearity,
    Family.OFFLINE: _offline,
    Family.SPEED: _speed,
    Family.CHANGES: _changes,
}
