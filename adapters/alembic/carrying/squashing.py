"""One revision for many steps: all tables as they were, and the rows in them."""

from __future__ import annotations

from itertools import groupby

from adapters.alembic.carrying.operations import Chunk, chunks, in_order
from adapters.alembic.carrying.rows import bulk_insert
from adapters.alembic.source import call, quoted
from harness.model.carrying import Act, Row


def squashed(act: Act, rows: tuple[Row, ...], backend: str) -> tuple[Chunk, ...]:
    """Return what makes a database as it was; `CannotWrite` if operations cannot."""
    filled = {name: list(some) for name, some in groupby(rows, lambda row: row.table)}
    tables = [table for table in act.after.tables if table.name in filled]
    inserts = []
    for table in in_order(tables):
        values = [row.values for row in filled[table.name]]
        inserts.append(Chunk((bulk_insert(table, values, act.after, backend),)))
        if backend == "postgresql" and table.autoincrement:
            inserts.append(_counted_on(table.name, table.primary_key[0]))
    return (*chunks(act, backend), *inserts)


def _counted_on(table: str, column: str) -> Chunk:
    """Have the sequence of a key go on after the rows that came with their numbers."""
    sequence = f"pg_get_serial_sequence('{table}', '{column}')"
    sql = f'SELECT setval({sequence}, max({column})) FROM "{table}"'  # noqa: S608
    return Chunk((call("op.execute", [quoted(sql)]),))
