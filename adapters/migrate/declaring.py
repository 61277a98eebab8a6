"""Python source that declares types, columns and tables with SQLAlchemy."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable

from harness.contract import without_parameters
from harness.model.schema import (
    BigInteger,
    Boolean,
    Check,
    Column,
    ColumnType,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Unique,
)

WIDTH = 88
_TAKEN = {"constraint", "meta", "metadata", "migrate_engine", "upgrade", "downgrade"}


class Imports:
    """The names that a file needs, by module."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def use(self, name: str, module: str = "sqlalchemy") -> str:
        """Remember that the file needs a name, and return the name."""
        self._names.setdefault(module, set()).add(name)
        return name

    def lines(self) -> list[str]:
        """Return the import statements, sorted."""
        return [
            _import_statement(module, sorted(names))
            for module, names in sorted(self._names.items())
        ]


def quoted(text: str) -> str:
    """Return a string literal; letters stand for themselves, whatever their script."""
    return json.dumps(text, ensure_ascii=False)


def call(
    head: str, arguments: Iterable[str], *, then: str = "", width: int = WIDTH
) -> str:
    """Return a call, broken over lines where it is wider than `width`.

    `then` is what follows the closing bracket.
    """
    arguments = list(arguments)
    joined = ", ".join(arguments)
    line = f"{head}({joined}){then}"
    if len(line) <= width:
        return line
    if len(joined) + 4 <= width:
        return f"{head}(\n    {joined}\n){then}"
    rows = "".join(f"    {argument},\n" for argument in arguments)
    return f"{head}(\n{rows}){then}"


def variable(table: str) -> str:
    """Return a name for the variable that holds a table."""
    usable = table.isidentifier() and not keyword.iskeyword(table)
    return table if usable and table not in _TAKEN else f"{table}_table"


def type_source(column_type: ColumnType, imports: Imports) -> str:
    """Return the source of a column's type."""
    name = imports.use(type(column_type).__name__)
    match column_type:
        case String(length=length, collation=None):
            return f"{name}({length})"
        case String(length=length, collation=str(collation)):
            return f"{name}({length}, collation={quoted(collation)})"
        case Numeric(precision=precision, scale=scale):
            return f"{name}({precision}, {scale})"
        case Enum(name=own, words=words):
            return call(name, [*map(quoted, words), f"name={quoted(own)}"])
        case Integer() | BigInteger() | Text() | Boolean() | DateTime() | _:
            return name


def column_source(column: Column, imports: Imports) -> str:
    """Return the source of a column."""
    arguments = [quoted(column.name), type_source(column.type, imports)]
    if column.generated is not None:
        computed = imports.use("Computed")
        arguments.append(f"{computed}({quoted(column.generated)}, persisted=True)")
    if column.primary_key:
        arguments.append("primary_key=True")
    if not column.nullable:
        arguments.append("nullable=False")
    if column.default is not None:
        arguments.append(f"server_default={quoted(column.default)}")
    if column.comment is not None:
        arguments.append(f"comment={quoted(column.comment)}")
    return f"{imports.use('Column')}({', '.join(arguments)})"


def table_source(
    table: Table, metadata: str, imports: Imports, *, width: int = WIDTH
) -> str:
    """Return the source of a table with all that hangs on it."""
    arguments = [
        quoted(table.name),
        metadata,
        *(column_source(column, imports) for column in table.columns),
        *(_unique_source(unique, imports) for unique in table.uniques),
        *(_foreign_key_source(key, imports) for key in table.foreign_keys),
        *(_check_source(check, imports) for check in table.checks),
        *(_index_source(index, imports) for index in table.indexes),
        *(["sqlite_autoincrement=True"] if table.autoincrement else []),
        *([f"comment={quoted(table.comment)}"] if table.comment is not None else []),
    ]
    return call(imports.use("Table"), arguments, width=width)


def models_source(tables: Iterable[Table]) -> str:
    """Return a module that declares tables in a variable `metadata`."""
    imports = Imports()
    imports.use("MetaData")
    declared = [
        f"{variable(table.name)} = {table_source(table, 'metadata', imports)}"
        for table in tables
    ]
    parts = ["\n".join(imports.lines()), "metadata = MetaData()", *declared]
    return "\n\n".join(parts) + "\n"


def _names_source(names: Iterable[str]) -> str:
    """Return a list of names."""
    return f"[{', '.join(map(quoted, names))}]"


def _import_statement(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    return (
        line if len(line) <= WIDTH else call(f"from {module} import ", names, width=0)
    )


def _unique_source(unique: Unique, imports: Imports) -> str:
    columns = ", ".join(map(quoted, unique.columns))
    constraint = imports.use("UniqueConstraint")
    return f"{constraint}({columns}, name={quoted(unique.name)})"


def _foreign_key_source(key: ForeignKey, imports: Imports) -> str:
    arguments = [
        _names_source(key.columns),
        _names_source(f"{key.target}.{name}" for name in key.columns_there),
        f"name={quoted(key.name)}",
    ]
    if key.on_delete is not None:
        arguments.append(f"ondelete={quoted(key.on_delete)}")
    return f"{imports.use('ForeignKeyConstraint')}({', '.join(arguments)})"


def _check_source(check: Check, imports: Imports) -> str:
    constraint = imports.use("CheckConstraint")
    name = f", name={quoted(check.name)}" if check.name else ""
    return f"{constraint}({quoted(without_parameters(check.condition))}{name})"


def _index_source(index: Index, imports: Imports) -> str:
    arguments = [quoted(index.name), *map(quoted, index.columns)]
    if index.unique:
        arguments.append("unique=True")
    return f"{imports.use('Index')}({', '.join(arguments)})"
