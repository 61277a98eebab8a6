"""The section, the page and the pictures on what costs what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from harness.model.anatomy import Anatomy, Dissected, Kind, Phase, Rewritten, Work
from harness.model.evidence import Evidence
from harness.report.anatomy import AnatomyPart, anatomy_part
from harness.report.anatomy_page import write_anatomy
from harness.report.bars import picture
from harness.report.document import environment
from tests.timed import samples, timed

WORK = Work(
    statements={Kind.SCHEMA: 1, Kind.BOOKKEEPING: 3, Kind.QUESTION: 0},
    connections=1,
    round_trips=5,
    bytes_sent=100,
    bytes_received=200,
    rewritten=Rewritten(4096, 2, 1, 7),
)


def repetition(seconds: float, **phases: float) -> Dissected:
    """Return what was found once; phases by their short names."""
    found = {Phase[name.upper()]: value for name, value in phases.items()}
    return Dissected(seconds, {**dict.fromkeys(Phase, 0.0), **found}, 0.004)


TWICE = (
    repetition(0.5, imports=0.3, ddl=0.2),
    repetition(0.7, imports=0.4, ddl=0.3),
)


def evidence(candidate: str, anatomy: Anatomy | None) -> Evidence:
    """Return the evidence of a cell that was dissected."""
    found = timed(candidate, samples([(1.0, 1.0)]))
    (observation,) = found.observations
    made = msgspec.structs.replace(observation, anatomy=anatomy)
    return msgspec.structs.replace(found, observations=(made,))


def part(*found: Evidence) -> AnatomyPart:
    """Return the section."""
    made = anatomy_part(found)
    assert made is not None
    return made


def row(made: AnatomyPart, heading: str) -> tuple[str, ...]:
    """Return a row of the first scene's table."""
    rows = made.scenes[0].table.rows
    return next(texts[1:] for texts in rows if texts[0] == heading)


def test_times_are_medians_with_their_ends() -> None:
    """In milliseconds; a phase that nobody has is left out."""
    made = part(
        evidence("one", Anatomy(TWICE, WORK)), evidence("two", Anatomy(TWICE[:1]))
    )

    assert row(made, "all, ms") == ("600 (500 to 700)", "500")
    assert row(made, "imports, ms") == ("350 (300 to 400)", "300")
    assert "planning, ms" not in [texts[0] for texts in made.scenes[0].table.rows]


def test_counts_stand_beside_the_times() -> None:
    """What is not known is called so; an embedded database has no round trips."""
    made = part(evidence("one", Anatomy(TWICE, WORK)), evidence("two", Anatomy(TWICE)))

    assert row(made, "statements") == ("4: 1 schema and 3 bookkeeping", "not known")
    assert row(made, "round trips to a server") == ("5", "none")
    assert row(made, "pages written anew") == (
        "2 and 1 new, of 4096 bytes",
        "not known",
    )
    assert row(made, "rows written anew") == ("7", "not known")


def test_what_is_missing_has_its_reason() -> None:
    """Somebody who could not be dissected is named, with the tool's words."""
    made = part(
        evidence("one", Anatomy(void="it broke")),
        evidence(
            "two", Anatomy(TWICE, unknown=("tool:gone",), reasons=("it is dark",))
        ),
    )

    assert made.scenes[0].notes == (
        "one (common): void, because it broke.",
        "two (common): there is no `tool:gone`; what it would take is in other phases.",
        "two (common): it is dark.",
        "2 repetitions.",
    )
    assert [subject.name for subject in made.scenes[0].subjects] == ["two (common)"]


def test_where_nothing_was_dissected_there_is_no_section() -> None:
    """A run of before the anatomy has none."""
    assert anatomy_part([evidence("one", None)]) is None


def test_the_summary_has_everybody_once_a_scene() -> None:
    """Its groups of phases add up to the whole, but for medians and the probe."""
    made = part(evidence("one", Anatomy(TWICE, WORK)), evidence("two", Anatomy(TWICE)))

    assert [texts[:3] for texts in made.summary.rows] == [
        ("start (sqlite)", "one (common)", "600"),
        ("start (sqlite)", "two (common)", "600"),
    ]
    assert made.summary.rows[0][-2:] == ("4", "5")


def test_the_page_lies_beside_its_pictures_and_data(tmp_path: Path) -> None:
    """Every picture that the page shows is there, and the data can be read."""
    page = write_anatomy(tmp_path, [evidence("one", Anatomy(TWICE, WORK))])

    assert page is not None
    text = page.read_text()
    shown = re.findall(r"\]\((.*?\.svg)\)", text)
    assert shown == ["anatomy-start-sqlite.svg"]
    assert (tmp_path / shown[0]).exists()
    (scene,) = json.loads((tmp_path / "anatomy.json").read_bytes())
    assert scene["candidates"]["one (common)"]["work"]["round_trips"] == 5
    assert text.count("\n# ") + text.startswith("# ") == 1


def test_a_picture_is_drawn_to_scale() -> None:
    """Bars begin at 0, parts follow one another, and the axis has its unit."""
    made = part(
        evidence("a<b", Anatomy(TWICE, WORK)), evidence("two", Anatomy(TWICE[:1]))
    )
    drawn = picture(made.scenes[0])
    text = environment().get_template("bars.svg.j2").render(picture=drawn)

    first, second = drawn.bars
    widths = [segment.width for segment in first.segments]
    assert widths == pytest.approx([350 * 640 / 600, 250 * 640 / 600])
    assert first.segments[1].x == pytest.approx(first.segments[0].x + widths[0])
    assert second.segments[0].width / widths[0] == pytest.approx(300 / 350)
    assert [words for _, words in drawn.ticks] == [
        "0", "100", "200", "300", "400", "500", "600",
    ]  # fmt: skip
    assert "milliseconds" in text
    assert "prefers-color-scheme: dark" in text
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "a&lt;b (common)" in text


def test_every_part_that_is_wide_enough_has_its_number() -> None:
    """Colours alone tell nothing: the legend and the parts share numbers."""
    made = part(evidence("one", Anatomy(TWICE, WORK)))
    drawn = picture(made.scenes[0])

    assert [segment.numbered for segment in drawn.bars[0].segments] == [True, True]
    assert [(entry.number, entry.phase) for entry in drawn.legend] == [
        (1, "imports"),
        (2, "DDL"),
    ]
