"""Changes of rows as people write them who do more than one UPDATE."""

# ruff: noqa: S608 - names and values come from scenarios, and the text is reviewed

from __future__ import annotations

from adapters.migrate.declaring import Imports, quoted
from harness.model.operations import Backfill, Manner
from harness.model.schema import Table

_MOST = 1000


def change_of_rows(
    operation: Backfill, existing: Table, imports: Imports
) -> tuple[str, ...]:
    """Return the lines of a backfill that is not a single UPDATE."""
    table, column, text = operation.table, operation.column, imports.use("text")
    where = f"WHERE {column} IS NULL"
    value = _in_sql(str(operation.value))
    plain = f"{text}({quoted(f'UPDATE {table} SET {column} = {value} {where}')})"
    match operation.manner:
        case Manner.BOUND:
            update = quoted(f"UPDATE {table} SET {column} = :value {where}")
            bound = repr(operation.value)
            return (f"migrate_engine.execute({text}({update}), value={bound})",)
        case Manner.COUNTED:
            return (
                f"result = migrate_engine.execute({plain})",
                f"if result.rowcount > {_MOST}:",
                '    raise RuntimeError("more rows than were planned for")',
            )
        case Manner.INSPECTED:
            inspect = imports.use("inspect")
            return (
                f"columns = {inspect}(migrate_engine).get_columns({quoted(table)})",
                f"if {quoted(column)} in [c['name'] for c in columns]:",
                f"    migrate_engine.execute({plain})",
            )
        case Manner.SESSION:
            session = imports.use("Session", "sqlalchemy.orm")
            return (
                f"session = {session}(bind=migrate_engine)",
                f"session.execute({plain})",
                "session.commit()",
            )
        case _:
            return _row_by_row(operation, existing, text)


def _row_by_row(operation: Backfill, existing: Table, text: str) -> tuple[str, ...]:
    table, column = operation.table, operation.column
    key = next(c.name for c in existing.columns if c.primary_key)
    chosen = quoted(f"SELECT {key} FROM {table} WHERE {column} IS NULL")
    update = quoted(f"UPDATE {table} SET {column} = :value WHERE {key} = :key")
    return (
        f"rows = migrate_engine.execute({text}({chosen})).fetchall()",
        "for (key,) in rows:",
        f"    update = {text}({update})",
        f"    migrate_engine.execute(update, value={operation.value!r}, key=key)",
    )


def _in_sql(value: str) -> str:
    """Return a value inside of SQL text, where a colon would begin a parameter."""
    doubled = value.replace("'", "''").replace(":", "\\:")
    return f"'{doubled}'"
