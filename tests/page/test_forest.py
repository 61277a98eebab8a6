"""The picture of ratios: where marks lie, on which side of 1, and its words."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.judgement.speed import matches
from harness.report.page import ratios_picture
from harness.report.page.forest import Forest, forest
from tests.timed import around, timed


def drawn(*ratios: float, toolchain: str = "common") -> Forest | None:
    """Return the picture of operations in which one takes so many times as long."""
    found = matches(
        timed(who, around(seconds, number), toolchain, f"speed/story_{number}")
        for number, ratio in enumerate(ratios)
        for who, seconds in (("one", ratio), ("two", 1.0))
    )
    return forest(found)


def test_a_mark_lies_on_the_side_of_who_is_faster() -> None:
    """Half is as far to the left as twice is to the right, between its bounds."""
    picture = drawn(0.5, 2.0)

    assert picture is not None
    (panel,) = picture.panels
    half, twice = (row.marks[0] for row in panel.rows)
    assert half.low <= half.ratio <= half.high < picture.same == 0.5
    assert half.ratio == pytest.approx(1 - twice.ratio, abs=0.02)
    assert {"×0.5", "×1", "×2"} <= {text for _, text in picture.ticks}


def test_the_words_say_who_was_faster() -> None:
    """A picture that nobody sees is read out."""
    picture = drawn(0.5)

    assert picture is not None
    assert "one against two on common, story 0, wall time: one faster" in picture.words


def test_nothing_is_drawn_of_what_was_not_compared() -> None:
    """One candidate alone has no ratio; nor have samples that are too few."""
    few = [timed(who, around(1.0, 1, blocks=3)) for who in ("one", "two")]

    assert forest(matches([timed("one", around(1.0, 1))])) is None
    assert forest(matches(few)) is None


def test_the_picture_is_a_file_for_light_and_dark(tmp_path: Path) -> None:
    """It is whole by itself, with a title, words, and colours for both."""
    picture = drawn(0.5, 1.0, 20.0)

    assert picture is not None
    text = ratios_picture(picture)
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "prefers-color-scheme: dark" in text
    assert "← one is faster" in text
    assert "two is faster →" in text
