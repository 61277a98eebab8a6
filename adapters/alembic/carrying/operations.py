"""Operations that lead from what a database held before a step to what it held after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from adapters.alembic.carrying.hearing import (
    on_rows,
    renamed_columns,
    renamed_tables,
    writes_column,
)
from adapters.alembic.carrying.lifting import Lifting, lifting
from adapters.alembic.carrying.naming import (
    apart,
    columns_of,
    comes_with_a_key,
    key_parts,
)
from adapters.alembic.carrying.rows import row_lines
from adapters.alembic.carrying.statements import of_database
from adapters.alembic.carrying.tables import Tables, characters, index_created
from adapters.alembic.carrying.types import enum_source
from adapters.alembic.source import call, names, quoted
from harness.contract import without_parameters
from harness.model.carrying import Act, CannotWrite
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    Snapshot,
    TableState,
)

_OF_OURS = "utf8mb4_general_ci"
"""What tables have whose description names no collation."""


class Chunk(NamedTuple):
    """Lines that belong together; `batch` are those inside the batch of a `table`.

    `copy` describes the table for the batch, where the database cannot alter it, and it
    is `rebuilt` whatever the batch does where that says something by itself.
    """

    lines: tuple[str, ...]
    table: str = ""
    batch: tuple[str, ...] = ()
    copy: str = ""
    rebuilt: bool = False


class _Op(NamedTuple):
    """An operation on a table: its name may stand in front of the table's."""

    method: str
    table: str
    name: str
    arguments: tuple[str, ...]

    def plain(self) -> str:
        first = [self.name] if self.name else []
        table = [quoted(self.table)] if self.table else []
        said = [*first, *table, *self.arguments]
        return call(f"op.{self.method}", said)

    def in_batch(self) -> str:
        first = [self.name] if self.name else []
        return call(f"batch_op.{self.method}", [*first, *self.arguments])


def chunks(act: Act, backend: str) -> tuple[Chunk, ...]:
    """Return what a step does; `CannotWrite` if operations cannot say it."""
    return tuple(_Step(act, backend).chunks())


class _Step:
    def __init__(self, act: Act, backend: str) -> None:
        self._act = act
        self._backend = backend
        self._old = Tables(backend, act.before.types)
        self._new = Tables(backend, act.after.types)
        self._renamed = renamed_tables(act)
        self._before = {
            t.name: t for t in _with_names(act.before.tables, self._renamed)
        }
        self._after = {table.name: table for table in act.after.tables}
        _refuse_views(act.before, act.after)

    def chunks(self) -> Iterator[Chunk]:
        """Yield additions, then what is done to rows, then everything else."""
        for old, new in self._renamed.items():
            yield _line(call("op.rename_table", [quoted(old), quoted(new)]))
        yield from self._of_database()
        yield from self._types_made()
        yield from self._created()
        altered = [
            _Altered(self._act, self._backend, self._before[name], self._after[name])
            for name in sorted(self._before.keys() & self._after.keys())
            if self._before[name] != self._after[name]
        ]
        for one in altered:
            yield from one.additions(self._new)
        for statement in on_rows(self._act):
            yield Chunk(tuple(row_lines(statement, self._act.after, self._backend)))
        for one in altered:
            yield from one.alterations(self._old, self._new)
        yield from self._dropped()
        yield from self._types_dropped()

    def _of_database(self) -> Iterator[Chunk]:
        for statement in self._act.statements:
            if altered := of_database(statement):
                yield _line(altered)

    def _types_made(self) -> Iterator[Chunk]:
        for words in apart(self._act.after.types, self._act.before.types):
            same = [t for t in self._act.before.types if t.name == words.name]
            if same:
                message = f"the words of the type {words.name} change"
                raise CannotWrite(message)
            yield _line(f"{enum_source(words)}.create(op.get_bind())")

    def _types_dropped(self) -> Iterator[Chunk]:
        there = {words.name for words in self._act.after.types}
        for words in self._act.before.types:
            if words.name not in there:
                yield _line(f"{enum_source(words)}.drop(op.get_bind())")

    def _created(self) -> Iterator[Chunk]:
        new = [t for name, t in self._after.items() if name not in self._before]
        for table in in_order(new):
            _refuse_triggers(table.triggers, table.name)
            yield _line(self._new.created(self._with_collation(table)))
            for index in table.indexes:
                if not comes_with_a_key(index, table, self._backend):
                    yield _line(index_created(index, table, self._backend))

    def _with_collation(self, table: TableState) -> TableState:
        """Say a collation by name where the database may have another one by itself."""
        there = (*self._act.before.tables, *self._act.after.tables)
        if table.collation or not any(one.collation for one in there):
            return table
        return msgspec.structs.replace(table, collation=_OF_OURS)

    def _dropped(self) -> Iterator[Chunk]:
        old = [t for name, t in self._before.items() if name not in self._after]
        for table in reversed(in_order(old)):
            yield _line(call("op.drop_table", [quoted(table.name)]))


