"""The pictures: what is drawn of a run, and that it can be read without seeing it."""

from __future__ import annotations

import re

import msgspec

from harness.claims import Era
from harness.model.cell import Cell
from harness.model.evidence import FileChange, Merge
from harness.model.speed import Spread, Timed
from harness.model.step import Migration
from harness.model.steps import Author, Branch, Land, ListHeads, Recipe, Redo, Watch
from harness.model.verdict import Finding, Grade
from harness.report.page import page
from harness.report.page.histories import history_of
from harness.report.page.pictures import pictures
from harness.report.page.times import times
from harness.report.sources import sources_of

from .pages import CONFLICT, a_run, cells, evidence, race, seen, sources

OLD = Era(name="then", title="back then", toolchain="old")
NEW = Era(name="now", title="today", toolchain="new")


def test_a_strip_counts_faults_by_the_stage_where_they_are_noticed() -> None:
    """One strip for each era and family; every candidate has a number at its station."""
    drawn = pictures(sources().findings, sources().evidence, (OLD, NEW))

    assert [(one.title, one.place) for one in drawn.strips[:2]] == [
        ("When are conflicts noticed?", "back then (old, sqlite)"),
        (
            "When are histories noticed that are not a clean line?",
            "back then (old, sqlite)",
        ),
    ]
    assert drawn.strips[0].words == (
        "one: 1 at git merge, 1 at never, and no harm; "
        "two: 1 at git merge, 1 at never, and no harm"
    )


def test_what_is_drawn_without_an_era_is_the_first_toolchain() -> None:
    """A run of none of the eras is drawn as well."""
    drawn = pictures(sources().findings, sources().evidence, ())

    assert drawn.strips[0].place == "new, sqlite"


def test_the_history_is_that_of_the_first_patch_that_was_redone() -> None:
    """Both files followed the same one; the loser has its new name afterwards."""
    redoing = pictures(sources().findings, sources().evidence, (NEW,)).redoing

    assert redoing is not None
    one = redoing.redone[0]
    assert (redoing.story, redoing.place) == ("a race", "today (new, sqlite)")
    assert (one.files, one.lines, one.words) == (1, 0, "1 file renamed, +0 −0 lines")
    assert (one.history.base, one.history.landed) == ("1_create.py", "2_a.py")
    assert (one.history.loser, one.history.redone) == ("2_b.py", "3_b.py")
    assert one.history.touched == ("2_b.py becomes 3_b.py, +0 −0",)


def test_a_revision_that_joins_two_is_drawn_as_that() -> None:
    """If both stay as they are, the file that joins them is named."""
    story = race(cells()[0])
    redo = seen(
        Redo("b", Recipe.RECONCILE), changes=(FileChange("v/join.py", "A", 9, 0),)
    )
    steps = tuple(redo if isinstance(o.step, Redo) else o for o in story.observations)
    history = history_of(msgspec.structs.replace(story, observations=steps))

    assert history is not None
    assert (history.redone, history.joining) == ("2_b.py", "join.py")


def test_what_is_not_simple_is_not_drawn() -> None:
    """Two that landed before, or nothing redone at all, make no picture."""
    start = (
        seen(Author(Migration("create"))),
        *(
            seen(step)
            for name in ("a", "b", "c")
            for step in (Branch(name), Author(Migration(name)))
        ),
    )
    both = (seen(Land("a")), seen(Land("b")), seen(Redo("c")))

    assert history_of(evidence(cells()[0], *start, *both)) is None
    assert history_of(evidence(cells()[0], *start)) is None


def test_a_merge_that_conflicts_moves_no_branch() -> None:
    """What git refused has not landed."""
    refused = seen(Land("b"), CONFLICT, merge=Merge("b", "main", 1, ""))
    story = race(cells()[0])
    steps = list(story.observations)
    steps.insert(6, refused)

    assert history_of(story) == history_of(evidence(cells()[0], *steps))


def timed(candidate: str, story: str, median: float, void: str = "") -> Finding:
    """Return the finding of a cell in which a command was timed."""
    spread = Spread(median, median / 2, median, median, median * 2, 0)
    return Finding(
        cell=Cell(f"speed/{story}", candidate, "new", "sqlite"),
        grade=Grade.GOOD,
        headline="timed",
        timed=Timed(5, spread, spread, 1.0, 1, void),
    )


def test_times_are_drawn_story_by_story() -> None:
    """Medians with their spread; what is void or was not timed is a gap."""
    found = [timed("one", "start", 1.0), timed("two", "start", 3.0)]
    found += [timed("one", "load", 2.0), timed("two", "load", 9.0, void="it lied")]
    drawn = times(found)

    assert drawn is not None
    assert drawn.words == (
        "start: one 1.00 s (0.50 to 2.00), two 3.00 s (1.50 to 6.00); "
        "load: one 2.00 s (1.00 to 4.00)"
    )
    assert drawn.rows[1][1][1] is None
    assert times([]) is None


def test_every_picture_has_its_words() -> None:
    """A picture is an image with a title and a description, which are not empty."""
    drawn = re.findall(r"<svg [^>]*role=\"img\".*?</svg>", page(sources()), re.DOTALL)

    assert len(drawn) >= 4
    for picture in drawn:
        labels = re.findall(r'id="([\w-]+-(?:title|words))">([^<]+)<', picture)
        named = re.search(r'aria-labelledby="([^"]+)"', picture)
        assert named is not None
        assert named[1].split() == [name for name, _ in labels]


def test_a_run_without_conflicts_has_no_pictures() -> None:
    """The section says so."""
    one = evidence(cells()[0], seen(Watch("f")), seen(ListHeads()))
    bare = evidence(cells()[0], seen(ListHeads()))
    run = msgspec.structs.replace(a_run(), cells=cells()[:1])

    assert "Nothing in this run can be drawn" in page(sources_of(run, [bare]))
    assert "Nothing in this run can be drawn" not in page(sources_of(run, [one]))
