"""Known differences held against the findings of a run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judgement.known import differences
from harness.model.cell import Cell
from harness.model.known import KnownDifference
from harness.model.verdict import Finding, Grade
from harness.report.differences import differences_part

HERE = Cell("changes/widen", "tool-linear", "t", "sqlite")


def finding(
    grade: Grade = Grade.BAD, headline: str = "rows are gone", cell: Cell = HERE
) -> Finding:
    """Return a finding with a reason."""
    return Finding(cell=cell, grade=grade, headline=headline, reasons=("users: lost",))


def known(**fields: str | tuple[str, ...]) -> KnownDifference:
    """Return a known difference that the finding shows, apart from some fields."""
    given = {"id": "x", "reason": "!", "reference": "none", "outcome": "rows are gone"}
    values = {**given, "scenarios": ("changes/*",), **fields}
    return KnownDifference(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "entry",
    [
        known(),
        known(outcome="^users: .*lost$", scenarios=("changes/w*",)),
        known(candidates=("tool*",), backends=("sqlite",), toolchains=("t",)),
    ],
)
def test_what_is_known_is_neither_new_nor_closed(entry: KnownDifference) -> None:
    """The outcome is looked for in the verdict and in its reasons."""
    found = differences([entry], [finding()])

    assert not found.changed
    assert found.met[0].seen == (HERE,)


@pytest.mark.parametrize(
    "entry",
    [
        known(scenarios=("changes/rename",)),
        known(candidates=("other",)),
        known(backends=("mysql",)),
        known(toolchains=("newest",)),
    ],
)
def test_an_entry_for_another_place_knows_nothing_here(entry: KnownDifference) -> None:
    """And has not closed either: nobody asked it."""
    found = differences([entry], [finding()])

    assert found.met == ()
    assert [one.cell for one in found.new] == [HERE]


def test_another_outcome_is_new_and_the_known_one_closed() -> None:
    """A difference that gives way to another one must not hide it."""
    found = differences([known()], [finding(headline="it hangs")])

    assert found.met[0].closed == (HERE,)
    assert [one.cell for one in found.new] == [HERE]


def test_a_tool_that_was_mended_closes_what_was_known() -> None:
    """Even where the words of the outcome are still said."""
    found = differences([known()], [finding(Grade.GOOD)])

    assert found.changed
    assert found.met[0].closed == (HERE,)
    assert found.new == ()


@pytest.mark.parametrize("grade", [Grade.UNKNOWN, Grade.UNSUPPORTED])
def test_what_is_not_shown_says_nothing(grade: Grade) -> None:
    """It is no sign that a difference has closed."""
    assert not differences([known()], [finding(grade)]).changed


def test_only_stories_of_changes_show_new_differences() -> None:
    """In the other families a bad outcome is an answer."""
    conflict = Cell("conflicts/race", "tool", "t", "sqlite")

    assert differences([], [finding(cell=conflict)]).new == ()


def test_an_entry_for_explorations_alone_is_not_asked() -> None:
    """It has a symptom and no outcome."""
    entry = KnownDifference(id="x", reason="!", reference="none", symptom="rows")

    assert differences([entry], [finding(Grade.GOOD)]).met == ()


@given(
    grades=st.lists(st.sampled_from(Grade), max_size=6),
    entries=st.lists(st.sampled_from([known(), known(outcome="it hangs")]), max_size=2),
)
def test_every_difference_is_either_known_or_new(
    grades: list[Grade], entries: list[KnownDifference]
) -> None:
    """And nothing else is either of them."""
    findings = [
        finding(grade, cell=Cell(f"changes/s{number}", "tool", "t", "sqlite"))
        for number, grade in enumerate(grades)
    ]
    found = differences(entries, findings)
    seen = {cell for one in found.met for cell in one.seen}
    new = {one.cell for one in found.new}

    assert seen.isdisjoint(new)
    assert seen | new == {
        f.cell for f in findings if f.grade in {Grade.BAD, Grade.MIXED}
    }


def test_the_report_counts_them() -> None:
    """In one sentence, and each with its cells."""
    mended = Cell("changes/mended", "tool", "t", "sqlite")
    fresh = Cell("changes/fresh", "tool", "t", "sqlite")
    part = differences_part(
        differences(
            [
                known(scenarios=("changes/[wm]*",)),
                known(id="y", scenarios=("changes/w*",)),
            ],
            [finding(), finding(Grade.GOOD, cell=mended), finding(cell=fresh)],
        )
    )

    assert part.sentence == (
        "1 difference as known, 1 closed in 1 cell, new ones in 1 cell"
    )
    assert part.known[0].closed == ("changes/mended:tool:t:sqlite",)
    assert part.new[0].cells == ("changes/fresh:tool:t:sqlite",)
    assert part.new[0].text == "fresh: rows are gone. users: lost"
