"""Operations as a good user of alembic writes them by hand."""

from __future__ import annotations

import itertools
import keyword
from collections.abc import Iterable, Iterator
from textwrap import indent

from adapters.alembic.data import change_of_rows
from adapters.alembic.source import call, literal, name_of, names, quoted
from harness.contract import meeting_source, without_parameters
from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    AwaitOthers,
    Backfill,
    CommentOnColumn,
    CommentOnTable,
    CreateIndex,
    CreateTable,
    CreateType,
    DropCheck,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    DropType,
    DropUnique,
    Insert,
    KillProcess,
    Manner,
    Operation,
    Print,
    RenameColumn,
    RenameTable,
    RunStatement,
)
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
    Schema,
    String,
    Table,
    Text,
    mentions,
)

_INDENT = "    "
_REBUILDS = (
    AlterColumn,
    AddUnique,
    DropUnique,
    AddForeignKey,
    DropForeignKey,
    AddCheck,
    DropCheck,
)
_Line = tuple[str | None, str]
"""A statement, and the table whose batch it belongs into."""


def body(
    operations: Iterable[Operation],
    before: Schema,
    *,
    batches: bool,
    plain: bool = False,
) -> str:
    """Return the indented body of `upgrade()` or `downgrade()`.

    With `batches`, what SQLite cannot alter goes into `batch_alter_table` blocks: one
    for consecutive changes to the same table. `plain`, there are none, and a column is
    dropped without what stands on it.
    """
    lines: list[_Line] = []
    for operation in operations:
        if plain and isinstance(operation, DropColumn):
            names = [quoted(operation.table), quoted(operation.column)]
            lines.append((None, call("op.drop_column", names)))
        else:
            lines += _statements(operation, before, batches=batches and not plain)
        before = operation.apply(before)
    return indent("\n".join(_blocks(lines)) or "pass", _INDENT)


def _blocks(lines: list[_Line]) -> Iterator[str]:
    for table, group in itertools.groupby(lines, key=lambda line: line[0]):
        statements = (statement for _, statement in group)
        if table is None:
            yield from statements
        else:
            yield f"with op.batch_alter_table({quoted(table)}) as batch_op:"
            yield from (indent(statement, _INDENT) for statement in statements)


def _statements(operation: Operation, before: Schema, *, batches: bool) -> list[_Line]:
    if isinstance(operation, DropColumn):
        return _drop_column(
            before.table(operation.table), operation.column, batches=batches
        )
    if batches and isinstance(operation, _REBUILDS):
        return [(operation.table, s) for s in _on_table(operation, batch=True)]
    return [(None, statement) for statement in _plain(operation, before)]


def _plain(operation: Operation, before: Schema) -> list[str]:
    match operation:
        case CreateTable(table=table):
            return [table_source(table), *_indexes(table)]
        case DropTable(name=name):
            return [call("op.drop_table", [quoted(name)])]
        case RenameTable(old=old, new=new):
            return [call("op.rename_table", [quoted(old), quoted(new)])]
        case AddColumn(table=table_name, column=column, python_default=default):
            source = column_source(column, default)
            adding = call("op.add_column", [quoted(table_name), source])
            return _unless_there(operation, adding)
        case RenameColumn(table=table_name, old=old, new=new):
            renamed = f"new_column_name={quoted(new)}"
            known = existing_of(before.table(table_name).column(old))
            arguments = [quoted(table_name), quoted(old), renamed, *known]
            return [call("op.alter_column", arguments)]
        case CreateIndex(table=table_name, index=index):
            return [_create_index(table_name, index)]
        case DropIndex(table=table_name, index=index):
            return [_drop_index(table_name, index)]
        case CommentOnTable() | CommentOnColumn() | CreateType() | DropType():
            return [_description(operation)]
        case (
            Backfill()
            | Insert()
            | AwaitOthers()
            | KillProcess()
            | Print()
            | RunStatement()
        ):
            return _in_between(operation, before)
        case _:
            return _on_table(operation, batch=False)


def _in_between(
    operation: Backfill | Insert | AwaitOthers | KillProcess | Print | RunStatement,
    before: Schema,
) -> list[str]:
    """Return what a migration does besides changing the schema."""
    match operation:
        case Print(text=text):
            return [call("print", [quoted(text)])]
        case Backfill(manner=manner) if manner is not Manner.STATEMENT:
            return change_of_rows(operation, before.table(operation.table))
        case Backfill():
            return _backfill(operation, before.table(operation.table))
        case Insert():
            return _insert(operation, before.table(operation.table))
        case AwaitOthers(processes, patience):
            return meeting_source(processes, patience)
        case KillProcess():
            return ["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"]
        case RunStatement(statement=statement):
            return [call("op.execute", [quoted(statement.replace(":", "\\:"))])]


