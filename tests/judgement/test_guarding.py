"""The score of guard files: needed, false and missed conflicts."""

from __future__ import annotations

from harness.judgement.guarding import guarding
from harness.model.cell import Cell
from harness.model.evidence import Fault, OutcomeKind
from harness.model.verdict import Finding, Grade, Guarded, Notice, Stage, Watched

CONFLICT = Notice(Stage.MERGE, OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, "", 1)
CHECK = Notice(Stage.GUARD, OutcomeKind.CRASHED, Fault.GUARD_MISMATCH, "", 1)
WARNING = Notice(Stage.GUARD, OutcomeKind.WARNED, Fault.GUARD_MISMATCH, "", 1)
LOADING = Notice(Stage.LOAD, OutcomeKind.CRASHED, Fault.DUPLICATE_IDENTITY, "", 1)
WRONG, CLEAN = "two want one place", "nothing is wrong: it has landed already"


def score(fault: str, *notices: Notice) -> Guarded:
    """Return the score over one story."""
    return guarding([finding(Watched(fault, notices, (), ()))])


def finding(*watched: Watched) -> Finding:
    """Return a finding with faults."""
    cell = Cell("conflicts/story", "candidate", "toolchain", "sqlite")
    return Finding(cell=cell, grade=Grade.GOOD, headline="", watched=watched)


def test_an_objection_to_a_fault_is_needed() -> None:
    """From git, or from the guard's check."""
    for notice in (CONFLICT, CHECK):
        assert score(WRONG, notice).needed == ("conflicts/story",)


def test_an_objection_to_nothing_is_false() -> None:
    """It costs an author a round for nothing."""
    assert score(CLEAN, CONFLICT).false == ("conflicts/story",)


def test_what_only_the_tool_notices_is_missed_by_the_guard() -> None:
    """So is what is merely warned of, and what nobody notices."""
    for notices in ((LOADING,), (WARNING,), ()):
        assert score(WRONG, *notices).missed == ("conflicts/story",)


def test_silence_about_nothing_is_quiet() -> None:
    """A tool's false alarm at loading is not the guard's."""
    for notices in ((LOADING,), ()):
        assert score(CLEAN, *notices).quiet == ("conflicts/story",)


def test_a_story_counts_once() -> None:
    """Nineteen losers of one race are one story; a story without a fault is none."""
    losers = [Watched(WRONG, (CONFLICT,), (), ())] * 19
    found = guarding([finding(*losers), finding()])

    assert (1, 0, 0, 0) == tuple(
        len(stories)
        for stories in (found.needed, found.false, found.missed, found.quiet)
    )
