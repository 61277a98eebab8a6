"""The verdict on a cell, by the question of its family."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.judgement import aftermath
from harness.judgement.agreement import agreements
from harness.judgement.cost import costs
from harness.judgement.difference import compare
from harness.judgement.drift import drift, is_about_drift, proposed
from harness.judgement.guarding import is_clean
from harness.judgement.listing import files
from harness.judgement.noticing import watched
from harness.judgement.offline import attempts
from harness.judgement.race import race
from harness.judgement.speed import timed
from harness.judgement.together import together
from harness.judgement.wording import (
    cost_in_words,
    costs_in_words,
    count,
    in_words,
    named,
)
from harness.model.evidence import Evidence, Observation, OutcomeKind, Status
from harness.model.scenario import Family
from harness.model.steps import (
    Downgrade,
    Examine,
    Expect,
    GenerateSql,
    Land,
    Propose,
    Redo,
    RunSql,
    Step,
    Upgrade,
    Watch,
    WriteByHand,
)
from harness.model.verdict import (
    Agreement,
    Cost,
    Finding,
    Grade,
    Notice,
    Offline,
    Stage,
    Watched,
)

_Judged = tuple[Grade, str, tuple[str, ...]]


def judge(evidence: Evidence) -> Finding:
    """Return the finding for a cell; whatever its evidence, it says something true."""
    grade, headline, reasons = _judged(evidence)
    return Finding(
        cell=evidence.cell,
        grade=grade,
        headline=headline,
        reasons=reasons,
        watched=watched(evidence),
        costs=costs(evidence),
        agreements=agreements(evidence),
        offline=attempts(evidence),
        timed=timed(evidence),
        race=race(evidence),
        aftermaths=aftermath.aftermaths(evidence),
        files=files(evidence),
    )


def _judged(evidence: Evidence) -> _Judged:
    if evidence.status is Status.NOT_ESTABLISHED:
        return Grade.UNKNOWN, "not established", (evidence.reason,)
    if evidence.status is Status.UNSUPPORTED:
        return Grade.UNSUPPORTED, "cannot be expressed", (evidence.reason,)
    ground = _ground_lost(evidence)
    if ground:
        return Grade.UNKNOWN, "the story did not get to its point", (ground,)
    family = Family(evidence.cell.scenario.split("/")[0])
    judges: dict[Family, Callable[[Evidence], _Judged]] = {
        Family.CHANGES: _changes,
        Family.CONFLICTS: _conflicts,
        Family.LINEARITY: _linearity,
        Family.OFFLINE: _offline,
        Family.SPEED: _speed,
    }
    return judges[family](evidence)


def _ground_lost(evidence: Evidence) -> str:
    """Return what went wrong before the fault was planted: then nothing is shown."""
    observations = evidence.observations
    numbers = [i for i, o in enumerate(observations) if isinstance(o.step, Watch)]
    for observation in observations[: numbers[0]] if numbers else ():
        meant = isinstance(observation.step, Land) and observation.step.blindly
        absent = observation.outcome.kind is OutcomeKind.UNSUPPORTED
        if not (observation.outcome.kind.went_through or meant or absent):
            return _sentence(observation)
    return ""


def _sentence(observation: Observation) -> str:
    outcome = observation.outcome
    became = f"{in_words(observation.step)} {outcome.kind} ({outcome.fault})"
    return f"{became}: {outcome.words}" if outcome.words else became


def _changes(evidence: Evidence) -> _Judged:
    failures = _failures(evidence)
    counted = _of_what_was_done(evidence)
    differences = _differences(counted)
    if any(isinstance(o.step, Examine) for o in evidence.observations):
        return _half_way(evidence, failures)
    if any(isinstance(o.step, Propose) for o in evidence.observations) and not failures:
        return proposed(evidence)
    if is_about_drift(evidence):
        return drift(evidence)
    if any(isinstance(o.step, Watch) for o in evidence.observations):
        return _impossible(evidence, failures, _differences(agreements(evidence)))
    if failures and differences:
        return Grade.BAD, _left(counted), (*failures, *differences)
    if failures:
        return Grade.MIXED, "fails, and leaves the database as it was", failures
    if differences:
        first = next(a for a in agreements(evidence) if a.differences)
        back = " after going back" if first.went_back else ""
        headline = f"exit code 0, and {count(len(differences), 'difference')}{back}"
        return Grade.BAD, headline, differences
    moves = sum(isinstance(o.step, Upgrade | Downgrade) for o in evidence.observations)
    return Grade.GOOD, "as expected", (f"{moves} moves, each as the oracle says",)


def _of_what_was_done(evidence: Evidence) -> tuple[Agreement, ...]:
    """Return the agreements but those after a move that failed and changed nothing.

    What they find is no leftover: it is what was to be done and is not.
    """
    idle: dict[str, bool] = {}
    counted = {agreement.step: agreement for agreement in agreements(evidence)}
    for number, observation in enumerate(evidence.observations):
        step = observation.step
        if isinstance(step, Upgrade | Downgrade):
            failed = not observation.outcome.kind.went_through
            idle[step.database] = failed and not _changed(observation)
        elif isinstance(step, Expect) and idle.get(step.database):
            counted.pop(number, None)
    return tuple(counted.values())


def _changed(observation: Observation) -> bool:
    before, after = observation.before, observation.after
    return before is None or after is None or bool(compare(before, after))


def _failures(evidence: Evidence) -> tuple[str, ...]:
    return tuple(
        _sentence(observation)
        for observation in evidence.observations
        if not observation.outcome.kind.went_through
    )


def _half_way(evidence: Evidence, failures: tuple[str, ...]) -> _Judged:
    """Judge by what a failure left; the worst aftermath gives the grade."""
    found = aftermath.aftermaths(evidence)
    if not found:
        point = aftermath.off_the_point(evidence)
        return Grade.UNKNOWN, "the story did not get to its point", (point,)
    return (
        max(map(aftermath.grade, found), key=_WORST_LAST.index),
        "; ".join(dict.fromkeys(map(aftermath.in_words, found))),
        (*failures[:1], *(r for one in found for r in aftermath.reasons(one))),
    )


def _left(found: tuple[Agreement, ...]) -> str:
    """Say what a failure left; rows that are gone are worse than a leftover table."""
    if any(agreement.rows_gone for agreement in found):
        return "fails, and rows are gone from their table"
    return "fails, and leaves a difference"


def _impossible(
    evidence: Evidence, failures: tuple[str, ...], differences: tuple[str, ...]
) -> _Judged:
    """Judge a change that cannot be made: to refuse it cleanly is the best."""
    if failures and differences:
        return Grade.BAD, _left(agreements(evidence)), (*failures, *differences)
    if failures:
        return Grade.GOOD, "fails, and leaves the database as it was", failures
    if differences:
        return Grade.BAD, "goes through, and the database differs", differences
    return Grade.MIXED, "goes through after all", ()


def _differences(found: tuple[Agreement, ...]) -> tuple[str, ...]:
    """Return each difference once, with where and after what it was first seen."""
    first: dict[tuple[str, str], str] = {}
    for agreement in found:
        place = f"database {agreement.database}"
        place += ", after going back" if agreement.went_back else ""
        for sentence in agreement.differences:
            first.setdefault((agreement.database, sentence), f"{sentence} ({place})")
    return tuple(first.values())


def _linearity(evidence: Evidence) -> _Judged:
    """Judge every planted fault; the worst of them gives the grade."""
    judged = [_fault(fault) for fault in watched(evidence)]
    if not judged:
        return Grade.UNKNOWN, "no fault was planted", ("the story has no Watch step",)
    grade = max((grade for grade, _, _ in judged), key=_WORST_LAST.index)
    headlines = dict.fromkeys(headline for _, headline, _ in judged)
    return grade, "; ".join(headlines), tuple(r for _, _, said in judged for r in said)


_WORST_LAST = (Grade.GOOD, Grade.MIXED, Grade.BAD)


def _fault(fault: Watched) -> _Judged:
    if is_clean(fault):
        return _clean(fault)
    if fault.stopped is not None:
        return _stopped(fault)
    warned = f"warned at: {_where(fault.first)}; " if fault.first else ""
    if fault.harm:
        headline = f"{warned}silent loss: exit code 0, database wrong"
        return Grade.BAD, headline, (*_words(fault), *fault.harm)
    if fault.tolerable:
        headline = f"{warned}carried on; the database is as the tree says"
        return Grade.GOOD, headline, _words(fault)
    return (
        Grade.MIXED,
        f"{warned}let through; the database is as the tree says",
        _words(fault),
    )


def _clean(fault: Watched) -> _Judged:
    if fault.first is not None:
        return (
            Grade.BAD,
            f"fails at: {fault.stage}, though nothing is wrong",
            _words(fault),
        )
    if fault.harm:
        return Grade.BAD, "a clean line gives a wrong database", fault.harm
    return Grade.GOOD, "passes in silence", ()


def _stopped(fault: Watched) -> _Judged:
    assert fault.stopped is not None  # noqa: S101
    stage = fault.stopped.stage
    if fault.harm:
        headline = f"{stage} objects, and an upgrade still goes wrong in silence"
        return Grade.BAD, headline, (*_words(fault), *fault.harm)
    if stage in _HALF_WAY:
        return Grade.BAD, "noticed half-way, the database is changed", _words(fault)
    if stage is Stage.AFTER:
        return Grade.MIXED, "noticed only when asked afterwards", _words(fault)
    headline = f"rejected at: {stage} ({fault.stopped.fault})"
    if fault.missed:
        headline += f"; upgrading {' and '.join(fault.missed)} says nothing"
    return (Grade.MIXED if fault.missed else Grade.GOOD), headline, _words(fault)


_HALF_WAY = {Stage.RUN, Stage.RUN_BACK}


def _words(fault: Watched) -> tuple[str, ...]:
    said = (f"{_where(n)}, {n.kind}: {n.words}" for n in fault.notices)
    return tuple(dict.fromkeys(said))


def _where(notice: Notice) -> str:
    """Return the stage, which is not half-way where only a warning was given."""
    if notice.kind.went_through:
        return _ALL_THE_WAY.get(notice.stage, notice.stage)
    return notice.stage


_ALL_THE_WAY = {Stage.RUN: "upgrade", Stage.RUN_BACK: "downgrade"}


def _conflicts(evidence: Evidence) -> _Judged:
    at_once = together(evidence)
    if at_once is not None:
        return at_once
    faults = watched(evidence)
    if faults and all(map(is_clean, faults)):
        return _clean(faults[0])
    stages = list(dict.fromkeys(fault.stage for fault in faults))
    at = ", ".join(dict.fromkeys(fault.noticed for fault in faults))
    harm = tuple(sentence for fault in faults for sentence in fault.harm)
    mended = costs(evidence)
    late = _late(evidence)
    reasons = _conflict_words(faults, mended)
    if harm:
        first = "silent loss" if stages == [Stage.NEVER] else f"noticed at: {at}"
        return Grade.BAD, f"{first}; exit code 0, database wrong", (*harm, *reasons)
    if late:
        return Grade.BAD, f"noticed at: {at}; does not converge", (*late, *reasons)
    headline = f"noticed at: {at}"
    if mended:
        headline += f"; {_mending(mended)}"
    grade = Grade.GOOD if Stage.NEVER not in stages else Grade.MIXED
    grade = Grade.BAD if _HALF_WAY & set(stages) else grade
    return grade, headline, reasons


def _conflict_words(
    faults: tuple[Watched, ...], mended: tuple[Cost, ...]
) -> tuple[str, ...]:
    """Return the tools' words and the costs; of many losers, the first one's words."""
    if len(mended) <= _FEW:
        return (*(w for f in faults for w in _words(f)), *map(_cost_words, mended))
    more = f"(so for the first of {count(len(faults), 'loser')})"
    return tuple(f"{w} {more}" for fault in faults[:1] for w in _words(fault))


_FEW = 2


def _late(evidence: Evidence) -> tuple[str, ...]:
    """Return what is wrong after the losing branch was mended and landed."""
    numbers = [i for i, o in enumerate(evidence.observations) if _is_redo(o)]
    if not numbers:
        return ()
    failed = (
        _sentence(observation)
        for observation in evidence.observations[numbers[-1] :]
        if isinstance(observation.step, Upgrade | Land | Redo)
        and not observation.outcome.kind.went_through
    )
    after = (a for a in agreements(evidence) if a.step > numbers[-1])
    return (*failed, *_differences(tuple(after)))


def _is_redo(observation: Observation) -> bool:
    return isinstance(observation.step, Redo)


def _mending(mended: tuple[Cost, ...]) -> str:
    redone = [cost for cost in mended if not cost.nothing]
    if not redone:
        return "nothing to redo"
    if len(mended) > 1:
        changed = f"{len(redone)} of {len(mended)} losers had to be changed"
        return f"{changed}, {costs_in_words(redone)}"
    return _cost_words(redone[0])


def _cost_words(cost: Cost) -> str:
    return f"mending {cost.branch}: {cost_in_words(cost)}"


def _offline(evidence: Evidence) -> _Judged:
    tried = attempts(evidence)
    without = [t for t in tried if t.without]
    failed = [t for t in without if not t.kind.went_through]
    broken = [t for t in tried if not t.without and not t.kind.went_through]
    reasons = (
        *dict.fromkeys(_offline_words(t) for t in (*broken, *failed)),
        *dict.fromkeys(_printed_by_then(evidence)),
    )
    differences = _differences(_of_moved(evidence))
    if any(isinstance(o.step, Watch) for o in evidence.observations):
        return _impossible(evidence, _failures(evidence), differences)
    works = len(without) - len(failed)
    done = _by_hand(evidence) or f"{works} of {len(without)} tries work"
    useless = _of_kind(evidence, RunSql) if not broken else ()
    if useless:
        return Grade.BAD, f"{done}; the SQL does not run", (*useless, *reasons)
    if differences:
        return Grade.BAD, f"{done}; a database differs", (*reasons, *differences)
    if broken:
        return Grade.BAD, f"{done}; fails with everything there", reasons
    return (Grade.MIXED if failed else Grade.GOOD), done, reasons


def _by_hand(evidence: Evidence) -> str:
    """Say what had to be looked up to write migrations by hand, if that was done."""
    looked_up = dict.fromkeys(
        said
        for observation in evidence.observations
        if isinstance(observation.step, WriteByHand)
        for said in observation.answer or ()
    )
    return (
        f"a file by hand; to be looked up: {'; '.join(looked_up)}" if looked_up else ""
    )


def _of_moved(evidence: Evidence) -> tuple[Agreement, ...]:
    """Return the agreements of databases that all was done to that was meant to be."""
    moved = {
        o.database
        for o in evidence.observations
        if isinstance(o.step, Upgrade | RunSql) and o.outcome.kind.went_through
    }
    moved -= {
        o.step.database
        for o in evidence.observations
        if isinstance(o.step, RunSql) and not o.outcome.kind.went_through
    }
    return tuple(a for a in agreements(evidence) if a.database in moved)


def _of_kind(evidence: Evidence, kind: type[Step]) -> tuple[str, ...]:
    """Return what the steps of a kind said that did not go through."""
    return tuple(
        _sentence(observation)
        for observation in evidence.observations
        if isinstance(observation.step, kind)
        and not observation.outcome.kind.went_through
    )


def _printed_by_then(evidence: Evidence) -> Iterator[str]:
    """Say what a file of SQL holds when writing it failed; whoever pipes it has that."""
    for observation in evidence.observations:
        if not isinstance(observation.step, GenerateSql):
            continue
        if observation.outcome.kind.went_through or not observation.commands:
            continue
        lines = observation.commands[-1].stdout.strip().splitlines()
        if lines:
            yield f"the file has {count(len(lines), 'line')} then, the last: {lines[-1]}"


def _offline_words(tried: Offline) -> str:
    """Say what became of a try; where nothing was missing, in the tool's words as well."""
    if not tried.without:
        became = f"{tried.activity} with everything there: {tried.kind} ({tried.fault})"
        return f"{became}: {tried.words}" if tried.words else became
    missing = " and ".join(map(named, tried.without))
    return f"{tried.activity} without {missing}: {tried.kind} ({tried.fault})"


def _speed(evidence: Evidence) -> _Judged:
    found = timed(evidence)
    if found is None:
        return Grade.UNKNOWN, "nothing was timed", _failures(evidence)
    if found.void:
        return Grade.UNKNOWN, "the timings do not count", (found.void,)
    wall = found.wall
    half = f"half of the samples {wall.quarter:.2f} s to {wall.three_quarters:.2f} s"
    said = f"{wall.median:.2f} s ({half}), {found.cpu.median:.2f} s of processor time"
    return Grade.GOOD, said, ()
