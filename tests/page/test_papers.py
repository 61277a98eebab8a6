"""The pages of an assessment and of a replay: whole, safe, and usable in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from harness.model.replay import (
    Direction,
    End,
    PlannedStep,
    PlayedStep,
    Replay,
    Statement,
)
from harness.report.page.lanes import graph, newest_first
from harness.report.replaying import page as replay_page
from tests.assessment.repositories import linked, numbered, revision, run, step

from .pages import HOSTILE

IDS = st.sampled_from("abcdefgh")
HISTORIES = st.dictionaries(IDS, st.lists(IDS, max_size=3, unique=True).map(tuple))
FIRST, LEFT, RIGHT, MERGED = (
    "a1f09c3e77b2",
    "b2e8d41c0a95",
    "c3d7e52b1f86",
    "d4c6f63a2e77",
)


def parted(directory: Path) -> Path:
    """Write a history that parts and meets again, with hostile words in it."""
    scripts = {
        "a.py": revision(FIRST, None),
        "b.py": revision(LEFT, FIRST, more=f"branch_labels = ({HOSTILE!r},)"),
        "c.py": revision(RIGHT, FIRST),
        "d.py": revision(MERGED, (LEFT, RIGHT), "pass", "pass"),
        "<img src=x onerror=alert(1)>.py": "(",
    }
    linked(directory, scripts)
    return directory


def replayed(changing: str = "CREATE INDEX a ON users (id)") -> str:
    """Return the page of a replay of two steps, the second with a statement."""
    record = Replay(
        version="0",
        command=("migration-compare", "replay", HOSTILE),
        started="2026-01-01T00:00:00+00:00",
        history=HOSTILE,
        tool="tool",
        backend="sqlite",
        status="whole",
        steps=(
            PlannedStep("1", "001.py", HOSTILE),
            PlannedStep("2", "002.py", "", ("1",)),
        ),
    )
    first = PlayedStep(
        number=1,
        id="1",
        direction=Direction.UP,
        script="001.py",
        end=End.DONE,
        seconds=2,
    )
    second = PlayedStep(
        number=2,
        id="2",
        direction=Direction.UP,
        script="002.py",
        end=End.DONE,
        statements=(Statement(changing, 0.1),),
    )
    return replay_page(record, (first, second))


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Return an assessment's page as opened from the disk; what goes wrong is an error."""
    file = tmp_path / "assessment.html"
    text = run(parted(tmp_path / "project"), "--html").stdout
    file.write_text(text, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text))
    page.on("dialog", lambda asked: wrong.append(asked.message))
    page.on("request", lambda made: made.url == file.as_uri() or wrong.append(made.url))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert wrong == []


@given(HISTORIES)
def test_every_revision_has_a_row_before_its_parents(
    parents: dict[str, tuple[str, ...]],
) -> None:
    """Whatever the history, circles and missing parents too: a row each, and once."""
    order = list(newest_first(parents))

    assert sorted(order) == sorted(parents)
    assert [row.id for row in graph(parents).rows] == order


@given(st.lists(st.lists(st.integers(0, 7), max_size=3, unique=True), max_size=8))
def test_lanes_lead_from_each_revision_to_its_parents(found: list[list[int]]) -> None:
    """Where nothing goes in circles, what leaves a row arrives at the next ones."""
    parents = {
        str(n): tuple(str(p) for p in own if p < n) for n, own in enumerate(found)
    }
    awaited: dict[int, int] = {}
    for row in graph(parents).rows:
        assert set(row.above) == {n for n in awaited if n not in row.passing}
        assert set(row.passing) <= set(awaited)
        awaited = dict.fromkeys((*row.passing, *row.below), 0)
        assert bool(row.below) == bool(parents[row.id])
    assert awaited == {}


@pytest.mark.parametrize("text", [replayed(), replayed(HOSTILE)])
def test_a_replay_is_one_file_that_runs_nothing_of_what_it_shows(text: str) -> None:
    """Nothing is fetched, and hostile words stay words."""
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert "<img" not in text
    assert text.count("<script") == 1


def test_a_replay_tells_which_statement_locks_a_table() -> None:
    """A table that was there before the step, from what was really sent."""
    assert "1 of 2 steps send something to sqlite" in replayed()
    assert "0 of 2 steps" in replayed("CREATE TABLE a (id INTEGER)")


def test_a_page_of_numbers_draws_a_line(tmp_path: Path) -> None:
    """A history of numbers is one lane, whatever is missing in it."""
    numbered(tmp_path, {"001_a.py": step(), "003_c.py": step()})

    text = run(tmp_path, "--html").stdout

    assert text.count('class="lane"') == 2
    assert "after 1 comes 3" in text


def test_the_history_is_drawn_and_leads_to_its_parents(page: Page) -> None:
    """A row for each revision, the newest first; a parent is a link to its row."""
    rows = page.locator("table.lanes tbody tr")

    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text(MERGED)
    rows.first.get_by_role("link", name=LEFT).click()
    assert page.url.endswith(f"#r1-{LEFT}")


def test_findings_are_sorted_by_keyboard(page: Page) -> None:
    """A heading is a button; its order is told, and focus stays on it."""
    heading = page.get_by_role("columnheader", name="severity")
    kinds = page.locator("table.sortable").first.locator("tbody td:first-child")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    rising = kinds.all_inner_texts()
    page.keyboard.press("Enter")

    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(heading.get_by_role("button")).to_be_focused()
    assert rising[0] == "fault"
    assert kinds.all_inner_texts()[0] == "note"


def test_the_page_is_dark_in_the_dark_and_fits_a_phone(page: Page) -> None:
    """Wide tables scroll by themselves, the page never does."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 700})

    assert page.evaluate(ground) != light
    assert page.evaluate("document.documentElement.scrollWidth") == 360
