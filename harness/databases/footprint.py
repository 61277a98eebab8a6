"""The pages of a database, before and after: what was written anew."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from harness.model.anatomy import Rewritten

_HEADER = 100
_LARGEST_PAGE = 65536
_RELATIONS = """
SELECT c.oid::regclass::text, c.relkind::text, pg_relation_filenode(c.oid)::bigint,
       pg_relation_size(c.oid) / current_setting('block_size')::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'i', 'm') AND n.nspname NOT LIKE 'pg\\_%'
  AND n.nspname <> 'information_schema'
"""


class Part(msgspec.Struct, frozen=True):
    """A table, an index, or a page: `content` changes if it is written anew."""

    content: str
    pages: int
    rows: int = 0


class Footprint(msgspec.Struct, frozen=True):
    """All parts of a database by name."""

    page_bytes: int
    parts: dict[str, Part]


def rewritten(before: Footprint, after: Footprint) -> Rewritten:
    """Return what is different afterwards: of what was there, and what came to it."""
    known = before.parts
    changed = [
        part
        for name, part in after.parts.items()
        if name in known and known[name].content != part.content
    ]
    grown = (
        part.pages - known[name].pages
        for name, part in after.parts.items()
        if name in known and known[name].content == part.content
    )
    added = sum(part.pages for name, part in after.parts.items() if name not in known)
    return Rewritten(
        page_bytes=after.page_bytes or before.page_bytes,
        pages=sum(part.pages for part in changed),
        added=added + sum(more for more in grown if more > 0),
        rows=sum(part.rows for part in changed),
    )


def of_sqlite(path: Path) -> Footprint:
    """Return the pages of a database's file, by their numbers.

    The size of a page stands at offset 16 of the header, where 1 is 65536 (SQLite file
    format, 1.3.2). An empty file has none.
    """
    content = path.read_bytes()
    if len(content) < _HEADER:
        return Footprint(0, {})
    size = int.from_bytes(content[16:18], "big")
    size = _LARGEST_PAGE if size == 1 else size
    return Footprint(
        size,
        {
            str(number): Part(
                hashlib.sha256(content[start : start + size]).hexdigest(), 1
            )
            for number, start in enumerate(range(0, len(content), size))
        },
    )


def of_postgresql(cursor: Any) -> Footprint:  # noqa: ANN401
    """Return the tables and indexes of a database: a file each, by its number.

    An ALTER TABLE that rewrites a table puts it, and its indexes, into new files.
    """
    cursor.execute("SELECT current_setting('block_size')::int")
    (size,) = cursor.fetchone()
    cursor.execute(_RELATIONS)
    parts = {}
    for name, kind, file, pages in cursor.fetchall():
        rows = 0
        if kind == "r":
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
            (rows,) = cursor.fetchone()
        parts[name] = Part(str(file), int(pages), int(rows))
    return Footprint(size, parts)
