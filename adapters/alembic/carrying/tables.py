"""Tables as a database described them, as source: columns, constraints, indexes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from adapters.alembic.carrying.naming import (
    SIMPLE,
    columns_of,
    key_parts,
    keys_in_order,
    names_given,
)
from adapters.alembic.carrying.types import type_source
from adapters.alembic.source import call, name_of, names, quoted
from harness.contract import without_parameters
from harness.model.carrying import CannotWrite
from harness.model.snapshot import ColumnState, ConstraintState, TableState, TypeState

_EXPRESSION = re.compile(r".*\(.*\).*|CURRENT_\w+|true|false|current_\w+.*")
_EITHER = re.compile(r"[+*/|']| - ")
_DIGITS = re.compile(r"-?\d+\.\d*")
_WHOLE_NUMBERS = ("integer", "bigint", "smallint", "int(", "bigint(", "smallint(")


class Tables:
    """Describes the tables of one backend as source."""

    def __init__(self, backend: str, types: tuple[TypeState, ...]) -> None:
        """Take the backend's name, and the types of words that there are."""
        self.backend = backend
        self._types = types

    def type(self, column: ColumnState) -> str:
        """Return a column's type."""
        return type_source(column.type, self.backend, self._types, column.collation)

    def column(self, column: ColumnState, *more: str) -> str:
        """Return `sa.Column(…)`."""
        arguments = [quoted(column.name), self.type(column)]
        if column.generated is not None:
            expression, _, manner = column.generated.rpartition(", ")
            stored = f"persisted={manner == 'stored'}"
            arguments.append(call("sa.Computed", [quoted(expression), stored]))
        if column.default is not None:
            default = _plain_number(column.default, column.type.lower())
            arguments.append(f"server_default={self.default(default)}")
        if column.comment is not None:
            arguments.append(f"comment={quoted(column.comment)}")
        return call("sa.Column", [*arguments, *more, f"nullable={column.nullable}"])

    def default(self, said: str) -> str:
        """Return a server default: a literal, or an expression as text.

        `CannotWrite` where the description leaves open which of them it is.
        """
        if _EITHER.search(said) and "(" not in said:
            message = f"the default {said} may be text or an expression"
            raise CannotWrite(message)
        if not _EXPRESSION.fullmatch(said):
            return quoted(said)
        wrapped = f"({said})" if self.backend == "sqlite" and "(" in said else said
        return f"sa.text({quoted(without_parameters(wrapped))})"

    def created(self, table: TableState) -> str:
        """Return `op.create_table(…)`, without indexes."""
        return call("op.create_table", self.parts(table))

    def copied(self, table: TableState) -> str:
        """Return a `sa.Table(…)` that describes a table as it is."""
        _refuse_twice(table)
        first, *rest = self.parts(table)
        indexes = [_index(index, table) for index in table.indexes]
        return call("sa.Table", [first, "sa.MetaData()", *rest, *indexes])

    def parts(self, table: TableState) -> list[str]:
        """Return the arguments that make a table: its name, columns, constraints."""
        counted = self._counted(table)
        columns = [
            self.column(c, *(counted if c.name in table.primary_key else ()))
            for c in table.columns
        ]
        arguments = [quoted(table.name), *columns, *self._constraints(table)]
        if table.autoincrement and self.backend == "sqlite":
            arguments.append("sqlite_autoincrement=True")
        if table.comment is not None:
            arguments.append(f"comment={quoted(table.comment)}")
        if table.collation is not None:
            arguments.append(f"mysql_charset={quoted(characters(table.collation))}")
            arguments.append(f"mysql_collate={quoted(table.collation)}")
        if table.engine is not None:
            arguments.append(f"mysql_engine={quoted(table.engine)}")
        return arguments

    def _counted(self, table: TableState) -> tuple[str, ...]:
        """Say whether a key counts by itself, where SQLAlchemy would not guess it."""
        if self.backend == "sqlite" or not table.primary_key:
            return ()
        guessed = _would_count(table)
        several = len(table.primary_key) > 1
        if table.autoincrement == guessed or (several and table.autoincrement):
            return ()
        return (f"autoincrement={table.autoincrement}",)

    def _constraints(self, table: TableState) -> Iterator[str]:
        if table.primary_key:
            yield call("sa.PrimaryKeyConstraint", list(map(quoted, table.primary_key)))
        given = names_given(table, self.backend)
        for unique in table.uniques:
            columns = [quoted(name) for name in columns_of(unique.says, table)]
            yield call("sa.UniqueConstraint", [*columns, *_named(unique, given)])
        for key in keys_in_order(table):
            columns, target, there, actions = key_parts(key)
            beyond = names(f"{target}.{name}" for name in there)
            said = [names(columns), beyond, *_named(key, given), *actions]
            yield call("sa.ForeignKeyConstraint", said)
        for check in table.checks:
            condition = quoted(without_parameters(check.says))
            yield call("sa.CheckConstraint", [condition, *_named(check)])


def characters(collation: str) -> str:
    """Return the character set that a collation of MySQL is for."""
    return collation.partition("_")[0]


def _plain_number(said: str, spelled: str) -> str:
    """Return a default without the zeros that a server adds to fill its digits."""
    of_digits = spelled.startswith(("decimal", "numeric")) and _DIGITS.fullmatch(said)
    return said.rstrip("0").rstrip(".") if of_digits else said


def _would_count(table: TableState) -> bool:
    """Tell whether SQLAlchemy takes a table's key for one that counts by itself."""
    if len(table.primary_key) != 1:
        return False
    (name,) = table.primary_key
    column = next(c for c in table.columns if c.name == name)
    refers = any(name in key_parts(key)[0] for key in table.foreign_keys)
    return column.type.lower().startswith(_WHOLE_NUMBERS) and not refers


def _named(constraint: ConstraintState, given: Container[str] = ()) -> list[str]:
    name = constraint.name
    return [] if name is None or name in given else [name_of(name)]


def _refuse_twice(table: TableState) -> None:
    """Refuse constraints that have a name in common: a batch keeps one of them."""
    named = [c.name for c in (*table.uniques, *table.checks) if c.name is not None]
    for name in named:
        if named.count(name) > 1:
            message = f"{table.name} has the constraint {name} twice; a batch keeps one"
            raise CannotWrite(message)


def _index(index: ConstraintState, table: TableState) -> str:
    """Return an index as a part of a table; `CannotWrite` for one that is not plain."""
    columns = map(quoted, columns_of(index.says, table))
    unique = ["unique=True"] if index.says.startswith("unique ") else []
    return call("sa.Index", [quoted(index.name or ""), *columns, *unique])


def index_created(index: ConstraintState, table: TableState, backend: str) -> str:
    """Return what creates an index: an operation, or SQL for one that is not plain."""
    if index.name is None:
        message = f"{table.name}: an index has no name"
        raise CannotWrite(message)
    simple = SIMPLE.fullmatch(index.says)
    if simple is not None:
        columns = names(columns_of(index.says, table))
        unique = ["unique=True"] if simple["unique"] else []
        place = [quoted(index.name), quoted(table.name), columns, *unique]
        return call("op.create_index", place)
    says = index.says.removeprefix("unique ")
    word = "CREATE INDEX" if says == index.says else "CREATE UNIQUE INDEX"
    using = "USING " if backend == "postgresql" and not says.startswith("(") else ""
    sql = f"{word} {index.name} ON {table.name} {using}{says}"
    return call("op.execute", [quoted(without_parameters(sql))])
