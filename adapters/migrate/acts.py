"""What a script's functions do, read from their calls of SQLAlchemy and migrate."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from adapters.obstacles import executed
from adapters.reading import (
    argument,
    keyword,
    last_name,
    names_at,
    word,
)
from harness.model.history import Act, ActKind, Trait

_Names = Mapping[str, ast.expr]

_CONSTRAINTS = {
    "UniqueConstraint": Trait.UNIQUE,
    "ForeignKeyConstraint": Trait.FOREIGN_KEY,
    "CheckConstraint": Trait.CHECK,
    "PrimaryKeyConstraint": Trait.PRIMARY_KEY,
}
_MADE = {
    "Table": (ActKind.CREATE_TABLE, ActKind.DROP_TABLE),
    "Column": (ActKind.ADD_COLUMN, ActKind.DROP_COLUMN),
    "Index": (ActKind.CREATE_INDEX, ActKind.DROP_INDEX),
    **dict.fromkeys(_CONSTRAINTS, (ActKind.ADD_CONSTRAINT, ActKind.DROP_CONSTRAINT)),
}
_SPOKEN = {
    "create_column": ActKind.ADD_COLUMN,
    "drop_column": ActKind.DROP_COLUMN,
    "alter_column": ActKind.ALTER_COLUMN,
    "rename_table": ActKind.RENAME_TABLE,
}
_VERBS = {"execute", "create", "drop", "alter", "rename", *_SPOKEN}
_COPYING = {ActKind.DROP_COLUMN, ActKind.ALTER_COLUMN, ActKind.RENAME_COLUMN,
            ActKind.ADD_CONSTRAINT, ActKind.DROP_CONSTRAINT}  # fmt: skip
_ALTERING = {"type": Trait.TYPE, "server_default": Trait.DEFAULT}


def _looped(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """Return what a loop's name is the first time, where the loop spells it out."""
    for node in ast.walk(function):
        match node:
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Tuple(elts=[first, *_]) | ast.List(elts=[first, *_]),
            ):
                yield name, first
            case _:
                pass


def acts(function: ast.FunctionDef, tree: ast.Module) -> Iterator[Act]:
    """Return what a function does to a database, as far as reading tells."""
    looped = dict(_looped(function))
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and last_name(node.func) in _VERBS:
            names = {**looped, **names_at(node.lineno, tree, function)}
            act = _act(node, names)
            if act is not None:
                yield act


def _act(call: ast.Call, names: _Names) -> Act | None:
    verb = last_name(call.func)
    if verb == "execute":
        return executed(call, names)
    if verb in _SPOKEN:
        return _spoken(call, verb, names)
    if not isinstance(call.func, ast.Attribute):
        return None
    owner = call.func.value
    if verb in {"create", "drop", "alter", "rename"}:
        column = _column_of(owner, names)
        if column is not None:
            return _on_column(call, verb, column)
        return _on_object(call, verb, _made(owner, names), names)
    return None


