"""Operations that leave the schema as it is: rows, and what befalls a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.model.change import Change, Scalar
from harness.model.schema import Schema, SchemaError

if TYPE_CHECKING:
    from harness.model.operations import Operation


class Happening(Change, frozen=True):
    """An operation that leaves the schema as it is, and that nothing undoes."""

    def apply(self, schema: Schema) -> Schema:
        """Return the schema as it is."""
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Nothing to undo."""
        return ()


class Print(Happening, frozen=True, tag="print"):
    """Have the migration print a line, as people do to see how far it is."""

    text: str


class KillProcess(Happening, frozen=True, tag="kill_process"):
    """Have the process that runs the migration killed at this point (SIGKILL).

    It stands for the machine that goes down, or the deployment that runs out of time.
    """


class AwaitOthers(Happening, frozen=True, tag="await_others"):
    """Wait until so many processes have come to this point, `patience` seconds at most.

    Where a tool is run once, as usual, nobody is waited for.
    """

    processes: int = 2
    patience: float = 3.0


class Insert(Happening, frozen=True, tag="insert"):
    """Put a row into a table, every column named; a second time makes it two rows."""

    table: str
    row: dict[str, Scalar]

    def apply(self, schema: Schema) -> Schema:
        """Return the schema, which rows do not change."""
        columns = {column.name for column in schema.table(self.table).columns}
        if columns != set(self.row):
            message = f"the row for {self.table} does not name all its columns"
            raise SchemaError(message)
        return schema
