"""What a toolchain does to every schema by itself, and no tool is to be blamed for."""

from __future__ import annotations

import re

from msgspec.structs import replace

from harness.model.schema import Boolean, Enum, Schema
from harness.model.snapshot import ConstraintState, Snapshot, TableState

_OF_A_TYPE = re.compile(
    r"\(*[\"`]?(?P<column>\w+)[\"`]?\)? in \((?P<words>[^()]*)\)\)*", re.IGNORECASE
)
_OF_A_BOOLEAN = ("0", "1")


def allow_checked_booleans(
    expected: Snapshot, found: Snapshot, schema: Schema
) -> Snapshot:
    """Return what is expected, with the CHECKs of typed columns that were found.

    They say that a Boolean is 0 or 1, and that one of a few words is one of those.

    They are allowed and not demanded: where one is not there, nothing is lost.
    """
    there = {table.name: table for table in found.tables}
    tables = (
        replace(table, checks=(*table.checks, *_allowed(there[table.name], schema)))
        if table.name in there and schema.has(table.name)
        else table
        for table in expected.tables
    )
    return replace(expected, tables=tuple(tables))


def _allowed(found: TableState, schema: Schema) -> tuple[ConstraintState, ...]:
    allowed = {
        (column.name, _OF_A_BOOLEAN)
        for column in schema.table(found.name).columns
        if isinstance(column.type, Boolean)
    } | {
        (column.name, tuple(f"'{word}'" for word in column.type.words))
        for column in schema.table(found.name).columns
        if isinstance(column.type, Enum)
    }
    matches = ((check, _OF_A_TYPE.fullmatch(check.says)) for check in found.checks)
    return tuple(
        check
        for check, match in matches
        if match and (match["column"], tuple(_listed(match["words"]))) in allowed
    )


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]
