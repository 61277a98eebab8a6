"""A database schema in neutral terms: what a change starts from and leads to."""

from __future__ import annotations

import re
from typing import Any, Protocol, TypeVar

import msgspec


class Integer(msgspec.Struct, frozen=True, omit_defaults=True, tag="integer"):
    """A whole number."""


class BigInteger(msgspec.Struct, frozen=True, omit_defaults=True, tag="big_integer"):
    """A whole number of 64 bits."""


class String(msgspec.Struct, frozen=True, omit_defaults=True, tag="string"):
    """Text of at most `length` characters, ordered by `collation` if one is named."""

    length: int
    collation: str | None = None


class Text(msgspec.Struct, frozen=True, omit_defaults=True, tag="text"):
    """Text of any length."""


class Boolean(msgspec.Struct, frozen=True, omit_defaults=True, tag="boolean"):
    """True or false."""


class DateTime(msgspec.Struct, frozen=True, omit_defaults=True, tag="datetime"):
    """A date and time of day without a zone."""


class Numeric(msgspec.Struct, frozen=True, omit_defaults=True, tag="numeric"):
    """A decimal number of `precision` digits, `scale` of them after the point."""

    precision: int
    scale: int


class Enum(msgspec.Struct, frozen=True, omit_defaults=True, tag="enum"):
    """One of a few words.

    On PostgreSQL that is a type of its own, which has this name and stands beside the
    tables; elsewhere it is said in the column.
    """

    name: str
    words: tuple[str, ...]


ColumnType = Integer | BigInteger | String | Text | Boolean | DateTime | Numeric | Enum


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column; `default` is the server default as a literal, unquoted value.

    `generated` is an expression in plain SQL: the database works the value out from
    other columns of the row and stores it. `comment` says what the column is for, to
    people; SQLite has no comments.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    default: str | None = None
    primary_key: bool = False
    generated: str | None = None
    comment: str | None = None


class Unique(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named unique constraint."""

    name: str
    columns: tuple[str, ...]


class Index(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named index."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False


class ForeignKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named foreign key to `columns_there` of the table `target`."""

    name: str
    columns: tuple[str, ...]
    target: str
    columns_there: tuple[str, ...]
    on_delete: str | None = None


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """A check constraint, its condition in plain SQL; one without a name has ""."""

    name: str
    condition: str


class Trigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """A trigger that somebody put on a table by hand, as a statement per backend."""

    name: str
    table: str
    statements: dict[str, str]


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table with everything that hangs on it."""

    name: str
    columns: tuple[Column, ...]
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    autoincrement: bool = False
    comment: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; `SchemaError` if there is none."""
        return _named(self.columns, name, f"table {self.name} has no column")

    def lacking_column(self, name: str) -> None:
        """Make sure that there is no column of that name; `SchemaError` if there is."""
        if any(column.name == name for column in self.columns):
            message = f"table {self.name} already has a column {name}"
            raise SchemaError(message)

    def with_changes(self, **changes: Any) -> Table:  # noqa: ANN401
        """Return this table with some of its fields replaced."""
        return msgspec.structs.replace(self, **changes)

    def renaming_column(self, old: str, new: str) -> Table:
        """Return this table with a column renamed wherever it is mentioned."""
        self.column(old)
        self.lacking_column(new)

        def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new if name == old else name for name in names)

        replace = msgspec.structs.replace
        return self.with_changes(
            columns=tuple(_with_column(c, old, new) for c in self.columns),
            uniques=tuple(replace(u, columns=renamed(u.columns)) for u in self.uniques),
            indexes=tuple(replace(i, columns=renamed(i.columns)) for i in self.indexes),
            foreign_keys=tuple(
                replace(f, columns=renamed(f.columns)) for f in self.foreign_keys
            ),
            checks=tuple(
                replace(c, condition=_rename_word(c.condition, old, new))
                for c in self.checks
            ),
        )

    def without_column(self, name: str) -> Table:
        """Return this table without a column and without whatever stood on it."""
        self.column(name)
        return self.with_changes(
            columns=tuple(c for c in self.columns if c.name != name),
            uniques=tuple(u for u in self.uniques if name not in u.columns),
            indexes=tuple(i for i in self.indexes if name not in i.columns),
            foreign_keys=tuple(f for f in self.foreign_keys if name not in f.columns),
            checks=tuple(c for c in self.checks if not mentions(c.condition, name)),
        )


