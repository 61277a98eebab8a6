"""Steps that put a tree or a database out of order, played with the tiny tool."""

from __future__ import annotations

import pytest

from harness.model.evidence import Status
from harness.model.steps import (
    Author,
    BranchOff,
    Current,
    Depend,
    Expect,
    Meddle,
    Naming,
    NumberByTime,
    Reidentify,
    Rename,
    Step,
    Upgrade,
    UpgradeByPrefix,
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


def test_an_upgrade_unprepared_is_an_upgrade(player: Player) -> None:
    """A tool that wants nothing done first does what it always does."""
    evidence = player.play(
        Author(CREATE), Upgrade(unprepared=True), Expect(("create_books",))
    )

    upgrade = evidence.observations[2]
    assert upgrade.outcome.kind.went_through
    assert ["books"] == [table.name for table in upgrade.after.tables]


@pytest.mark.parametrize(
    "step",
    [
        BranchOff(SHELF, after="create_books"),
        Rename("create_books", Naming.SPACES),
        Reidentify("create_books"),
        Depend("add_pages", on="create_books"),
        NumberByTime(),
        UpgradeByPrefix("create_books", 3),
    ],
    ids=lambda step: type(step).__name__,
)
def test_what_a_tool_has_no_way_for_is_unsupported(player: Player, step: Step) -> None:
    """The cell ends there, names the candidate, and counts neither way."""
    evidence = player.play(Author(CREATE), Author(PAGES), step, Upgrade())

    assert Status.UNSUPPORTED is evidence.status
    assert evidence.reason.startswith("miniature has no way to express")
    assert step == evidence.observations[-1].step
