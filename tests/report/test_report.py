"""The report: the same bytes from the same evidence, and nothing it does not carry."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.cell import Absence, Candidate, Cell
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
from harness.model.run import DatabaseRecord, Machine, Run, RunStatus, ScenarioRecord
from harness.model.scenario import Family
from harness.model.steps import (
    GenerateSql,
    Land,
    ListHeads,
    Redo,
    Resource,
    Step,
    Upgrade,
    Watch,
)
from harness.report import render, transcript
from harness.report.columns import Column
from harness.report.phrases import anchor, code, listed, table_cell
from harness.report.where import alternatives, cell_pattern, parts
from tests.timed import around, timed

CONFLICT = Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, "CONFLICT | in `a`\nb")
CRASHED = Outcome(OutcomeKind.CRASHED, Fault.UNKNOWN, "who | knows")


def cell(family: str, candidate: str = "one", toolchain: str = "t") -> Cell:
    """Return a cell of a family's only story."""
    return Cell(f"{family}/a_story", candidate, toolchain, "sqlite")


def evidence(where: Cell, *observations: Observation, **fields: object) -> Evidence:
    """Return the evidence of a cell."""
    made = Evidence(
        cell=where,
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=observations,
        seconds=2.0,
    )
    return msgspec.structs.replace(made, **fields)


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def race(where: Cell) -> Evidence:
    """Return a race that git noticed and a rename mended."""
    change = FileChange("3_b.py", "R", 0, 0, "2_b.py")
    return evidence(
        where,
        seen(Watch("race")),
        seen(Land("b", "gate"), CONFLICT),
        seen(Redo("b"), changes=(change,)),
        seen(Land("b")),
    )


def a_run(*stored: Evidence, **fields: object) -> Run:
    """Return the record of a run that gave this evidence."""
    families = dict.fromkeys(one.cell.scenario.split("/")[0] for one in stored)
    made = Run(
        version="0",
        command=("migration-compare", "run"),
        started="2026-01-01T00:00:00+00:00",
        status=RunStatus.COMPLETE,
        seed=0,
        mode="forked",
        jobs=1,
        cells=tuple(one.cell for one in stored),
        absences=(),
        scenarios=tuple(
            ScenarioRecord(f"{f}/a_story", "d", f, f"What of {f}?", "It matters.")
            for f in families
        ),
        candidates=(Candidate("one", "tool", "the | one"),),
        decisions=(),
        toolchains=(),
        machine=Machine(
            "s",
            "p",
            1,
            1,
            "3",
            "2",
            {"sqlite": DatabaseRecord("SQLite 3", "sqlite3", "built in")},
            "tmpfs",
        ),
    )
    return msgspec.structs.replace(made, **fields)


def test_the_same_evidence_gives_the_same_bytes() -> None:
    """Rendering depends on nothing but the stored evidence."""
    stored = [race(cell("conflicts")), timed("one", around(1.0, 1))]

    assert render(a_run(*stored), stored) == render(a_run(*stored), stored)


@pytest.mark.parametrize("family", list(Family))
def test_every_cell_is_named(family: Family) -> None:
    """Whatever came of a cell, the report names it, so that it can be looked up."""
    stored = [
        evidence(cell(family)),
        evidence(
            cell(family, "two"), status=Status.NOT_ESTABLISHED, reason="disk full"
        ),
        evidence(cell(family, "three"), status=Status.UNSUPPORTED, reason="no ids"),
    ]

    text = render(a_run(*stored), stored)

    named = {
        name
        for pattern in re.findall(r"evidence: `(.+)`", text)
        for name in alternatives(pattern)
    }

    assert [one.cell.id for one in stored if one.cell.id not in named] == []
    assert "disk full" in text
    assert "no ids" in text


def test_tables_stay_whole_whatever_tools_say() -> None:
    """Bars and line breaks in a tool's words do not break a table."""
    stored = [race(cell("conflicts")), race(cell("conflicts", "two"))]

    lines = render(a_run(*stored), stored).splitlines()

    tables = [line for line in lines if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in tables}) == 1