class Schema(msgspec.Struct, frozen=True, omit_defaults=True):
    """A set of tables, in the order in which they were created."""

    tables: tuple[Table, ...] = ()

    def table(self, name: str) -> Table:
        """Return the table of that name; `SchemaError` if there is none."""
        return _named(self.tables, name, "there is no table")

    def has(self, name: str) -> bool:
        """Tell whether there is a table of that name."""
        return any(table.name == name for table in self.tables)

    def adding(self, table: Table) -> Schema:
        """Return this schema with one more table."""
        if self.has(table.name):
            message = f"there is already a table {table.name}"
            raise SchemaError(message)
        return Schema((*self.tables, table))

    def removing(self, name: str) -> Schema:
        """Return this schema without a table."""
        self.table(name)
        return Schema(tuple(t for t in self.tables if t.name != name))

    def replacing(self, name: str, table: Table) -> Schema:
        """Return this schema with the table `name` replaced."""
        self.table(name)
        return Schema(tuple(table if t.name == name else t for t in self.tables))

    def validated(self) -> Schema:
        """Return this schema; `SchemaError` if its parts do not fit one another."""
        for table in self.tables:
            _validate(table)
            for key in table.foreign_keys:
                target = self.table(key.target)
                for name in key.columns_there:
                    target.column(name)
        return self

    def canonical(self) -> Schema:
        """Return the same schema in an order that does not depend on its past."""
        return Schema(
            tuple(sorted(map(_sorted_table, self.tables), key=lambda t: t.name))
        )


class SchemaError(ValueError):
    """An operation does not fit the schema it is applied to."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)
_PARTS = ("columns", "uniques", "indexes", "foreign_keys", "checks")


def _named(items: tuple[_Item, ...], name: str, complaint: str) -> _Item:
    for item in items:
        if item.name == name:
            return item
    message = f"{complaint} {name}"
    raise SchemaError(message)


def _sorted_table(table: Table) -> Table:
    return table.with_changes(
        **{
            field: tuple(sorted(getattr(table, field), key=lambda item: item.name))
            for field in _PARTS
        }
    )


def _validate(table: Table) -> None:
    if not table.columns:
        message = f"table {table.name} has no columns"
        raise SchemaError(message)
    for field in _PARTS:
        names = [item.name for item in getattr(table, field) if item.name]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            message = f"table {table.name} has two {field} named {twice}"
            raise SchemaError(message)
    constraints: tuple[Unique | Index | ForeignKey, ...]
    constraints = (*table.uniques, *table.indexes, *table.foreign_keys)
    for constraint in constraints:
        for name in constraint.columns:
            table.column(name)


def _with_column(column: Column, old: str, new: str) -> Column:
    """Return a column after one of its table's, perhaps itself, got another name."""
    name = new if column.name == old else column.name
    generated = column.generated and _rename_word(column.generated, old, new)
    return msgspec.structs.replace(column, name=name, generated=generated)


def _words(condition: str) -> list[str]:
    """Split a condition into words and what is between them; a literal is no word."""
    return re.findall(r"'[^']*'|\w+|[^\w']+|'", condition)


def mentions(condition: str, name: str) -> bool:
    """Tell whether a condition in SQL speaks of a column."""
    return name in _words(condition)


def _rename_word(condition: str, old: str, new: str) -> str:
    return "".join(new if word == old else word for word in _words(condition))
