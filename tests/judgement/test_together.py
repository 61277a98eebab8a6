"""The verdict on several processes that upgrade one database at once."""

from __future__ import annotations

import msgspec
import pytest

from harness.judgement import judge
from harness.model.departures import UpgradeTogether
from harness.model.evidence import OK, Command, Outcome
from harness.model.snapshot import Snapshot
from harness.model.steps import Watch
from harness.model.verdict import Finding, Grade
from tests.judgement.test_judge import EMPTY, REFUSED, USERS, evidence, expect, seen


def _command(outcome: Outcome) -> Command:
    plain = Command(("up",), 0, "", "", 0.1, 0.1, 1)
    return msgspec.structs.replace(plain, outcome=outcome)


def _finding(*outcomes: Outcome, found: Snapshot) -> Finding:
    commands = tuple(_command(outcome) for outcome in (REFUSED, *outcomes))
    return judge(
        evidence(
            "conflicts",
            seen(Watch("two at once")),
            seen(UpgradeTogether(processes=len(outcomes)), commands=commands),
            expect(USERS, found),
        )
    )


@pytest.mark.parametrize(
    ("outcomes", "found", "grade", "headline"),
    [
        ((OK, OK), USERS, Grade.GOOD, "2 of 2 upgraders with exit code 0"),
        ((OK, REFUSED), USERS, Grade.GOOD, "1 of 2 upgraders with exit code 0"),
        ((REFUSED, REFUSED), USERS, Grade.MIXED, "0 of 2 upgraders"),
        ((OK, OK), EMPTY, Grade.BAD, "2 of 2 upgraders with exit code 0, and the"),
        ((OK, REFUSED), EMPTY, Grade.BAD, "1 of 2 upgraders with exit code 0, and the"),
    ],
)
def test_what_counts_is_that_the_work_is_done_once(
    outcomes: tuple[Outcome, ...], found: Snapshot, grade: Grade, headline: str
) -> None:
    """To turn one away is right; a wrong database is wrong, whoever was turned away.

    What was run before the processes, to prepare, is none of them.
    """
    finding = _finding(*outcomes, found=found)

    assert grade is finding.grade
    assert finding.headline.startswith(headline)


def test_the_words_of_who_was_turned_away_are_told() -> None:
    """As reasons, beside the differences of the database."""
    finding = _finding(OK, REFUSED, found=EMPTY)

    assert any("two heads" in reason for reason in finding.reasons)
    assert any("users" in reason for reason in finding.reasons)
