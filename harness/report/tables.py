"""Tables of the report: a row for each story, a column for each candidate."""

from __future__ import annotations

import msgspec

from harness.report.columns import Column
from harness.report.where import said


class Table(msgspec.Struct, frozen=True):
    """Headings and rows of equal length."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def by_candidate(corner: str, rows: list[tuple[str, dict[Column, str]]]) -> Table:
    """Return a table whose cells name a toolchain or backend only where it differs."""
    keys = (key for _, texts in rows for key in texts)
    candidates = tuple(dict.fromkeys(key.candidate for key in keys))
    return Table(
        headings=(corner, *candidates),
        rows=tuple(
            (label, *(_of(candidate, texts) for candidate in candidates))
            for label, texts in rows
        ),
    )


def _of(candidate: str, texts: dict[Column, str]) -> str:
    return said(
        {key: text for key, text in texts.items() if key.candidate == candidate}
    )