def _spoken(call: ast.Call, verb: str, names: _Names) -> Act:
    """Read `table.create_column(column)` and `create_column(column, table)` alike."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    own = _table_name(owner, names) if owner is not None else ""
    table = own or _table_name(argument(call, 1, "table"), names)
    column = _made(argument(call, 0, "column"), names)
    name = word(argument(call, 0, "name"), names)
    if column is not None and not name:
        name = word(argument(column, 0, "name"), names)
    traits = tuple(_column_traits(column)) if column is not None else ()
    kind = _SPOKEN[verb]
    return Act(kind, call.lineno, table, name, (*_copy(kind), *traits))


def _column_of(owner: ast.expr, names: _Names) -> tuple[str, str] | None:
    """Return table and column of `table.c.column`, and of what was assigned from it."""
    match owner:
        case ast.Attribute(
            value=ast.Attribute(value=table, attr="c" | "columns"), attr=c
        ):
            return _table_name(table, names), c
        case ast.Subscript(
            value=ast.Attribute(value=table, attr="c" | "columns"), slice=item
        ):
            return _table_name(table, names), word(item, names)
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Attribute(
            value=table, attr="c" | "columns"
        ), item, *_]):  # fmt: skip
            return _table_name(table, names), word(item, names)
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            return _column_of(names[name], rest)
    return None


def _on_column(call: ast.Call, verb: str, column: tuple[str, str]) -> Act:
    table, name = column
    kind = {"create": ActKind.ADD_COLUMN, "drop": ActKind.DROP_COLUMN}.get(
        verb, ActKind.ALTER_COLUMN
    )
    if keyword(call, "name") is not None:
        kind = ActKind.RENAME_COLUMN
    traits = [*_copy(kind), *(t for k, t in _ALTERING.items() if keyword(call, k))]
    match keyword(call, "nullable"):
        case ast.Constant(value=False):
            traits.append(Trait.NOT_NULL)
        case ast.Constant(value=True):
            traits.append(Trait.NULLABLE)
    return Act(kind, call.lineno, table, name, tuple(traits))


def _on_object(
    call: ast.Call, verb: str, made: ast.Call | None, names: _Names
) -> Act | None:
    """Return what creating or dropping a table, column, index or constraint is."""
    what = last_name(made.func) if made is not None else ""
    if verb == "rename":
        table = word(made.args[0], names) if made is not None and made.args else ""
        return Act(ActKind.RENAME_TABLE, call.lineno, table)
    if made is None or what not in _MADE or verb == "alter":
        return (
            Act(ActKind.SQL, call.lineno) if made is not None else _unknown(call, verb)
        )
    kind = _MADE[what][verb == "drop"]
    name = word(argument(made, 0, "name"), names)
    if what == "Table":
        return Act(kind, call.lineno, name)
    table = _table_name(argument(call, 0, "table"), names) if what == "Column" else ""
    traits: list[Trait] = list(_copy(kind))
    if what == "Column" and verb == "create":
        traits.extend(_column_traits(made))
    if what in _CONSTRAINTS:
        name = word(keyword(made, "name"), names)
        table = _table_name(keyword(made, "table"), names)
        traits.append(_CONSTRAINTS[what])
    columns: tuple[str, ...] = ()
    if what == "Index":
        found = [_column_of(column, names) for column in made.args[1:]]
        table = next((column[0] for column in found if column), "")
        columns = tuple(column[1] for column in found if column)
        columns = columns if len(columns) == len(found) and all(columns) else ()
    return Act(
        kind, call.lineno, table, name, tuple(dict.fromkeys(traits)), columns=columns
    )


def _unknown(call: ast.Call, verb: str) -> Act | None:
    """Return a change of something that reading does not tell; `checkfirst` is a table."""
    if keyword(call, "checkfirst") is not None:
        kind = ActKind.CREATE_TABLE if verb == "create" else ActKind.DROP_TABLE
        return Act(kind, call.lineno)
    return Act(ActKind.SQL, call.lineno)


def _made(node: ast.expr | None, names: _Names) -> ast.Call | None:
    """Return the call that made an object, through the names it was given."""
    match node:
        case ast.Call(func=ast.Attribute(attr="copy" | "tometadata"), args=_):
            return (
                _made(node.func.value, names) if hasattr(node.func, "value") else None
            )
        case ast.Call():
            return node
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            return _made(names[name], rest)
    return None


def _table_name(node: ast.expr | None, names: _Names) -> str:
    made = _made(node, names)
    if made is not None and last_name(made.func) == "Table":
        return word(argument(made, 0, "name"), names)
    return ""


def _copy(kind: ActKind) -> tuple[Trait, ...]:
    """Return that the table is copied on SQLite, as migrate's emulation does for these.

    Adding a column without a foreign key and renaming a table are native there.
    """
    return (Trait.COPY,) if kind in _COPYING else ()


def _column_traits(column: ast.Call) -> Iterator[Trait]:
    inner = [last_name(n.func) for n in column.args if isinstance(n, ast.Call)]
    if "ForeignKey" in inner:
        yield from (Trait.FOREIGN_KEY, Trait.COPY)
    if keyword(column, "server_default") is not None:
        yield Trait.DEFAULT
    for given, value, trait in (
        ("nullable", False, Trait.NOT_NULL),
        ("unique", True, Trait.UNIQUE),
        ("primary_key", True, Trait.PRIMARY_KEY),
    ):
        match keyword(column, given):
            case ast.Constant(value=said) if said is value:
                yield trait
