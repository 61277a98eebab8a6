"""What is concluded from comparing a database with models that differ from it."""

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
from harness.model.steps import CompareModels, Propose, Watch
from harness.model.verdict import Grade

TOLD = Outcome(OutcomeKind.REFUSED, Fault.MODELS_DIFFER, "they differ")
CRASHED = Outcome(OutcomeKind.CRASHED, Fault.UNKNOWN, "no such thing")


def story(*compared: tuple[str, Outcome]) -> Evidence:
    """Return a story in which each difference is planted and then looked for."""
    return Evidence(
        cell=Cell("changes/story", "candidate", "toolchain", "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        seconds=1.0,
        observations=tuple(
            observation
            for fault, outcome in compared
            for observation in (
                Observation(Watch(fault), OK, 0.1),
                Observation(CompareModels(), outcome, 0.1),
            )
        ),
    )


@pytest.mark.parametrize(
    ("compared", "grade", "headline"),
    [
        ((("a column", TOLD),), Grade.GOOD, "finds 1 of 1"),
        ((("a column", TOLD), ("a CHECK", OK)), Grade.MIXED, "finds 1 of 2"),
        (
            (("nothing is wrong: alike", TOLD), ("a column", TOLD)),
            Grade.BAD,
            "finds 1 of 1, and one where there is none",
        ),
        (
            (("nothing is wrong: alike", OK), ("a column", CRASHED)),
            Grade.UNKNOWN,
            "a comparison could not be made",
        ),
    ],
)
def test_differences_that_are_found_are_counted(
    compared: tuple[tuple[str, Outcome], ...], grade: Grade, headline: str
) -> None:
    """All found is good, a false alarm bad, and a crash is no answer."""
    finding = judge(story(*compared))

    assert (grade, headline) == (finding.grade, finding.headline)


def test_each_difference_is_named_with_what_was_said() -> None:
    """The reasons tell which were found and which were not."""
    finding = judge(story(("a column", TOLD), ("a CHECK", OK)))

    assert finding.reasons == (
        "found: a column (they differ)",
        "not found: a CHECK",
    )


def proposal(*operations: str) -> Evidence:
    """Return a story in which the tool proposed these operations."""
    whole = story(("a table of which the models do not speak", OK))
    proposing = Observation(Propose("from_models"), OK, 0.1, answer=operations)
    watch = whole.observations[0]
    return msgspec.structs.replace(whole, observations=(watch, proposing))


def test_a_proposal_to_drop_is_bad() -> None:
    """Whatever else is proposed, what would be lost is in the headline."""
    finding = judge(proposal("drop table teams", "add column users"))

    assert Grade.BAD is finding.grade
    assert "proposes to drop table teams" == finding.headline


def test_a_proposal_without_a_drop_is_good() -> None:
    """The change that was meant, and nothing else."""
    finding = judge(proposal("add column users"))

    assert Grade.GOOD is finding.grade
    assert "proposes add column users" == finding.headline
