"""Races of k branches: what is concluded of the losers."""

from __future__ import annotations

import msgspec

from harness.judgement.race import race
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Evidence,
    Fault,
    FileChange,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.moves import Compete
from harness.model.snapshot import Snapshot, TableState
from harness.model.steps import Expect, Guard, Land, Redo, Step, Upgrade, Watch
from harness.model.verdict import Race, Stage

CONFLICT = Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, "CONFLICT")
REFUSED = Outcome(OutcomeKind.REFUSED, Fault.SEVERAL_HEADS, "two heads")
ONE_FILE = FileChange("b.py", "M", 1, 1)
RIGHT = Snapshot()
WRONG = Snapshot((TableState("unexpected", ()),))


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def loser(
    branch: str,
    tried: Outcome = OK,
    guard: Outcome = OK,
    *changes: FileChange,
    redone: Outcome = OK,
) -> tuple[Observation, ...]:
    """Return how a branch is tried, redone and landed."""
    return (
        seen(Watch("a race")),
        seen(Land(branch, into="gate"), tried),
        seen(Guard(), guard),
        seen(Redo(branch), redone, changes=changes),
        seen(Land(branch), redone),
    )


def end(found: Snapshot = RIGHT) -> tuple[Observation, ...]:
    """Return the last look at a database."""
    step = Expect(("a",))
    looked = {"database": "app", "expected": RIGHT, "after": found}
    return seen(Upgrade(), database="app"), seen(step, **looked)


def verdict(*observations: Observation) -> Race | None:
    """Return the verdict on a race of a, b and c."""
    return race(
        Evidence(
            cell=Cell("conflicts/race", "candidate", "toolchain", "sqlite"),
            digest="d",
            status=Status.ESTABLISHED,
            mode="forked",
            observations=(seen(Compete(("a", "b", "c"))), *observations),
            seconds=1.0,
        )
    )


def test_losers_that_had_to_be_changed_are_counted() -> None:
    """A loser that could land as it was costs nothing, and does not count."""
    found = verdict(*loser("b", CONFLICT, OK, ONE_FILE), *loser("c"), *end())

    assert found is not None
    assert (3, 1, True) == (found.authors, found.changed, found.converged)
    assert [False, True] == [one.merges for one in found.losers]


def test_each_loser_has_the_stage_at_which_it_was_noticed() -> None:
    """What one loser met says nothing of the next."""
    found = verdict(
        *loser("b", CONFLICT, OK, ONE_FILE), *loser("c", OK, REFUSED, ONE_FILE), *end()
    )

    assert found is not None
    stages = [one.watched.stage for one in found.losers]
    assert [Stage.MERGE, Stage.GUARD] == stages


def test_a_loser_that_cannot_be_redone_has_no_cost() -> None:
    """It counts as changed, and what it costs stays unknown."""
    found = verdict(*loser("b", CONFLICT, redone=REFUSED), *loser("c"), *end())

    assert found is not None
    assert (None, True) == (found.losers[0].cost, found.losers[0].changed)


def test_a_wrong_database_means_that_the_race_did_not_converge() -> None:
    """All k have to be in effect, and nothing else."""
    found = verdict(*loser("b"), *loser("c"), *end(WRONG))

    assert found is not None
    assert not found.converged


def test_a_race_that_broke_off_is_none() -> None:
    """Of a race in which a branch never had its turn nothing is concluded."""
    assert verdict(*loser("b"), *end()) is None


def test_two_branches_alone_are_no_race() -> None:
    """Only a story that says who competes is one."""
    stored = Evidence(
        cell=Cell("conflicts/story", "candidate", "toolchain", "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=(*loser("b"), *end()),
        seconds=1.0,
    )

    assert race(stored) is None