class _Altered:
    """A table that is there before and after, and not the same."""

    def __init__(
        self, act: Act, backend: str, was: TableState, now: TableState
    ) -> None:
        self._backend = backend
        self._now = now
        self._names = renamed_columns(act, was, now)
        self._was = was
        mine = {column.name for column in was.columns} | set(self._names.values())
        new = [column for column in now.columns if column.name not in mine]
        self._simple = [column for column in new if self._is_simple(column)]
        self._filled = [
            column
            for column in new
            if column not in self._simple and writes_column(act, now.name, column.name)
        ]
        early = (*self._simple, *self._filled)
        self._others = [column for column in new if column not in early]
        if (was.primary_key, was.autoincrement) != (now.primary_key, now.autoincrement):
            message = f"the primary key of {now.name} changes"
            raise CannotWrite(message)
        _refuse_triggers(set(was.triggers) ^ set(now.triggers), now.name)
        self._lifted, self._late, self._freed = (
            lifting(act, was, now) if backend == "mysql" else Lifting()
        )

    def _is_simple(self, column: ColumnState) -> bool:
        """Tell whether a column can be added by itself, whatever rows there are."""
        filled = column.nullable or column.default is not None
        return filled and column.generated is None

    def additions(self, new: Tables) -> Iterator[Chunk]:
        """Yield the columns that can be added before rows are written."""
        for column in self._simple:
            op = _Op("add_column", self._now.name, "", (new.column(column),))
            yield _line(op.plain())
        for column in self._filled:
            # It is told to have no NULLs once the rows are written.
            said = new.column(_with_nulls(column))
            yield _line(_Op("add_column", self._now.name, "", (said,)).plain())

    def alterations(self, old: Tables, new: Tables) -> Iterator[Chunk]:
        """Yield all else: indexes away, the table, indexes made."""
        gone, made = _constraints(self._was.indexes, self._now.indexes)
        if self._was.collation != self._now.collation:
            yield _line(self._converted())
        for key in self._lifted:
            # A server may need the key's columns in an index that is about to go.
            yield _line(self._without(key, "foreignkey").plain())
        for index in gone:
            if index not in self._late:
                yield self._without_index(index)
        ops = [*self._removals(), *self._columns(new), *self._made()]
        if self._was.comment != self._now.comment:
            yield _line(self._comment())
        rebuilt = self._backend == "sqlite" and self._unnamed_change()
        if ops or rebuilt:
            yield Chunk(
                tuple(op.plain() for op in ops),
                self._now.name,
                tuple(op.in_batch() for op in ops) or ("pass",),
                old.copied(self._in_between(gone)) if self._backend == "sqlite" else "",
                rebuilt,
            )
        for index in made:
            yield _line(index_created(index, self._now, self._backend))
        for one in self._late:
            unique = one in self._was.uniques
            dropped = _line(self._without(one, "unique").plain())
            yield dropped if unique else self._without_index(one)

    def _without_index(self, index: ConstraintState) -> Chunk:
        place = [quoted(index.name or ""), f"table_name={quoted(self._now.name)}"]
        return _line(call("op.drop_index", place))

    def _unnamed_change(self) -> bool:
        changes = (
            _constraints(getattr(self._was, field), getattr(self._now, field))
            for field in ("uniques", "foreign_keys", "checks")
        )
        return any(
            one.name is None for both in changes for some in both for one in some
        )

    def _in_between(self, gone: list[ConstraintState]) -> TableState:
        """Return the table as a batch finds it, but for constraints without a name.

        Those that go are left out of the copy, and those that come are put into it.
        """
        was, now = self._was, self._now
        fields = {}
        for field in ("uniques", "foreign_keys", "checks"):
            removed, added = _constraints(getattr(was, field), getattr(now, field))
            unnamed = [c for c in removed if c.name is None]
            kept = apart(getattr(was, field), unnamed)
            fresh = (self._as_named_before(c) for c in added if c.name is None)
            fields[field] = (*kept, *fresh)
        return msgspec.structs.replace(
            was,
            name=now.name,
            columns=(*was.columns, *self._simple, *map(_with_nulls, self._filled)),
            indexes=tuple(index for index in was.indexes if index not in gone),
            **fields,
        )

    def _as_named_before(self, constraint: ConstraintState) -> ConstraintState:
        """Return a constraint with the old names of columns: the batch renames them."""
        columns, arrow, there = constraint.says.partition(" -> ")
        for old, new in self._names.items():
            columns = re.sub(rf"\b{re.escape(new)}\b", old, columns)
        return ConstraintState(constraint.name, f"{columns}{arrow}{there}")

    def _removals(self) -> Iterator[_Op]:
        kinds = (
            ("foreign_keys", "foreignkey"),
            ("uniques", "unique"),
            ("checks", "check"),
        )
        for field, kind in kinds:
            gone, _ = _constraints(getattr(self._was, field), getattr(self._now, field))
            for one in gone:
                if one in self._late:
                    continue
                if one.name is not None:
                    yield self._without(one, kind)
                    if field == "foreign_keys" and one.name in self._freed:
                        table = f"table_name={quoted(self._now.name)}"
                        yield _Op("drop_index", "", quoted(one.name), (table,))
                elif self._backend != "sqlite":
                    message = f"a {kind} of {self._now.name} without a name goes"
                    raise CannotWrite(message)

    def _columns(self, new: Tables) -> Iterator[_Op]:
        table = self._now.name
        there = {column.name: column for column in self._now.columns}
        for column in self._was.columns:
            now = there.get(self._names.get(column.name, column.name))
            if now is None:
                yield _Op("drop_column", table, "", (quoted(column.name),))
            elif now != column:
                yield _Op("alter_column", table, "", self._alteration(column, now, new))
        for column in self._others:
            yield _Op("add_column", table, "", (new.column(column),))
        for column in self._filled:
            said = self._alteration(_with_nulls(column), column, new)
            yield _Op("alter_column", table, "", said)

    def _alteration(
        self, was: ColumnState, now: ColumnState, new: Tables
    ) -> tuple[str, ...]:
        if was.generated != now.generated:
            message = f"what generates {self._now.name}.{now.name} changes"
            raise CannotWrite(message)
        said = [quoted(was.name)]
        if was.name != now.name:
            said.append(f"new_column_name={quoted(now.name)}")
        if (was.type, was.collation) != (now.type, now.collation):
            said.append(f"type_={new.type(now)}")
        if was.nullable != now.nullable:
            said.append(f"nullable={now.nullable}")
        if was.default != now.default:
            default = None if now.default is None else new.default(now.default)
            said.append(f"server_default={default}")
        if was.comment != now.comment:
            said.append(
                f"comment={None if now.comment is None else quoted(now.comment)}"
            )
        return (*said, *self._existing(was, now, new))

    def _existing(self, was: ColumnState, now: ColumnState, new: Tables) -> list[str]:
        """Return what a database that restates whole columns has to be told."""
        said = [f"existing_type={new.type(was)}"]
        if was.nullable == now.nullable:
            said.append(f"existing_nullable={was.nullable}")
        if was.default is not None and was.default == now.default:
            said.append(f"existing_server_default={new.default(was.default)}")
        if was.comment is not None and was.comment == now.comment:
            said.append(f"existing_comment={quoted(was.comment)}")
        if self._now.autoincrement and now.name in self._now.primary_key:
            said.append("existing_autoincrement=True")
        return said

    def _made(self) -> Iterator[_Op]:
        now = self._now
        for unique in self._added("uniques"):
            listed = names(columns_of(unique.says, now))
            yield _Op("create_unique_constraint", now.name, _name(unique), (listed,))
        for key in (*self._lifted, *self._added("foreign_keys")):
            columns, target, there, actions = key_parts(key)
            said = (quoted(target), names(columns), names(there), *actions)
            yield _Op("create_foreign_key", now.name, _name(key), said)
        for check in self._added("checks"):
            condition = quoted(without_parameters(check.says))
            yield _Op("create_check_constraint", now.name, _name(check), (condition,))

    def _without(self, constraint: ConstraintState, kind: str) -> _Op:
        said = (f"type_={quoted(kind)}",)
        name = quoted(constraint.name or "")
        return _Op("drop_constraint", self._now.name, name, said)

    def _converted(self) -> str:
        """Return what gives a table and all its columns another character set."""
        collation = self._now.collation
        if collation is None or any(c.collation for c in self._now.columns):
            message = f"the character set of {self._now.name} changes"
            raise CannotWrite(message)
        said = f"CHARACTER SET {characters(collation)} COLLATE {collation}"
        sql = f"ALTER TABLE {self._now.name} CONVERT TO {said}"
        return call("op.execute", [quoted(sql)])

    def _added(self, field: str) -> Iterator[ConstraintState]:
        _, made = _constraints(getattr(self._was, field), getattr(self._now, field))
        yield from (one for one in made if one.name or self._backend != "sqlite")

    def _comment(self) -> str:
        known = [f"existing_comment={_or_none(self._was.comment)}"]
        table = quoted(self._now.name)
        if self._now.comment is None:
            return call("op.drop_table_comment", [table, *known])
        said = [table, quoted(self._now.comment), *known]
        return call("op.create_table_comment", said)


