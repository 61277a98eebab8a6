"""What the databases of a story should hold, worked out without asking any tool."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from harness.execution.repository import Line, completed_line, schema_after
from harness.model.operations import Operation, apply_all
from harness.model.rows import Row, Rows, carry, complete
from harness.model.schema import Schema, SchemaError, Trigger
from harness.model.snapshot import Snapshot
from harness.model.steps import Migration


class DatabaseState:
    """One database: the migrations believed to be in effect, rows, and triggers."""

    def __init__(self) -> None:
        self.line: Line = ()
        self._passed: list[Line] = []
        self.rows: Rows = {}
        self.triggers: tuple[Trigger, ...] = ()
        self.plugins: tuple[str, ...] = ()
        self.last: Snapshot | None = None

    def passes(self, line: Line) -> None:
        """Note that the tool says it took the database to a line of migrations.

        What that means for the rows is worked out when somebody asks: a tree with a
        fault in it may have no schema that could be told.
        """
        self._passed.append(line)

    def advance(self, line: Line | None = None) -> None:
        """Work out the rows after all that was passed, and then `line`.

        What a tool passed although no row can be told for it (a text that is no number
        becomes one) does not count: the rows are then held against those before.
        """
        for passed in self._passed:
            with suppress(SchemaError):
                self._go(passed)
        self._passed.clear()
        if line is not None:
            self._go(line)

    def _go(self, target: Line) -> None:
        """Take the rows to a line; `SchemaError` if they cannot be told for it."""
        line = completed_line(target)
        self.rows = carry(self.rows, _difference(self.line, line))
        self.line = line

    def seed(self, table: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Add rows to a table; return them with every column filled in."""
        self.advance()
        definition = self.schema().table(table)
        full = tuple(complete(row, definition) for row in rows)
        self.rows = {**self.rows, table: (*self.rows.get(table, ()), *full)}
        return full

    def schema(self) -> Schema:
        """Return the schema that the migrations in effect lead to."""
        return schema_after(self.line)

    def after(self, operations: tuple[Operation, ...]) -> tuple[Schema, Rows]:
        """Return the schema and rows after further operations; nothing is noted."""
        schema = apply_all(operations, self.schema())
        return schema, carry(self.rows, operations)

    def standing_triggers(self, schema: Schema) -> tuple[Trigger, ...]:
        """Return the triggers whose tables the schema still has."""
        return tuple(t for t in self.triggers if schema.has(t.table))

    def expected_rows(self, schema: Schema) -> Mapping[str, tuple[Row, ...]]:
        """Return the rows of the schema's tables; `SchemaError` if they do not fit."""
        for name, rows in self.rows.items():
            columns = {c.name for c in schema.table(name).columns if not c.generated}
            if any(set(row) != columns for row in rows):
                message = f"the rows of {name} cannot be told for this line"
                raise SchemaError(message)
        return self.rows


def _difference(old: Line, new: Line) -> tuple[Operation, ...]:
    """Return the operations that undo what went away and do what came.

    A migration whose body was changed is undone as it was and done as it is.
    """
    undone = (m for m in reversed(old) if not _holds(new, m))
    done = (m for m in new if not _holds(old, m))
    return (
        *(operation for m in undone for operation in m.downgrade or ()),
        *(operation for m in done for operation in m.upgrade),
    )


def _holds(line: Line, migration: Migration) -> bool:
    return any((m.name, m.upgrade) == (migration.name, migration.upgrade) for m in line)
