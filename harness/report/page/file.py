"""One HTML file with all that it needs in it, and a policy that lets in nothing else."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup, escape

from harness.report.templating import environment

_STATIC = files("harness.report.page") / "static"
_INLINE = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))")
_CODE = re.compile(r"(`[^`]+`)")


def html(
    template: str,
    values: Mapping[str, Any],
    styles: Iterable[str],
    scripts: Iterable[str],
) -> str:
    """Return a template's page, with styles and scripts that lie in `static`."""
    script = "\n".join(static(f"{name}.js") for name in scripts)
    rendered = (
        templates()
        .get_template(template)
        .render(
            **values,
            style=style(styles),
            script=Markup(script),  # noqa: S704
            script_digest=_digest(f"\n{script}\n"),
        )
    )
    return str(rendered)


def style(names: Iterable[str]) -> Markup:
    """Return style sheets as one."""
    return Markup("\n".join(map(static, names)))  # noqa: S704


def json_text(value: object) -> Markup:
    """Return a value as JSON that cannot end the element it stands in."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def static(name: str) -> str:
    """Return what lies in a file beside the templates."""
    return _STATIC.joinpath(name).read_text(encoding="utf-8")


def templates() -> jinja2.Environment:
    """Return what renders the templates; text is escaped unless it is marked."""
    made = environment("harness.report.page", html=True)
    made.filters["coded"] = _coded
    made.filters["quoted"] = _quoted
    made.filters["sentence"] = _sentence
    return made


def _coded(text: str) -> Markup:
    """Return a sentence of ours, its code, its stress and its links marked up."""
    return Markup("").join(map(_piece, _INLINE.split(text)))


def _quoted(text: str) -> Markup:
    """Return text that others may have had a part in, its code marked up and no more."""
    return Markup("").join(
        _piece(piece) if _CODE.fullmatch(piece) else escape(piece)
        for piece in _CODE.split(text)
    )


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
