"""Python scripts: operations as a good user of sqlalchemy-migrate writes them."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from textwrap import indent

from sqlalchemy.dialects import mysql

from adapters.migrate.data import change_of_rows
from adapters.migrate.declaring import (
    WIDTH,
    Imports,
    call,
    column_source,
    quoted,
    table_source,
    type_source,
    variable,
)
from harness.contract import (
    Unsupported,
    condition_source,
    meeting_source,
    without_parameters,
)
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
    apply_all,
)
from harness.model.schema import Check, Enum, ForeignKey, Index, Schema, Table, Unique
from harness.model.steps import Migration

_INDENT = "    "
_MYSQL = mysql.dialect().identifier_preparer
_COLUMN_METHODS = {
    "add",
    "as_immutable",
    "clear",
    "compare",
    "contains_column",
    "corresponding_column",
    "extend",
    "get",
    "has_key",
    "items",
    "keys",
    "remove",
    "replace",
    "update",
    "values",
}
_NO_COMMENTS = (
    "sqlalchemy-migrate has no operation on comments: alter(comment=…) of a column is "
    "accepted and changes nothing",
    "sqlalchemy-migrate: changeset/schema.py",
)


def python_script(migration: Migration, before: Schema) -> str:
    """Return the whole script of a migration; `before` is what it starts from."""
    imports = Imports()
    downgrade, after = migration.downgrade or (), apply_all(migration.upgrade, before)
    condition = condition_source(migration.only_for) if migration.only_for else []
    plain = migration.plain
    functions = [
        _function("upgrade", condition, imports, migration.upgrade, before, plain),
        _function("downgrade", condition, imports, downgrade, after, plain),
    ]
    header = imports.lines()
    parts = ["\n".join(header)] if header else []
    return "\n\n\n".join([*parts, *functions]) + "\n"


def _function(
    name: str,
    condition: list[str],
    imports: Imports,
    operations: Iterable[Operation],
    before: Schema,
    plain: bool,  # noqa: FBT001 - passed on
) -> str:
    body = _Body(imports, plain=plain)
    for operation in operations:
        body.add(operation, before)
        before = operation.apply(before)
    lines = "\n".join([*condition, *(body.lines or ["pass"])])
    return f"def {name}(migrate_engine):\n{indent(lines, _INDENT)}"


class _Body:
    """The statements of one function, and which tables it has read so far."""

    def __init__(self, imports: Imports, *, plain: bool) -> None:
        self.imports = imports
        self._plain = plain
        self.lines: list[str] = []
        self._room = WIDTH - len(_INDENT)
        self._has_metadata = False
        self._tables: set[str] = set()

    def add(  # noqa: C901, PLR0912, PLR0915 - one case per operation
        self, operation: Operation, before: Schema
    ) -> None:
        """Add the statements of an operation on a schema."""
        match operation:
            case CreateTable():
                self._create_table(operation)
            case DropTable(name=name):
                self.lines.append(f"{self._table(name)}.drop()")
                self._forget()
            case RenameTable(old=old, new=new):
                self.lines.append(f"{self._table(old)}.rename({quoted(new)})")
                self._forget()
            case AddColumn():
                self._add_column(operation)
            case DropColumn(table=table, column=name):
                self._drop_column(before.table(table), name)
            case RenameColumn(table=table, old=old, new=new):
                renamed = self._column(table, old)
                self.lines.append(f"{renamed}.alter(name={quoted(new)})")
                self._forget()
            case AlterColumn():
                self._alter_column(operation)
            case CreateIndex(table=table, index=index):
                self._index(table, index, "create")
            case DropIndex(table=table, index=index):
                self._index(table, index, "drop")
                self._forget()
            case AddUnique(table=table, unique=unique):
                self._unique(table, unique, "create")
            case DropUnique(table=table, unique=unique):
                self._unique(table, unique, "drop")
            case AddForeignKey(table=table, key=key):
                self._foreign_key(table, key, "create")
            case DropForeignKey(table=table, key=key):
                self._foreign_key(table, key, "drop")
            case AddCheck(table=table, check=check):
                self._check(table, check, "create")
            case DropCheck(table=table, check=check):
                self._drop_check(table, check)
            case CreateType(type=words):
                self._type(words, "create")
            case DropType(type=words):
                self._type(words, "drop")
            case CommentOnTable() | CommentOnColumn():
                raise Unsupported(*_NO_COMMENTS)
            case Backfill(table=table):
                self._backfill(operation, before.table(table))
            case Print(text=text):
                self._call("print", [quoted(text)])
            case Insert():
                self._insert(operation)
            case AwaitOthers(processes, patience):
                self.lines += meeting_source(processes, patience)
            case KillProcess():
                self.lines.append("import os, signal")
                self.lines.append("os.kill(os.getpid(), signal.SIGKILL)")
            case RunStatement(statement=statement):
                self._execute(self._literal(statement))

    def _metadata(self) -> str:
        if not self._has_metadata:
            metadata = self.imports.use("MetaData")
            self.lines.append(f"meta = {metadata}(bind=migrate_engine)")
            self._has_metadata = True
        return "meta"

    def _forget(self) -> None:
        """Have whatever follows read the tables again, as they are by then."""
        self._has_metadata = False
        self._tables.clear()

    def _table(self, name: str) -> str:
        """Return the variable of a table, which is read from the database first."""
        if name not in self._tables:
            metadata, table = self._metadata(), self.imports.use("Table")
            arguments = f"{quoted(name)}, {metadata}, autoload=True"
            self.lines.append(f"{variable(name)} = {table}({arguments})")
            self._tables.add(name)
        return variable(name)

    def _column(self, table: str, name: str) -> str:
        columns = f"{self._table(table)}.c"
        plain = _is_name(name) and name not in _COLUMN_METHODS
        return f"{columns}.{name}" if plain else f"{columns}[{quoted(name)}]"

    def _columns(self, table: str, names: Iterable[str]) -> list[str]:
        return [self._column(table, name) for name in names]

    def _call(self, head: str, arguments: Iterable[str], then: str = "") -> None:
        self.lines.append(call(head, arguments, then=then, width=self._room))

    def _execute(self, statement: str) -> None:
        self._call("migrate_engine.execute", [statement])

    def _literal(self, statement: str) -> str:
        """Return a statement as source: drivers would take a bare `%` as their own."""
        if "%" not in statement:
            return quoted(statement)
        escaped = statement.replace(":", "\\:")
        return f"{self.imports.use('text')}({quoted(escaped)})"

    def _create_table(self, operation: CreateTable) -> None:
        metadata, table = self._metadata(), operation.table
        for key in table.foreign_keys:
            if key.target != table.name:
                self._table(key.target)
        room = self._room - len(f"{variable(table.name)} = ")
        source = table_source(table, metadata, self.imports, width=room)
        self.lines.append(f"{variable(table.name)} = {source}")
        self.lines.append(f"{variable(table.name)}.create()")
        self._tables.add(table.name)

    def _add_column(self, operation: AddColumn) -> None:
        """Add a column; unless it is there, if that is to be looked at first."""
        read, column = self._table(operation.table), operation.column
        source = column_source(column, self.imports)
        if operation.python_default is not None:
            source = f"{source[:-1]}, default={quoted(operation.python_default)})"
        if not operation.unless_there:
            self._call(f"{source}.create", [read])
            return
        adding = call(f"{source}.create", [read], width=self._room - len(_INDENT))
        self.lines.append(f"if {quoted(column.name)} not in {read}.c:")
        self.lines.append(indent(adding, _INDENT))

    def _drop_column(self, table: Table, name: str) -> None:
        """Drop a column, and first the indexes that stand on others as well.

        Those sqlalchemy-migrate would keep under their name, on what columns are left.
        """
        if not self._plain:
            self._free(table, name)
            self._drop_wider_indexes(table, name)
        self.lines.append(f"{self._column(table.name, name)}.drop()")
        self._forget()

    def _drop_wider_indexes(self, table: Table, column: str) -> None:
        wider = [i for i in table.indexes if column in i.columns and len(i.columns) > 1]
        for index in wider:
            self._index(table.name, index, "drop")
            self._forget()

    def _free(self, table: Table, column: str) -> None:
        """Drop what MySQL wants gone before a column; other databases see to that."""
        keys = [k for k in table.foreign_keys if column in k.columns]
        uniques = [
            u for u in table.uniques if column in u.columns and len(u.columns) > 1
        ]
        if not keys and not uniques:
            return
        self.lines.append('if migrate_engine.name == "mysql":')
        with self._indented():
            self._forget()
            for key in keys:
                self._foreign_key(table.name, key, "drop")
            for unique in uniques:
                self._unique(table.name, unique, "drop")

    def _alter_column(self, operation: AlterColumn) -> None:
        column = self._column(operation.table, operation.existing.name)
        arguments = []
        if operation.type is not None:
            arguments.append(f"type={type_source(operation.type, self.imports)}")
        if operation.nullable is not None:
            arguments.append(f"nullable={operation.nullable}")
        self._call(f"{column}.alter", arguments)

    def _index(self, table: str, index: Index, method: str) -> None:
        columns = self._columns(table, index.columns)
        unique = ["unique=True"] if index.unique else []
        arguments = [quoted(index.name), *columns, *unique]
        self._call(self.imports.use("Index"), arguments, f".{method}()")

    def _constraint(self, kind: str, arguments: Iterable[str], method: str) -> None:
        module = self.imports.use("constraint", "migrate.changeset")
        self._call(f"{module}.{kind}", arguments, f".{method}()")
        self._forget()

    def _unique(self, table: str, unique: Unique, method: str) -> None:
        columns = self._columns(table, unique.columns)
        arguments = [*columns, f"name={quoted(unique.name)}"]
        self._constraint("UniqueConstraint", arguments, method)

    def _foreign_key(self, table: str, key: ForeignKey, method: str) -> None:
        here = ", ".join(self._columns(table, key.columns))
        there = ", ".join(self._columns(key.target, key.columns_there))
        arguments = [f"[{here}]", f"[{there}]", f"name={quoted(key.name)}"]
        if key.on_delete is not None:
            arguments.append(f"ondelete={quoted(key.on_delete)}")
        self._constraint("ForeignKeyConstraint", arguments, method)

    def _type(self, words: Enum, method: str) -> None:
        """Create or drop a type of words; where there is no such thing, do nothing."""
        source = type_source(words, self.imports)
        self._call(f"{source}.{method}", ["migrate_engine", "checkfirst=True"])

    def _check(self, table: str, check: Check, method: str) -> None:
        condition = quoted(without_parameters(check.condition))
        name = quoted(check.name)
        arguments = [condition, f"table={self._table(table)}", f"name={name}"]
        self._constraint("CheckConstraint", arguments, method)

    def _drop_check(self, table: str, check: Check) -> None:
        """Write both ways: sqlalchemy-migrate refuses to drop a CHECK on MySQL."""
        if self._plain:
            self._check(table, check, "drop")
            return
        named, name = _MYSQL.quote(table), _MYSQL.quote(check.name)
        statement = f"ALTER TABLE {named} DROP CONSTRAINT {name}"
        self.lines.append('if migrate_engine.name == "mysql":')
        with self._indented():
            self._execute(quoted(statement))
        self.lines.append("else:")
        with self._indented():
            self._check(table, check, "drop")

    @contextmanager
    def _indented(self) -> Iterator[None]:
        """Indent what is written meanwhile."""
        before = len(self.lines)
        self._room -= len(_INDENT)
        yield
        self._room += len(_INDENT)
        self.lines[before:] = [indent(line, _INDENT) for line in self.lines[before:]]

    def _insert(self, operation: Insert) -> None:
        row = ", ".join(f"{quoted(n)}: {_scalar(v)}" for n, v in operation.row.items())
        table = self._table(operation.table)
        self._execute(f"{table}.insert().values({{{row}}})")

    def _backfill(self, operation: Backfill, existing: Table) -> None:
        if operation.manner is not Manner.STATEMENT:
            self.lines += change_of_rows(operation, existing, self.imports)
            return
        table, name = operation.table, operation.column
        column = self._column(table, name)
        value = (
            _scalar(operation.value)
            if operation.copy_of is None
            else self._column(table, operation.copy_of)
        )
        values = f"{name}={value}" if _is_name(name) else f"{{{quoted(name)}: {value}}}"
        update = f"{variable(table)}.update().where({column}.is_(None))"
        self._execute(f"{update}.values({values})")


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _scalar(value: str | float | bool | None) -> str:  # noqa: FBT001
    return quoted(value) if isinstance(value, str) else repr(value)