def _on_table(operation: Operation, *, batch: bool) -> list[str]:
    """Return changes to an existing table; in a batch its name is left out."""

    def say(method: str, *arguments: str) -> str:
        if batch:
            return call(f"batch_op.{method}", list(arguments))
        return call(f"op.{method}", [arguments[0], quoted(table), *arguments[1:]])

    match operation:
        case AlterColumn(table=table):
            prefix, target = ("batch_op", []) if batch else ("op", [quoted(table)])
            arguments = [*target, *_alteration(operation)]
            return [call(f"{prefix}.alter_column", arguments)]
        case AddUnique(table=table, unique=unique):
            columns = names(unique.columns)
            return [say("create_unique_constraint", quoted(unique.name), columns)]
        case DropUnique(table=table, unique=unique):
            return [say("drop_constraint", quoted(unique.name), 'type_="unique"')]
        case AddForeignKey(table=table, key=key):
            name, *rest = foreign_key_arguments(key)
            return [say("create_foreign_key", name, *rest)]
        case DropForeignKey(table=table, key=key):
            return [say("drop_constraint", quoted(key.name), 'type_="foreignkey"')]
        case AddCheck(table=table, check=check):
            condition = quoted(without_parameters(check.condition))
            return [say("create_check_constraint", quoted(check.name), condition)]
        case DropCheck(table=table, check=check):
            return [say("drop_constraint", quoted(check.name), 'type_="check"')]
        case _:
            message = f"no rendering for {operation}"
            raise LookupError(message)


def _alteration(operation: AlterColumn) -> list[str]:
    existing = operation.existing
    known = existing_of(existing) if operation.stated else []
    arguments = [quoted(existing.name), *known]
    if operation.type is not None:
        arguments.append(f"type_={type_source(operation.type)}")
    if operation.nullable is not None:
        arguments.append(f"nullable={operation.nullable}")
        arguments = [a for a in arguments if not a.startswith("existing_nullable=")]
    return arguments


def existing_of(column: Column) -> list[str]:
    """Return what a backend that restates whole columns has to be told.

    A whole number that is a key counts by itself, and MySQL would let that go.
    """
    known = [
        f"existing_type={type_source(column.type)}",
        f"existing_nullable={column.nullable}",
    ]
    if column.default is not None:
        known.append(f"existing_server_default={quoted(column.default)}")
    if column.primary_key and isinstance(column.type, Integer | BigInteger):
        known.append("existing_autoincrement=True")
    if column.comment is not None:
        known.append(f"existing_comment={quoted(column.comment)}")
    return known


def _description(
    operation: CommentOnTable | CommentOnColumn | CreateType | DropType,
) -> str:
    match operation:
        case CommentOnTable():
            return _comment_on_table(operation)
        case CommentOnColumn(table=table, existing=column, comment=comment):
            said = f"comment={_comment(comment)}"
            arguments = [quoted(column.name), *existing_of(column), said]
            return call("op.alter_column", [quoted(table), *arguments])
        case CreateType(type=words):
            return f"{type_source(words)}.create(op.get_bind(), checkfirst=True)"
        case DropType(type=words):
            return f"{type_source(words)}.drop(op.get_bind(), checkfirst=True)"


def _comment_on_table(operation: CommentOnTable) -> str:
    name, existing = quoted(operation.table), _comment(operation.existing)
    known = f"existing_comment={existing}"
    if operation.comment is None:
        return call("op.drop_table_comment", [name, known])
    return call("op.create_table_comment", [name, quoted(operation.comment), known])


def _comment(said: str | None) -> str:
    return "None" if said is None else quoted(said)


def _drop_column(table: Table, column: str, *, batches: bool) -> list[_Line]:
    """Drop a column after the indexes and constraints that stand on it.

    SQLite drops a column itself unless a constraint stands on it: then in a batch.
    """
    standing: list[tuple[str, str]] = [
        *((u.name, "unique") for u in table.uniques if column in u.columns),
        *((f.name, "foreignkey") for f in table.foreign_keys if column in f.columns),
        *((c.name, "check") for c in table.checks if mentions(c.condition, column)),
    ]
    batch = batches and bool(standing)
    prefix, target = ("batch_op", []) if batch else ("op", [quoted(table.name)])
    place = table.name if batch else None
    constraints = (
        call(
            f"{prefix}.drop_constraint",
            [quoted(name), *target, f"type_={quoted(kind)}"],
        )
        for name, kind in standing
    )
    indexes = (i for i in table.indexes if column in i.columns)
    return [
        *((None, _drop_index(table.name, index)) for index in indexes),
        *((place, constraint) for constraint in constraints),
        (place, call(f"{prefix}.drop_column", [*target, quoted(column)])),
    ]


def table_source(table: Table) -> str:
    """Return `op.create_table(…)` with everything but indexes."""
    arguments = [
        quoted(table.name),
        *(column_source(column) for column in table.columns),
        *(
            call("sa.UniqueConstraint", [*map(quoted, u.columns), name_of(u.name)])
            for u in table.uniques
        ),
        *(_table_foreign_key(key) for key in table.foreign_keys),
        *map(_table_check, table.checks),
    ]
    if table.autoincrement:
        arguments.append("sqlite_autoincrement=True")
    if table.comment is not None:
        arguments.append(f"comment={quoted(table.comment)}")
    return call("op.create_table", arguments)


