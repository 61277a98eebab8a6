"""The page as a whole: the report's values, the matrix, and the stories, in one file."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.claims import shipped
from harness.judgement.speed import matches
from harness.report.columns import family
from harness.report.landing import landing
from harness.report.page.file import html, json_text, style, templates
from harness.report.page.forest import Forest, forest
from harness.report.page.growing import growing
from harness.report.page.matrix import matrix
from harness.report.page.packing import packed
from harness.report.page.pictures import pictures
from harness.report.page.stories import story
from harness.report.sources import Sources

NAME = "comparison.html"
_STYLES = ("colours.css", "page.css", "pictures.css")
_PICTURE_STYLES = ("colours.css", "pictures.css")
_SCRIPTS = ("elements", "packed", "lines", "model", "story", "table", "main")


def page(sources: Sources) -> str:
    """Return the report as one HTML file, its pictures and its evidence in it."""
    report = sources.report
    values = msgspec.structs.asdict(report)
    values["landing"] = landing(sources.queue) if sources.queue else None
    values["histories"] = sources.histories
    values["growing"] = growing(sources.growth) if sources.growth else None
    values["compatibility"] = sources.matrix.split("\n\n") if sources.matrix else ()
    values["matrix"] = json_text(
        matrix(report.run, sources.findings, report.toolchains, shipped.eras())
    )
    values["stories"] = tuple(_stories(sources))
    eras = shipped.eras()
    values["pictures"] = pictures(sources.findings, sources.evidence, eras)
    values["ratios"] = forest(matches(sources.evidence))
    return html("comparison.html.j2", values, _STYLES, _SCRIPTS)


def picture(sources: Sources) -> str:
    """Return when conflicts are noticed, in the newest era, as an SVG file by itself."""
    drawn = pictures(sources.findings, sources.evidence, shipped.eras()).strips
    template = templates().get_template("picture.svg.j2")
    return template.render(strips=drawn, style=style(_PICTURE_STYLES))


def ratios_picture(drawn: Forest) -> str:
    """Return ratios of times as an SVG file by itself, for light and dark."""
    template = templates().get_template("forest.svg.j2")
    return template.render(picture=drawn, style=style(_PICTURE_STYLES))


def _stories(sources: Sources) -> Iterable[tuple[str, str]]:
    """Yield each family with its stories, packed, by their cells' names."""
    told: dict[str, list[object]] = {}
    for evidence, finding in zip(sources.evidence, sources.findings, strict=True):
        own = told.setdefault(family(evidence.cell), [])
        own.append((evidence.cell.id, story(evidence, finding)))
    return ((name, packed(own)) for name, own in told.items())
