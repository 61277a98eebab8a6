"""What is concluded from a database in which a migration failed half-way."""

from __future__ import annotations

import msgspec
import pytest

from harness.judgement import judge
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Evidence,
    Fault,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.snapshot import Snapshot, TableState
from harness.model.steps import (
    Current,
    Examine,
    Expect,
    Stamp,
    Step,
    Upgrade,
    Watch,
)
from harness.model.verdict import Grade, Remedy

BEFORE, HALF, AFTER, ODD = (
    Snapshot(tuple(TableState(name, ()) for name in names))
    for names in ("a", "ab", "abc", "ax")
)
DEAD = Outcome(OutcomeKind.KILLED, Fault.DIED, "signal 9")
CRASHED = Outcome(OutcomeKind.CRASHED, Fault.DATABASE_ERROR, "b is there already")


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def story(
    left: Snapshot,
    told: tuple[str, ...] | None,
    again: Outcome,
    then: Snapshot,
    marked: Snapshot | None = None,
) -> Evidence:
    """Return a failed upgrade, what it left, and what was tried afterwards."""
    expect = Expect(("ground", "change"))
    return Evidence(
        cell=Cell("changes/story", "candidate", "toolchain", "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        seconds=1.0,
        observations=(
            seen(Watch("it is killed")),
            seen(Upgrade(), DEAD, before=BEFORE, after=left),
            seen(
                Examine("change", ("ground",)),
                after=left,
                stages=(BEFORE, HALF, AFTER),
            ),
            seen(Current(), OK if told is not None else CRASHED, answer=told),
            seen(Upgrade(), again, before=left, after=then),
            seen(expect, expected=AFTER, after=then),
            seen(Stamp("change"), before=then, after=marked or then),
            seen(expect, expected=AFTER, after=marked or then),
        ),
    )


GROUND, CHANGE = ("ground",), ("change",)


@pytest.mark.parametrize(
    ("evidence", "grade", "headline"),
    [
        pytest.param(
            story(BEFORE, GROUND, OK, AFTER),
            Grade.GOOD,
            "as before; the version agrees; to do: run it again",
            id="nothing was done",
        ),
        pytest.param(
            story(AFTER, CHANGE, OK, AFTER),
            Grade.GOOD,
            "as after; the version agrees; to do: nothing",
            id="everything was done",
        ),
        pytest.param(
            story(HALF, GROUND, OK, AFTER),
            Grade.MIXED,
            "1 of 2 changes done; the version says not done; to do: run it again",
            id="half of it was done, and done again",
        ),
        pytest.param(
            story(AFTER, GROUND, CRASHED, AFTER),
            Grade.MIXED,
            "as after; the version says not done; "
            "to do: mark it as applied with the tool",
            id="only the note is missing",
        ),
        pytest.param(
            story(HALF, GROUND, CRASHED, HALF),
            Grade.BAD,
            "1 of 2 changes done; the version says not done; to do: SQL by hand",
            id="half of it was done, and cannot be done again",
        ),
        pytest.param(
            story(ODD, GROUND, CRASHED, ODD),
            Grade.BAD,
            "neither as before nor as after; the version says not done; "
            "to do: SQL by hand",
            id="something else is there",
        ),
        pytest.param(
            story(HALF, GROUND, OK, HALF),
            Grade.BAD,
            "1 of 2 changes done; the version says not done; to do: SQL by hand",
            id="exit code 0 the second time, and the database is still wrong",
        ),
        pytest.param(
            story(BEFORE, CHANGE, OK, BEFORE),
            Grade.BAD,
            "as before; the version says done; to do: SQL by hand",
            id="noted and not done",
        ),
        pytest.param(
            story(BEFORE, None, OK, AFTER),
            Grade.MIXED,
            "as before; the tool does not tell the version; to do: run it again",
            id="the version cannot be told",
        ),
    ],
)
def test_the_verdict_says_what_is_left_and_what_to_do(
    evidence: Evidence, grade: Grade, headline: str
) -> None:
    """Schema, version table, a second run and the least remedy that worked."""
    finding = judge(evidence)

    assert (grade, headline) == (finding.grade, finding.headline)


def test_what_is_left_is_told_against_the_state_before() -> None:
    """A person who cleans up reads what is there that was not."""
    finding = judge(story(ODD, GROUND, CRASHED, ODD))

    (aftermath,) = finding.aftermaths
    assert ("x: the table is not expected",) == aftermath.left
    assert aftermath.remedy is Remedy.BY_HAND
    assert "running it again is crashed: b is there already" in finding.reasons


def test_a_migration_that_did_not_fail_shows_nothing() -> None:
    """Where nothing was killed there is nothing to clean up, and that is no merit."""
    evidence = story(AFTER, CHANGE, OK, AFTER)
    watch, upgrade, *rest = evidence.observations
    went_through = msgspec.structs.replace(upgrade, outcome=OK)
    evidence = msgspec.structs.replace(
        evidence, observations=(watch, went_through, *rest)
    )

    finding = judge(evidence)

    assert Grade.UNKNOWN is finding.grade
    assert "the story did not get to its point" == finding.headline


def test_a_migration_that_fails_without_the_planted_fault_shows_nothing_of_it() -> None:
    """As where SQLite cannot alter: the kill behind the statement is never reached."""
    evidence = story(BEFORE, GROUND, CRASHED, BEFORE)
    watch, upgrade, *rest = evidence.observations
    crashed = msgspec.structs.replace(upgrade, outcome=CRASHED)
    evidence = msgspec.structs.replace(evidence, observations=(watch, crashed, *rest))

    finding = judge(evidence)

    assert () == finding.aftermaths
    assert Grade.UNKNOWN is finding.grade
    assert "the story did not get to its point" == finding.headline
    (reason,) = finding.reasons
    assert reason.endswith("when nothing is planted in it: b is there already")