def _table_foreign_key(key: ForeignKey) -> str:
    there = names(f"{key.target}.{column}" for column in key.columns_there)
    arguments = [names(key.columns), there, name_of(key.name)]
    if key.on_delete is not None:
        arguments.append(f"ondelete={quoted(key.on_delete)}")
    return call("sa.ForeignKeyConstraint", arguments)


def _table_check(check: Check) -> str:
    condition = quoted(without_parameters(check.condition))
    named = [name_of(check.name)] if check.name else []
    return call("sa.CheckConstraint", [condition, *named])


def foreign_key_arguments(key: ForeignKey) -> list[str]:
    """Return the arguments of `create_foreign_key`, the name first."""
    arguments = [
        quoted(key.name),
        quoted(key.target),
        names(key.columns),
        names(key.columns_there),
    ]
    if key.on_delete is not None:
        arguments.append(f"ondelete={quoted(key.on_delete)}")
    return arguments


def _indexes(table: Table) -> list[str]:
    return [_create_index(table.name, index) for index in table.indexes]


def _create_index(table: str, index: Index) -> str:
    arguments = [quoted(index.name), quoted(table), names(index.columns)]
    if index.unique:
        arguments.append("unique=True")
    return call("op.create_index", arguments)


def _drop_index(table: str, index: Index) -> str:
    return call("op.drop_index", [quoted(index.name), f"table_name={quoted(table)}"])


def _unless_there(operation: AddColumn, adding: str) -> list[str]:
    """Return the statement, or one that looks first whether the column is there."""
    if not operation.unless_there:
        return [adding]
    columns = f"sa.inspect(op.get_bind()).get_columns({quoted(operation.table)})"
    return [
        f"columns = {columns}",
        f"if {quoted(operation.column.name)} not in [c['name'] for c in columns]:",
        indent(adding, _INDENT),
    ]


def _insert(operation: Insert, existing: Table) -> list[str]:
    table = operation.table
    declared = (
        call("sa.sql.column", [quoted(name), type_source(existing.column(name).type)])
        for name in operation.row
    )
    row = ", ".join(f"{quoted(n)}: {literal(v)}" for n, v in operation.row.items())
    variable = _variable(table)
    return [
        f"{variable} = {call('sa.sql.table', [quoted(table), *declared])}",
        call("op.bulk_insert", [variable, f"[{{{row}}}]"]),
    ]


def _backfill(operation: Backfill, existing: Table) -> list[str]:
    table, column, source = operation.table, operation.column, operation.copy_of
    columns = [column] if source is None else [column, source]
    declared = (
        call("sa.sql.column", [quoted(name), type_source(existing.column(name).type)])
        for name in columns
    )
    variable = _variable(table)
    value = literal(operation.value)
    if source is not None:
        value = f"{variable}.c[{quoted(source)}]"
    where = f".where({variable}.c[{quoted(column)}].is_(None))"
    update = f"{variable}.update(){where}.values({{{quoted(column)}: {value}}})"
    return [
        f"{variable} = {call('sa.sql.table', [quoted(table), *declared])}",
        call("op.execute", [update]),
    ]


def _variable(table: str) -> str:
    """Return what a person calls a table in a script: its name, if Python allows it."""
    return f"{table}_" if keyword.iskeyword(table) else table


def column_source(column: Column, python_default: str | None = None) -> str:
    """Return `sa.Column(…)`."""
    arguments = [quoted(column.name), type_source(column.type)]
    if column.generated is not None:
        arguments.append(f"sa.Computed({quoted(column.generated)}, persisted=True)")
    if column.primary_key:
        arguments.append("primary_key=True")
    if column.default is not None:
        arguments.append(f"server_default={quoted(column.default)}")
    if python_default is not None:
        arguments.append(f"default={quoted(python_default)}")
    if not column.primary_key or not column.nullable:
        arguments.append(f"nullable={column.nullable}")
    if column.comment is not None:
        arguments.append(f"comment={quoted(column.comment)}")
    return call("sa.Column", arguments)


def type_source(column_type: ColumnType) -> str:
    """Return a column's type as source."""
    match column_type:
        case String(length=length, collation=None):
            return f"sa.String(length={length})"
        case String(length=length, collation=collation):
            return f"sa.String(length={length}, collation={quoted(collation or '')})"
        case Numeric(precision=precision, scale=scale):
            return f"sa.Numeric(precision={precision}, scale={scale})"
        case Enum(name=name, words=words):
            return call("sa.Enum", [*map(quoted, words), f"name={quoted(name)}"])
        case _:
            return f"sa.{_PLAIN_TYPES[type(column_type)]}()"


_PLAIN_TYPES: dict[type, str] = {
    Integer: "Integer",
    BigInteger: "BigInteger",
    Text: "Text",
    Boolean: "Boolean",
    DateTime: "DateTime",
}