def places(*backends: str) -> list[Cell]:
    """Return cells of one candidate on two toolchains and some backends."""
    cells = [cell("conflicts", toolchain=name) for name in ("old", "new")]
    return [
        msgspec.structs.replace(one, backend=name) for one in cells for name in backends
    ]


def table_of(stored: list[Evidence]) -> str:
    """Return the only row of the first table."""
    lines = render(a_run(*stored), stored).splitlines()
    return next(line for line in lines if line.startswith("| [a story"))


def test_what_holds_everywhere_is_said_once() -> None:
    """A cell of the table names no toolchain and no backend if all say the same."""
    row = table_of([race(one) for one in places("sqlite", "mysql")])

    assert row.count("noticed at: git merge") == 1
    assert not re.search("old|new|sqlite|mysql", row)


def test_an_exception_names_where_it_holds() -> None:
    """Where one backend differs, that backend is named and no toolchain."""
    stored = [
        evidence(one) if one.backend == "mysql" else race(one)
        for one in places("sqlite", "postgresql", "mysql")
    ]

    assert "; mysql: " in table_of(stored)
    assert "old" not in table_of(stored)


def test_what_depends_on_the_database_has_a_section() -> None:
    """Verdicts that differ between databases are listed with the cells they rest on."""
    stored = [race(one) for one in places("sqlite")]
    differing = [evidence(one) for one in places("mysql")]

    text = render(a_run(*stored, *differing), [*stored, *differing])
    alike = render(a_run(*stored), stored)

    part = text.split("## What depends on the database")[1].split("##")[0]
    assert "sqlite: ✔ noticed at: git merge" in part
    assert "conflicts/a_story:one:{old,new}:{sqlite,mysql}" in part
    assert "## What depends on the database" not in alike


COLUMNS = [Column("one", t, b) for t in "xyz" for b in "abc"]


@given(st.data())
def test_parts_cover_what_they_are_to_and_nothing_else(data: st.DataObject) -> None:
    """Whatever was run and wherever something holds, the words say exactly that."""
    everywhere = data.draw(st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True))
    some = data.draw(st.lists(st.sampled_from(everywhere), min_size=1, unique=True))

    said = parts(some, everywhere)

    assert {k for k in everywhere if any(p.covers(k) for p in said)} == set(some)


@given(st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True))
def test_a_pattern_stands_for_its_cells(some: list[Column]) -> None:
    """The names in braces expand to the cells that were meant, each once."""
    names = [n for p in cell_pattern("a/b", some) for n in alternatives(p)]

    assert sorted(names) == sorted(f"a/b:one:{k.toolchain}:{k.backend}" for k in some)


