"""Small turns of phrase, and text made safe for markdown."""

from __future__ import annotations

import re

from harness.judgement.wording import listed
from harness.model.verdict import Grade

__all__ = ["MARKS", "anchor", "code", "listed", "seconds", "sourced", "table_cell"]

MARKS = {
    Grade.GOOD: "✔",
    Grade.MIXED: "◐",
    Grade.BAD: "✘",
    Grade.UNSUPPORTED: "–",
    Grade.UNKNOWN: "?",
}


_CODE_SPAN = re.compile(r"((?<!`)(`+)(?!`).+?(?<!`)\2(?!`))")


def table_cell(text: str) -> str:
    """Return text that stays inside one cell of a markdown table, and is no HTML."""
    text = re.sub(r"\s+", " ", text).replace("|", "\\|").strip()
    parts = _CODE_SPAN.split(text)
    # Each code span comes with its fence as a part of its own behind it.
    outside, spans = parts[0::3], [*parts[1::3], ""]
    pairs = zip(outside, spans, strict=True)
    return "".join(words.replace("<", "\\<") + span for words, span in pairs)


def code(text: str) -> str:
    """Return text as a code span, whatever backticks are in it."""
    text = re.sub(r"\s+", " ", text).strip()
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def anchor(text: str) -> str:
    """Return the name of a place in the document, fit for a link."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def seconds(value: float) -> str:
    """Return a time for a reader: two digits that mean something."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"  # noqa: PLR2004


def sourced(source: str) -> str:
    """Return where a story comes from; a number of the catalogue says that it is one."""
    return f"catalogue {source}" if _NUMBERED.match(source) else source


_NUMBERED = re.compile(r"[A-Z]\d\d\b")
