"""Changes of rows as people write them who do more than one UPDATE."""

from __future__ import annotations

from textwrap import indent

from adapters.alembic.source import literal, quoted
from harness.model.operations import Backfill, Manner
from harness.model.schema import Table

_INDENT = "    "
_MOST = 1000


def change_of_rows(operation: Backfill, existing: Table) -> list[str]:
    """Return the statements of a backfill that is not a single UPDATE.

    The SQL is text, which every release of SQLAlchemy takes in the same way.
    """
    plain, bound = _update(operation, literal_value=True), _update(operation)
    value = f'{{"value": {literal(operation.value)}}}'
    match operation.manner:
        case Manner.BOUND:
            return [f"op.get_bind().execute(sa.text({quoted(bound)}), {value})"]
        case Manner.COUNTED:
            return [
                f"result = op.get_bind().execute(sa.text({quoted(plain)}))",
                f"if result.rowcount > {_MOST}:",
                indent(
                    'raise RuntimeError("more rows than were planned for")', _INDENT
                ),
            ]
        case Manner.INSPECTED:
            table = quoted(operation.table)
            return [
                f"columns = sa.inspect(op.get_bind()).get_columns({table})",
                f"if {quoted(operation.column)} in [c['name'] for c in columns]:",
                indent(f"op.execute({quoted(plain)})", _INDENT),
            ]
        case Manner.SESSION:
            return [
                "from sqlalchemy.orm import Session",
                "session = Session(bind=op.get_bind())",
                f"session.execute(sa.text({quoted(plain)}))",
                "session.commit()",
            ]
        case _:
            return _row_by_row(operation, existing)


def _row_by_row(operation: Backfill, existing: Table) -> list[str]:
    table, column = operation.table, operation.column
    key = next(c.name for c in existing.columns if c.primary_key)
    chosen = f"SELECT {key} FROM {table} WHERE {column} IS NULL"  # noqa: S608
    update = f"UPDATE {table} SET {column} = :value WHERE {key} = :key"  # noqa: S608
    values = f'{{"value": {literal(operation.value)}, "key": key}}'
    return [
        "connection = op.get_bind()",
        f"rows = connection.execute(sa.text({quoted(chosen)})).fetchall()",
        "for (key,) in rows:",
        indent(f"update = sa.text({quoted(update)})", _INDENT),
        indent(f"connection.execute(update, {values})", _INDENT),
    ]


def _update(operation: Backfill, *, literal_value: bool = False) -> str:
    column = operation.column
    value = _in_sql(str(operation.value)) if literal_value else ":value"
    table = operation.table
    return f"UPDATE {table} SET {column} = {value} WHERE {column} IS NULL"  # noqa: S608


def _in_sql(value: str) -> str:
    """Return a value inside of SQL text, where a colon would begin a parameter."""
    doubled = value.replace("'", "''").replace(":", "\\:")
    return f"'{doubled}'"