def test_links_of_the_report_lead_somewhere() -> None:
    """Every link to a place in the report has that place."""
    stored = [race(one) for one in places("sqlite", "mysql")]
    text = render(a_run(*stored), stored)

    headings = {anchor(line) for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    there = headings | set(re.findall(r'<a id="([^"]+)"', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - there == set()


def test_costs_and_stages_reach_the_first_screen() -> None:
    """The first screen says when it is noticed and what mending takes."""
    stored = [race(cell("conflicts"))]

    text = render(a_run(*stored), stored)
    first, rest = text.split("## Contents")

    assert "| a story: noticed at | git merge |" in first
    assert "| conflicts stopped before a database is changed | 1 of 1 |" in first
    assert "1 file renamed, +0 −0 lines" in first
    assert "1 of 1 conflict stopped before a database is changed (git merge 1)" in rest


def test_a_need_is_claimed_only_if_it_works_with_it() -> None:
    """What fails with everything there is not said to need what was taken away."""
    without = (Resource.NETWORK,)
    needing = evidence(
        cell("offline"), seen(GenerateSql()), seen(GenerateSql(without), CRASHED)
    )
    failing = evidence(
        cell("offline"),
        seen(GenerateSql(), CRASHED),
        seen(GenerateSql(without), CRASHED),
    )

    assert "needs the network" in render(a_run(needing), [needing])
    text = render(a_run(failing), [failing])
    assert "needs the network" not in text
    assert "fails with nothing missing" in text


def test_freedom_from_need_is_claimed_only_of_what_was_tried() -> None:
    """What was never tried without a database is not said to need none."""
    network, database = (Resource.NETWORK,), (Resource.DATABASE,)
    both = (Resource.DATABASE, Resource.CONFIGURATION)
    stored = evidence(
        cell("offline"),
        seen(ListHeads(network)),
        seen(ListHeads(both)),
        seen(Upgrade(without=network)),
    )

    page = render(a_run(stored), [stored])

    assert "needs none of the three: to list the heads" in page
    words = "to upgrade a database was tried without the network only, and works"
    assert words in page
    never = evidence(cell("offline"), seen(GenerateSql(database)))
    assert "of the three" not in render(a_run(never), [never])


def test_what_is_carried_on_is_not_counted_as_rejected() -> None:
    """A tolerable fault that did no harm is good, and was rejected by nobody."""
    stored = evidence(
        cell("linearity"), seen(Watch("f", tolerable=True)), seen(ListHeads())
    )

    page = render(a_run(stored), [stored])

    assert "0 of 1 fault rejected before any change" in page
    assert "carried on, and rightly: a story" in page


def test_who_is_slower_is_told_with_the_bounds() -> None:
    """The section on times has the verdict, the ratio and what counts as different."""
    stored = [timed("one", around(1.0, 1)), timed("two", around(1.5, 2))]

    text = render(a_run(*stored), stored)

    assert "| start | one against two | common | faster: ×0.6" in text
    assert "came out as different in 0 of 2 controls" in text
    assert "- Of 10 s from first blocks to last ones, 5.0 % went by" in text
    assert "- All were alike." in text


def test_words_that_no_rule_reads_are_listed() -> None:
    """An unknown fault is a surprise, with the tool's words."""
    stored = [
        evidence(cell("linearity"), seen(Watch("f")), seen(ListHeads(), CRASHED)),
    ]

    surprises = render(a_run(*stored), stored).split("## Surprises")[1]

    assert "no rule reads `who \\| knows`" in surprises


def test_what_is_absent_is_told_with_its_remedy() -> None:
    """A toolchain that is not there appears under what is not shown."""
    stored = [race(cell("conflicts"))]
    run = a_run(*stored, absences=(Absence("one on new", "it is old", "wait"),))

    shown = render(run, stored).split("## Not shown")[1]

    assert "one on new is not available, because it is old. wait" in shown


def test_an_interrupted_run_says_so_at_the_top() -> None:
    """A part of a run does not pass for the whole."""
    stored = [race(cell("conflicts"))]
    run = a_run(*stored, status=RunStatus.INTERRUPTED)

    assert "**interrupted, so parts are missing**" in render(run, stored)[:400]


def test_a_transcript_shows_steps_words_and_changes() -> None:
    """A cell can be read from its first step to its last."""
    text = transcript(race(cell("conflicts")))

    assert "[1] Land b gate: conflict" in text
    assert "R 3_b.py (was 2_b.py) +0 −0" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name <branchname>@head", "name \\<branchname>@head"),
        ("`<b>` and <b>", "`<b>` and \\<b>"),
        ("`` a`<b> `` <i>", "`` a`<b> `` \\<i>"),
        ("a lone ` and <b>", "a lone ` and \\<b>"),
    ],
)
def test_words_of_a_tool_are_no_html(text: str, expected: str) -> None:
    """An angle bracket is shown as it is, in a code span without a backslash."""
    assert table_cell(text) == expected


@given(st.text())
def test_table_cells_have_no_bare_bar_and_no_line_break(text: str) -> None:
    """Any text fits into one cell of a table."""
    cell_text = table_cell(text)

    assert not re.search(r"(?<!\\)\|", cell_text)
    assert len(cell_text.splitlines()) <= 1


@given(st.text())
def test_code_spans_end_where_they_should(text: str) -> None:
    """The fence of a code span is longer than any run of backticks in it."""
    span = code(text)
    fence = re.match(r"`+", span)

    assert fence is not None
    inner = span[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall(r"`+", inner)


def test_lists_read_as_sentences() -> None:
    """No item, one, two and three."""
    items = ["a", "b", "c"]

    assert ["nothing", "a", "a and b", "a, b and c"] == [
        listed(items[:number]) for number in range(4)
    ]
