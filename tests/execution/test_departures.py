"""Steps that depart from the line, played with the tiny tool."""

from __future__ import annotations

import pytest

from harness.judgement.agreement import agreements
from harness.judgement.cost import costs
from harness.model.departures import (
    AuthorOnLine,
    Backport,
    BranchOff,
    Depend,
    Meddle,
    Naming,
    NumberByTime,
    OwnBooks,
    PlaceOfTest,
    Reidentify,
    Rename,
    SwitchOn,
    UpgradeByPrefix,
    UpgradeLine,
    UpgradeTogether,
)
from harness.model.evidence import Evidence, OutcomeKind, Status
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Expect,
    Land,
    Redo,
    Step,
    Upgrade,
)

from .conftest import Player
from .test_story import CREATE, PAGES, SHELF


def test_bookkeeping_is_written_by_hand(player: Player) -> None:
    """The statements are the answer, and the tool believes what they wrote."""
    evidence = player.play(
        Author(CREATE),
        Author(PAGES),
        Upgrade(),
        Meddle(("create_books",)),
        Current(),
        Expect(("create_books", "add_pages")),
    )

    meddling, current = evidence.observations[4:6]
    assert ("UPDATE miniature SET number = 1;",) == meddling.answer
    assert meddling.before != meddling.after
    assert ("create_books",) == current.answer


@pytest.mark.parametrize("upgrade", [Upgrade(unprepared=True), Upgrade(as_new=True)])
def test_an_upgrade_unprepared_is_an_upgrade(player: Player, upgrade: Upgrade) -> None:
    """A tool that wants nothing done first does what it always does."""
    evidence = player.play(Author(CREATE), upgrade, Expect(("create_books",)))

    upgraded = evidence.observations[2]
    assert upgraded.outcome.kind.went_through
    assert ["books"] == [table.name for table in upgraded.after.tables]


@pytest.mark.parametrize(
    "step",
    [
        BranchOff(SHELF, after="create_books"),
        Rename("create_books", Naming.SPACES),
        Reidentify("create_books"),
        Depend("add_pages", on="create_books"),
        NumberByTime(),
        UpgradeByPrefix("create_books", 3),
        AuthorOnLine(SHELF, "expand"),
        UpgradeLine("expand"),
        OwnBooks(),
    ],
    ids=lambda step: type(step).__name__,
)
def test_what_a_tool_has_no_way_for_is_unsupported(player: Player, step: Step) -> None:
    """The cell ends there, names the candidate, and counts neither way."""
    evidence = player.play(Author(CREATE), Author(PAGES), step, Upgrade())

    assert Status.UNSUPPORTED is evidence.status
    assert evidence.reason.startswith("miniature has no way to express")
    assert step == evidence.observations[-1].step


def _on_stable(*steps: Step) -> tuple[Step, ...]:
    """Have a stable branch that lacks the two newest migrations of main."""
    return (
        Author(CREATE),
        Branch("stable"),
        Checkout("main"),
        Author(PAGES),
        Author(SHELF),
        *steps,
    )


def test_a_backport_as_it_is_leaves_a_gap(player: Player) -> None:
    """The commit alone is taken, and the tool says what is missing."""
    evidence = player.play(*_on_stable(Backport("add_shelf", "stable"), Upgrade()))

    backport, upgrade = evidence.observations[-2:]
    assert OutcomeKind.OK is backport.outcome.kind
    assert "no file of number 2" in upgrade.outcome.words


def test_a_backport_that_is_fitted_costs_what_mending_costs(player: Player) -> None:
    """It gets the branch's next place, and the oracle knows the branch's line."""
    evidence = player.play(
        *_on_stable(
            Backport("add_shelf", "stable", fitted=True),
            Upgrade(),
            Expect(("create_books", "add_shelf")),
        )
    )

    (change,) = evidence.observations[6].changes
    (cost,) = costs(evidence)
    assert ("R", "steps/002_add_shelf.json") == (change.status, change.path)
    assert ("add_shelf", 1) == (cost.branch, cost.renamed)
    assert not agreements(evidence)[0].differences


def test_several_processes_upgrade_at_once(player: Player) -> None:
    """Each is a command with an output of its own; what fails is the outcome."""
    evidence = player.play(Author(CREATE), UpgradeTogether(processes=3), Current())

    together, current = evidence.observations[2:]
    failed = [c for c in together.commands if not c.outcome.kind.went_through]
    assert 3 == len(together.commands)
    assert {"up"} == {command.argv[2] for command in together.commands}
    assert len(failed) < 3
    assert together.outcome == (failed[0].outcome if failed else together.outcome)
    assert ("create_books",) == current.answer


def test_a_plugin_is_in_the_environment_of_its_deployment(player: Player) -> None:
    """Commands on that database have it, and no others."""
    evidence = player.play(
        Author(CREATE),
        SwitchOn("ports", "one"),
        SwitchOn("routers", "one"),
        Upgrade("one"),
        Upgrade("other"),
    )

    settings = [o.commands[0].environ for o in evidence.observations[-2:]]
    assert [{"ACTIVE_PLUGINS": "ports,routers"}, {}] == settings


def _raced(player: Player, testing: PlaceOfTest) -> Evidence:
    return player.play(
        Author(CREATE),
        Branch("winner"),
        Author(PAGES, testing=testing),
        Branch("loser"),
        Author(SHELF, testing=testing),
        Land("winner"),
        Redo("loser"),
        Land("loser"),
    )


def test_a_numbered_test_is_renumbered_with_its_migration(player: Player) -> None:
    """One that stands apart is edited in two lines, those with the number."""
    redo, land = _raced(player, PlaceOfTest.APART).observations[-2:]

    (test,) = (c for c in redo.changes if c.path.startswith("tests/"))
    assert ("M", 2, 2) == (test.status, test.added, test.deleted)
    assert OutcomeKind.OK is land.outcome.kind


def test_a_numbered_test_lost_in_a_conflict_is_put_back(player: Player) -> None:
    """In a shared file git sees a conflict, and the loser's test comes in anew."""
    redo, land = _raced(player, PlaceOfTest.SHARED).observations[-2:]

    assert ["tests/test_migrations.py"] == list(redo.merge.conflicts)
    (test,) = (c for c in redo.changes if c.path.startswith("tests/"))
    assert 0 == test.deleted < test.added
    assert OutcomeKind.OK is land.outcome.kind
