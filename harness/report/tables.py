"""Tables of the report, in which columns that say the same become one."""

from __future__ import annotations

import msgspec

from harness.report.columns import Column, joint_title


class Table(msgspec.Struct, frozen=True):
    """Headings and rows of equal length."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def joint(corner: str, rows: list[tuple[str, dict[Column, str]]]) -> Table:
    """Return a table; a candidate's columns are one where all their rows agree."""
    alike: dict[tuple[str, tuple[str, ...]], list[Column]] = {}
    for key in rows[0][1]:
        texts = tuple(row[key] for _, row in rows)
        alike.setdefault((key.candidate, texts), []).append(key)
    return Table(
        headings=(corner, *map(joint_title, alike.values())),
        rows=tuple(
            (label, *(row[group[0]] for group in alike.values())) for label, row in rows
        ),
    )
