"""The parts of a report as values: plain text under headings, without any markup."""

from __future__ import annotations

import msgspec

from harness.report.tables import Table


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under one heading: sentences, a table, a list of items."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    items: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether there is anything under the heading."""
        rows = self.table.rows if self.table is not None else ()
        return bool(self.sentences or self.items or rows)
