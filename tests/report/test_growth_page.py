"""The page on growth, and its plots."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from harness.judgement.growth import courses
from harness.model.growth import Grown
from harness.report.growth_page import write_growth_page
from harness.report.growth_plot import plot
from tests.grown import GROWTH, curve, grown, point

LINEAR = curve("one", lambda size: 0.5 + 0.001 * size)
ENDING = curve("two", lambda size: 0.5 + 0.005 * size)


def page(directory: Path, made: Grown) -> str:
    """Write the page and return it."""
    return write_growth_page(directory, made).read_text()


def picture(made: Grown) -> str:
    """Return the plot of the only course there is."""
    (course,) = courses(made)
    return plot(course, made.limit_seconds)


def test_a_row_has_times_and_laws(tmp_path: Path) -> None:
    """At the smallest and the largest size, by both metrics, with the fixed part."""
    text = page(tmp_path, grown(*LINEAR))

    assert "| 10: 0.51 s (0.50 to 0.52) | 10,000: 10.50 s (10.39 to 10.71) |" in text
    assert 2 == text.count("| grows like n^1.0") + text.count("| grows like n^0.99 ")
    assert "0.50 s; outweighed from about 5" in text


def test_where_a_curve_ends_is_said(tmp_path: Path) -> None:
    """With the tool's limit, and apart from what there was no time for."""
    missed = point("one", 10_000, missing="no time was left for it", reached=False)

    text = page(tmp_path, grown(*LINEAR[:4], missed, *ENDING))

    place = "asking for heads, over the revisions of a line (sqlite)"
    assert f"- {place}, two (common): at 10,000, timed out: no answer." in text
    assert (
        f"- {place}, one (common): not measured at 10,000: no time was left for it."
        in text
    )


def test_what_does_not_grow_is_not_given_a_law(tmp_path: Path) -> None:
    """It is constant within noise, and by how much it rose is said."""
    text = page(tmp_path, grown(*curve("one", lambda _: 0.5)))

    assert "constant within noise: ×1.00 from the smallest size to the largest" in text
    assert "grows like n^" not in text


def test_distance_is_told_in_round_trips(tmp_path: Path) -> None:
    """What is not fixed is as much as so many of them."""
    quantity = msgspec.structs.replace(GROWTH.quantity, unit="millisecond")
    growth = msgspec.structs.replace(GROWTH, quantity=quantity)
    made = grown(*curve("one", lambda size: 0.5 + 0.002 * size))

    text = page(tmp_path, msgspec.structs.replace(made, growths=(growth,)))

    assert "0.50 s; the rest is that of 2 round trips" in text


def test_a_picture_is_the_same_each_time() -> None:
    """So that a page can be held against another."""
    assert picture(grown(*LINEAR, *ENDING)) == picture(grown(*LINEAR, *ENDING))


def test_a_picture_says_everything_in_words() -> None:
    """Names, axes with units, laws and the limit are texts in it; it has a title."""
    drawn = ET.fromstring(picture(grown(*LINEAR, *ENDING)))

    texts = " ".join(
        "".join(node.itertext()) for node in drawn.iter() if node.tag.endswith("}text")
    )
    titles = [node.text for node in drawn.iter() if node.tag.endswith("}title")]
    for said in ("one", "two", "the revisions of a line", "seconds on the clock"):
        assert said in texts
    assert "limit: 30 s" in texts
    assert "no answer in time" in texts
    assert "10,000" in texts
    assert (
        titles[0]
        == "seconds for asking for heads, over the revisions of a line (sqlite)"
    )


def test_a_picture_has_colours_for_dark_pages() -> None:
    """Every colour that is drawn has another one there, and there is no ground."""
    drawn = picture(grown(*LINEAR, *ENDING))

    dark = drawn.split("prefers-color-scheme: dark")[1].split("</style>")[0]
    used = {part[:7] for part in drawn.split("stroke: ")[1:] if part.startswith("#")}
    assert used
    assert [colour for colour in used if f"stroke: {colour}" not in dark] == []


@pytest.mark.parametrize("sizes", [0, 1, 2])
def test_few_points_are_drawn_as_they_are(sizes: int) -> None:
    """Without a law, and without anything to draw, there is a picture all the same."""
    missing = point("one", 10_000, missing="no time was left for it", reached=False)

    assert "<svg" in picture(grown(*LINEAR[:sizes], missing))
