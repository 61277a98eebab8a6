"""What a toolchain does to every schema by itself, and no tool is to be blamed for."""

from __future__ import annotations

import re

from msgspec.structs import replace

from harness.model.schema import Boolean, Schema
from harness.model.snapshot import ConstraintState, Snapshot, TableState

_OF_A_BOOLEAN = re.compile(
    r"\(*[\"`]?(?P<column>\w+)[\"`]?\)? in \(0, ?1\)\)*", re.IGNORECASE
)


def allow_checked_booleans(
    expected: Snapshot, found: Snapshot, schema: Schema
) -> Snapshot:
    """Return what is expected, with the CHECKs of Boolean columns that were found.

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
    booleans = {
        column.name
        for column in schema.table(found.name).columns
        if isinstance(column.type, Boolean)
    }
    matches = ((check, _OF_A_BOOLEAN.fullmatch(check.says)) for check in found.checks)
    return tuple(c for c, match in matches if match and match["column"] in booleans)
