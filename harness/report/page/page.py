"""The page as a whole: the report's values, the matrix, and the stories, in one file."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup, escape

from harness.claims import shipped
from harness.judgement.speed import matches
from harness.report.columns import family
from harness.report.landing import landing
from harness.report.page.forest import Forest, forest
from harness.report.page.matrix import matrix
from harness.report.page.packing import packed
from harness.report.page.pictures import pictures
from harness.report.page.stories import story
from harness.report.sources import Sources
from harness.report.templating import environment

NAME = "comparison.html"
_STATIC = files("harness.report.page") / "static"
_INLINE = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))")
_STYLES = ("colours.css", "page.css", "pictures.css")
_PICTURE_STYLES = ("colours.css", "pictures.css")
_SCRIPTS = ("elements", "packed", "lines", "model", "story", "table", "main")


def page(sources: Sources) -> str:
    """Return the report as one HTML file, its pictures and its evidence in it."""
    report = sources.report
    script = "\n".join(_static(f"{name}.js") for name in _SCRIPTS)
    values = msgspec.structs.asdict(report)
    values["landing"] = landing(sources.queue) if sources.queue else None
    values["histories"] = sources.histories
    values["compatibility"] = sources.matrix.split("\n\n") if sources.matrix else ()
    values["matrix"] = _json(
        matrix(report.run, sources.findings, report.toolchains, shipped.eras())
    )
    values["stories"] = tuple(_stories(sources))
    eras = shipped.eras()
    values["pictures"] = pictures(sources.findings, sources.evidence, eras)
    values["ratios"] = forest(matches(sources.evidence))
    values["style"] = Markup("\n".join(map(_static, _STYLES)))  # noqa: S704
    values["script"] = Markup(script)  # noqa: S704
    values["script_digest"] = _digest(f"\n{script}\n")
    return _environment().get_template("comparison.html.j2").render(values)


def picture(sources: Sources) -> str:
    """Return when conflicts are noticed, in the newest era, as an SVG file by itself."""
    drawn = pictures(sources.findings, sources.evidence, shipped.eras()).strips
    template = _environment().get_template("picture.svg.j2")
    style = Markup("\n".join(map(_static, _PICTURE_STYLES)))  # noqa: S704
    return template.render(strips=drawn, style=style)


def ratios_picture(drawn: Forest) -> str:
    """Return ratios of times as an SVG file by itself, for light and dark."""
    template = _environment().get_template("forest.svg.j2")
    style = Markup("\n".join(map(_static, _PICTURE_STYLES)))  # noqa: S704
    return template.render(picture=drawn, style=style)


def _stories(sources: Sources) -> Iterable[tuple[str, str]]:
    """Yield each family with its stories, packed, by their cells' names."""
    told: dict[str, list[object]] = {}
    for evidence, finding in zip(sources.evidence, sources.findings, strict=True):
        own = told.setdefault(family(evidence.cell), [])
        own.append((evidence.cell.id, story(evidence, finding)))
    return ((name, packed(own)) for name, own in told.items())


def _json(value: object) -> Markup:
    """Return a value as JSON that cannot end the element it stands in."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def _static(name: str) -> str:
    return _STATIC.joinpath(name).read_text(encoding="utf-8")


def _coded(text: str) -> Markup:
    """Return a sentence of ours, its code, its stress and its links marked up."""
    return Markup("").join(map(_piece, _INLINE.split(text)))


def _piece(text: str) -> Markup:
    match _INLINE.fullmatch(text) and text[0]:
        case "`":
            return Markup("<code>{}</code>").format(text.strip("`"))
        case "*":
            return Markup("<strong>{}</strong>").format(text.strip("*"))
        case "[":
            words, _, address = text[1:-1].partition("](")
            return Markup('<a href="{}">{}</a>').format(address, words)
        case _:
            return escape(text)


def _sentence(words: str) -> str:
    """Return words as the beginning of a sentence, names in them as they are."""
    return words[:1].upper() + words[1:]


def _digest(script: str) -> str:
    """Return what names a script in the page's content security policy."""
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _environment() -> jinja2.Environment:
    made = environment("harness.report.page", html=True)
    made.filters["coded"] = _coded
    made.filters["sentence"] = _sentence
    return made