def _with_nulls(column: ColumnState) -> ColumnState:
    return msgspec.structs.replace(column, nullable=True)


def _or_none(text: str | None) -> str:
    return "None" if text is None else quoted(text)


def _name(constraint: ConstraintState) -> str:
    return _or_none(constraint.name)


def _line(text: str) -> Chunk:
    return Chunk(tuple(text.splitlines()))


def _constraints(
    was: tuple[ConstraintState, ...], now: tuple[ConstraintState, ...]
) -> tuple[list[ConstraintState], list[ConstraintState]]:
    """Return the constraints that go and those that come."""
    return apart(was, now), apart(now, was)


def _with_names(
    tables: tuple[TableState, ...], renamed: dict[str, str]
) -> Iterator[TableState]:
    """Yield tables under their new names, foreign keys leading there."""
    for table in tables:
        keys = table.foreign_keys
        for old, new in renamed.items():
            keys = tuple(
                msgspec.structs.replace(
                    key, says=key.says.replace(f"-> {old} (", f"-> {new} (")
                )
                for key in keys
            )
        name = renamed.get(table.name, table.name)
        yield msgspec.structs.replace(table, name=name, foreign_keys=keys)


def in_order(tables: list[TableState]) -> list[TableState]:
    """Return tables so that each comes after those that its foreign keys lead to."""
    left = sorted(tables, key=lambda table: table.name)
    ordered: list[TableState] = []
    while left:
        waiting = {table.name for table in left}
        ready = [t for t in left if not (_targets(t) & waiting - {t.name})]
        if not ready:
            message = f"foreign keys of {', '.join(sorted(waiting))} go in a circle"
            raise CannotWrite(message)
        ordered += ready
        left = [table for table in left if table not in ready]
    return ordered


def _targets(table: TableState) -> set[str]:
    return {key_parts(key)[1] for key in table.foreign_keys}


def _refuse_views(before: Snapshot, after: Snapshot) -> None:
    """Refuse views that change: what they ask is not known."""

    def views(held: Snapshot) -> set[TableState]:
        real = {rows.table for rows in held.rows}
        return {table for table in held.tables if table.name not in real}

    changed = views(before) ^ views(after)
    if changed:
        message = f"the view {next(iter(changed)).name} is made, changed or dropped"
        raise CannotWrite(message)


def _refuse_triggers(triggers: Iterable[str], table: str) -> None:
    for trigger in triggers:
        message = f"the trigger {trigger} of {table} is made or dropped"
        raise CannotWrite(message)
