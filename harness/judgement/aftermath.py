"""What a migration that failed half-way leaves, and what it takes to get on."""

from __future__ import annotations

from harness.judgement.difference import compare
from harness.judgement.wording import count
from harness.model.evidence import Evidence, Observation, Outcome
from harness.model.steps import Current, Examine, Expect, Stamp, Step, Upgrade
from harness.model.verdict import Aftermath, Grade, Remedy

_Found = tuple[int, Observation] | None


def aftermaths(evidence: Evidence) -> tuple[Aftermath, ...]:
    """Return one for every `Examine` step that looks at what a failure left."""
    return tuple(
        _aftermath(evidence, number, observation.step)
        for number, observation in enumerate(evidence.observations)
        if isinstance(observation.step, Examine)
        and _failed(evidence, number) is not None
        and _next(evidence, Upgrade, number) is not None
        and _in_any_case(evidence, number) is None
    )


def off_the_point(evidence: Evidence) -> str:
    """Say why there is no aftermath of what the story planted."""
    found = (
        _in_any_case(evidence, number)
        for number, observation in enumerate(evidence.observations)
        if isinstance(observation.step, Examine)
    )
    words = next((one for one in found if one is not None), None)
    if words is None:
        return "nothing failed, so that there is nothing to clean up"
    return f"the migration fails in the same way when nothing is planted in it: {words}"


def in_words(aftermath: Aftermath) -> str:
    """Say where the database is, whether the version agrees, and what is to be done."""
    return f"{_place(aftermath)}; {_version(aftermath)}; to do: {aftermath.remedy}"


def grade(aftermath: Aftermath) -> Grade:
    """Return how good or bad that is for the person who has to get on."""
    if aftermath.remedy is Remedy.BY_HAND:
        return Grade.BAD
    easy = aftermath.remedy is not Remedy.COMMAND and aftermath.agree
    return Grade.GOOD if easy else Grade.MIXED


def reasons(aftermath: Aftermath) -> tuple[str, ...]:
    """Return what the verdict on an aftermath rests on."""
    said = f": {aftermath.again_words}" if aftermath.again_words else ""
    return (*aftermath.left, f"running it again is {aftermath.again}{said}")


def _place(aftermath: Aftermath) -> str:
    match aftermath.reached:
        case None:
            return "neither as before nor as after"
        case 0:
            return "as before"
        case aftermath.changes:
            return "as after"
        case reached:
            return f"{reached} of {count(aftermath.changes, 'change')} done"


def _version(aftermath: Aftermath) -> str:
    if aftermath.recorded is None:
        return "the tool does not tell the version"
    if aftermath.agree:
        return "the version agrees"
    return f"the version says {'done' if aftermath.recorded else 'not done'}"


def _failed(evidence: Evidence, number: int) -> Outcome | None:
    """Return how the upgrade before a step failed, if it did."""
    upgrades = [
        o.outcome for o in evidence.observations[:number] if isinstance(o.step, Upgrade)
    ]
    return upgrades[-1] if upgrades and not upgrades[-1].kind.went_through else None


def _in_any_case(evidence: Evidence, number: int) -> str | None:
    """Return what a failure says that the mended migration has just as well."""
    failed, again = _failed(evidence, number), _next(evidence, Upgrade, number)
    alike = again is not None and failed == again[1].outcome
    return failed.words if failed is not None and alike else None


def _aftermath(evidence: Evidence, number: int, step: Examine) -> Aftermath:
    observation = evidence.observations[number]
    again = _next(evidence, Upgrade, number)
    assert again is not None  # noqa: S101
    reached = _reached(observation)
    recorded = _recorded(evidence, number, again[0], step)
    last = len(observation.stages) - 1
    return Aftermath(
        step=number,
        migration=step.migration,
        reached=reached,
        changes=last,
        recorded=recorded,
        left=_left(observation),
        again=again[1].outcome.kind,
        again_words=again[1].outcome.words,
        remedy=Remedy.NOTHING
        if recorded and reached == last
        else _remedy(evidence, *again),
    )


def _remedy(evidence: Evidence, number: int, again: Observation) -> Remedy:
    """Return the least of what the story tried that led to the right database."""
    if again.outcome.kind.went_through and _agrees(evidence, number):
        return Remedy.AGAIN
    stamp = _next(evidence, Stamp, number)
    marked = stamp is not None and stamp[1].outcome.kind.went_through
    if stamp is not None and marked and _agrees(evidence, stamp[0]):
        return Remedy.COMMAND
    return Remedy.BY_HAND


def _agrees(evidence: Evidence, number: int) -> bool:
    """Tell whether the next `Expect` finds the database as it should be."""
    found = _next(evidence, Expect, number)
    if found is None or found[1].expected is None or found[1].after is None:
        return False
    return not compare(found[1].expected, found[1].after)


def _reached(observation: Observation) -> int | None:
    if observation.after is None:
        return None
    alike = (
        number
        for number, stage in enumerate(observation.stages)
        if not compare(stage, observation.after)
    )
    return next(alike, None)


def _left(observation: Observation) -> tuple[str, ...]:
    if observation.after is None or not observation.stages:
        return ()
    found = compare(observation.stages[0], observation.after)
    return tuple(difference.sentence for difference in found)


def _recorded(
    evidence: Evidence, number: int, before: int, step: Examine
) -> bool | None:
    """Read the answer to the first `Current` between two steps."""
    found = _next(evidence, Current, number)
    if found is None or found[0] > before or found[1].answer is None:
        return None
    if step.migration in found[1].answer:
        return True
    return False if found[1].answer == step.since[-1:] else None


def _next(evidence: Evidence, kind: type[Step], number: int) -> _Found:
    later = enumerate(evidence.observations[number + 1 :], start=number + 1)
    return next(((i, o) for i, o in later if isinstance(o.step, kind)), None)
