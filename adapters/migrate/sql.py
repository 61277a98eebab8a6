"""SQL scripts for SQLite, as a user writes them by hand beside the Python script.

What SQLite's ALTER TABLE cannot do is done as its manual says: make the table anew
under another name, copy the rows, drop the old one, rename.
See https://www.sqlite.org/lang_altertable.html#otheralter.
"""

# ruff: noqa: S608 - names and values come from scenarios, and the text is reviewed

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.dialects.sqlite import dialect

from harness.contract import Unsupported
from harness.model.operations import (
    AddColumn,
    AlterColumn,
    AwaitOthers,
    Backfill,
    CommentOnColumn,
    CommentOnTable,
    CreateIndex,
    CreateTable,
    CreateType,
    DropColumn,
    DropIndex,
    DropTable,
    DropType,
    Insert,
    KillProcess,
    Operation,
    Print,
    RenameColumn,
    RenameTable,
    RunStatement,
    Scalar,
)
from harness.model.schema import (
    BigInteger,
    Boolean,
    Column,
    ColumnType,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Schema,
    String,
    Table,
    Text,
)

BACKENDS = ("sqlite",)
_PREPARER = dialect().identifier_preparer


def sql_script(operations: Iterable[Operation], before: Schema) -> str:
    """Return a script for SQLite; `before` is the schema that it starts from."""
    statements: list[str] = []
    for operation in operations:
        statements += _statements(operation, before)
        before = operation.apply(before)
    return "".join(f"{statement};\n" for statement in statements)


def _statements(operation: Operation, before: Schema) -> Iterator[str]:
    match operation:
        case (
            KillProcess()
            | Print()
            | CommentOnTable()
            | CommentOnColumn()
            | CreateType()
            | DropType()
            | AwaitOthers()
            | Insert()
            | AddColumn(unless_there=True)
        ):
            name = type(operation).__name__
            reason = f"SQL files hold statements of SQLite only, and it has no {name}"
            raise Unsupported(reason)
        case CreateTable(table=table):
            yield _create_table(table)
            yield from (_create_index(table.name, index) for index in table.indexes)
        case DropTable(name=name):
            yield f"DROP TABLE {_name(name)}"
        case RenameTable(old=old, new=new):
            yield f"ALTER TABLE {_name(old)} RENAME TO {_name(new)}"
        case AddColumn(table=name, column=column):
            yield f"ALTER TABLE {_name(name)} ADD COLUMN {_column(column)}"
        case RenameColumn(table=name, old=old, new=new):
            renamed = f"RENAME COLUMN {_name(old)} TO {_name(new)}"
            yield f"ALTER TABLE {_name(name)} {renamed}"
        case CreateIndex(table=name, index=index):
            yield _create_index(name, index)
        case DropIndex(index=index):
            yield f"DROP INDEX {_name(index.name)}"
        case Backfill():
            yield _backfill(operation)
        case RunStatement(statement=statement):
            yield statement
        case AlterColumn(table=name) | DropColumn(table=name):
            yield from _rebuild(operation.apply(before).table(name))
        case _:
            yield from _rebuild(operation.apply(before).table(operation.table))


def _rebuild(table: Table) -> Iterator[str]:
    copy = table.with_changes(name=f"{table.name}_new")
    columns = _names(c.name for c in table.columns if c.generated is None)
    old, new = _name(table.name), _name(copy.name)
    yield _create_table(copy)
    yield f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}"
    yield f"DROP TABLE {old}"
    yield f"ALTER TABLE {new} RENAME TO {old}"
    yield from (_create_index(table.name, index) for index in table.indexes)


def _create_table(table: Table) -> str:
    key = [column.name for column in table.columns if column.primary_key]
    rows = [
        f"{_column(column)} PRIMARY KEY AUTOINCREMENT"
        if table.autoincrement and [column.name] == key
        else _column(column)
        for column in table.columns
    ]
    if key and not table.autoincrement:
        rows.append(f"PRIMARY KEY ({_names(key)})")
    rows += [
        f"CONSTRAINT {_name(unique.name)} UNIQUE ({_names(unique.columns)})"
        for unique in table.uniques
    ]
    rows += [_foreign_key(key) for key in table.foreign_keys]
    rows += [f"{_named(check.name)}CHECK ({check.condition})" for check in table.checks]
    body = ",\n".join(f"    {row}" for row in rows)
    return f"CREATE TABLE {_name(table.name)} (\n{body}\n)"


def _column(column: Column) -> str:
    default = "" if column.default is None else f" DEFAULT {_literal(column.default)}"
    required = "" if column.nullable else " NOT NULL"
    generated = ""
    if column.generated is not None:
        generated = f" GENERATED ALWAYS AS ({column.generated}) STORED"
    return f"{_name(column.name)} {_type(column.type)}{generated}{default}{required}"


def _type(column_type: ColumnType) -> str:
    match column_type:
        case Integer():
            return "INTEGER"
        case BigInteger():
            return "BIGINT"
        case String(length=length, collation=collation):
            return f"VARCHAR({length})" + (f" COLLATE {collation}" if collation else "")
        case Text():
            return "TEXT"
        case Boolean():
            return "BOOLEAN"
        case DateTime():
            return "DATETIME"
        case Numeric(precision=precision, scale=scale):
            return f"NUMERIC({precision}, {scale})"
        case Enum(words=words):
            return f"VARCHAR({max(map(len, words))})"


def _foreign_key(key: ForeignKey) -> str:
    here, there = _names(key.columns), _names(key.columns_there)
    constraint = f"CONSTRAINT {_name(key.name)} FOREIGN KEY ({here})"
    action = "" if key.on_delete is None else f" ON DELETE {key.on_delete}"
    return f"{constraint} REFERENCES {_name(key.target)} ({there}){action}"


def _create_index(table: str, index: Index) -> str:
    unique = "UNIQUE " if index.unique else ""
    place = f"{_name(table)} ({_names(index.columns)})"
    return f"CREATE {unique}INDEX {_name(index.name)} ON {place}"


def _backfill(operation: Backfill) -> str:
    source, column = operation.copy_of, _name(operation.column)
    value = _literal(operation.value) if source is None else _name(source)
    where = f"WHERE {column} IS NULL"
    return f"UPDATE {_name(operation.table)} SET {column} = {value} {where}"


def _name(name: str) -> str:
    """Return a name, in quotes if it means something to SQLite."""
    return str(_PREPARER.quote(name))


def _named(constraint: str) -> str:
    return f"CONSTRAINT {_name(constraint)} " if constraint else ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_name, names))


def _literal(value: Scalar) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(int(value))
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)
