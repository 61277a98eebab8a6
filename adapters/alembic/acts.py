"""What a revision's functions do, read from their calls of `op`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from adapters.obstacles import executed
from adapters.reading import (
    argument,
    keyword,
    last_name,
    literal,
    names_at,
    word,
)
from harness.model.history import Act, ActKind, Trait

_KINDS = {
    "create_table": ActKind.CREATE_TABLE,
    "drop_table": ActKind.DROP_TABLE,
    "rename_table": ActKind.RENAME_TABLE,
    "add_column": ActKind.ADD_COLUMN,
    "drop_column": ActKind.DROP_COLUMN,
    "alter_column": ActKind.ALTER_COLUMN,
    "create_index": ActKind.CREATE_INDEX,
    "drop_index": ActKind.DROP_INDEX,
    "create_foreign_key": ActKind.ADD_CONSTRAINT,
    "create_unique_constraint": ActKind.ADD_CONSTRAINT,
    "create_check_constraint": ActKind.ADD_CONSTRAINT,
    "create_primary_key": ActKind.ADD_CONSTRAINT,
    "create_exclude_constraint": ActKind.ADD_CONSTRAINT,
    "drop_constraint": ActKind.DROP_CONSTRAINT,
    "bulk_insert": ActKind.CHANGE_ROWS,
    "create_table_comment": ActKind.COMMENT,
    "drop_table_comment": ActKind.COMMENT,
}
_NAME_FIRST = {ActKind.CREATE_INDEX, ActKind.DROP_INDEX, ActKind.ADD_CONSTRAINT,
               ActKind.DROP_CONSTRAINT}  # fmt: skip
_TABLE_WORDS = ("table_name", "source_table", "old_table_name")
_CONSTRAINTS = {
    "create_foreign_key": Trait.FOREIGN_KEY,
    "create_unique_constraint": Trait.UNIQUE,
    "create_check_constraint": Trait.CHECK,
    "create_primary_key": Trait.PRIMARY_KEY,
}
_ALTERING = {"nullable": Trait.NULLABLE, "server_default": Trait.DEFAULT,
             "type_": Trait.TYPE}  # fmt: skip


def _batches(function: ast.FunctionDef, tree: ast.Module) -> dict[ast.AST, str]:
    """Return the calls on batches with the tables that these are for."""
    found: dict[ast.AST, str] = {}
    for node in ast.walk(function):
        for item in node.items if isinstance(node, ast.With) else ():
            match item:
                case ast.withitem(
                    context_expr=ast.Call(func=func) as call,
                    optional_vars=ast.Name(id=name),
                ) if last_name(func) == "batch_alter_table":
                    names = names_at(call.lineno, tree, function)
                    table = word(argument(call, 0, "table_name"), names)
                    found.update(dict.fromkeys(_calls_on(name, node), table))
                case _:
                    pass
    return found


def _calls_on(name: str, within: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(within):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))) if (
                owner == name
            ):
                yield node
            case _:
                pass


def acts(function: ast.FunctionDef, tree: ast.Module) -> Iterator[Act]:
    """Return what a function does to a database, as far as reading tells."""
    batches = _batches(function, tree)
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=verb)) if (
                verb in _KINDS
            ):
                names = names_at(node.lineno, tree, function)
                yield _act(node, verb, names, batches.get(node))
            case ast.Call(func=ast.Attribute(attr="execute")):
                act = executed(node, names_at(node.lineno, tree, function))
                if act is not None:
                    yield act
            case _:
                pass


def _act(
    call: ast.Call, verb: str, names: Mapping[str, ast.expr], batch: str | None
) -> Act:
    kind = _KINDS[verb]
    arguments = [word(node, names) for node in call.args]
    table, name = batch or "", ""
    if kind in _NAME_FIRST:
        name = _at(arguments, 0) or word(keyword(call, "constraint_name"), names)
        table = table or _at(arguments, 1)
    elif batch is None:
        table, name = _at(arguments, 0), _at(arguments, 1)
    else:
        name = _at(arguments, 0)
    if kind is ActKind.ADD_COLUMN:
        name = _column_name(call, names)
    if kind is ActKind.ALTER_COLUMN and keyword(call, "new_column_name") is not None:
        kind = ActKind.RENAME_COLUMN
    for given in _TABLE_WORDS:
        table = table or word(keyword(call, given), names)
    traits = tuple(dict.fromkeys(_traits(call, verb, batch)))
    columns = _columns(call, batch, names) if kind is ActKind.CREATE_INDEX else ()
    return Act(kind, call.lineno, table, name, traits, columns=columns)


def _columns(
    call: ast.Call, batch: str | None, names: Mapping[str, ast.expr]
) -> tuple[str, ...]:
    """Return the columns of an index, none if one of them is not written out."""
    try:
        said = literal(argument(call, 2 if batch is None else 1, "columns"), names)
    except (ValueError, TypeError):
        return ()
    written = isinstance(said, tuple) and all(isinstance(one, str) for one in said)
    return said if written else ()


def _at(arguments: list[str], position: int) -> str:
    return arguments[position] if position < len(arguments) else ""


def _column(call: ast.Call) -> ast.Call | None:
    given = [*call.args, *(k.value for k in call.keywords)]
    columns = (node for node in given if isinstance(node, ast.Call))
    return next((c for c in columns if last_name(c.func) == "Column"), None)


def _column_name(call: ast.Call, names: Mapping[str, ast.expr]) -> str:
    column = _column(call)
    return "" if column is None else word(argument(column, 0, "name"), names)


def _traits(call: ast.Call, verb: str, batch: str | None) -> Iterator[Trait]:
    if batch is not None and _copies(verb):
        yield Trait.COPY
    if verb in _CONSTRAINTS:
        yield _CONSTRAINTS[verb]
    match keyword(call, "postgresql_concurrently"):
        case ast.Constant(value=True):
            yield Trait.CONCURRENTLY
    match keyword(call, "unique"):
        case ast.Constant(value=True):
            yield Trait.UNIQUE
    if verb == "alter_column":
        for given, trait in _ALTERING.items():
            if keyword(call, given) is not None:
                strict = given == "nullable" and _is(keyword(call, given), value=False)
                yield Trait.NOT_NULL if strict else trait
    column = _column(call) if verb == "add_column" else None
    if column is not None:
        yield from column_traits(column)


def column_traits(column: ast.Call) -> Iterator[Trait]:
    """Return what matters about a `Column` that comes to a table in use."""
    if _is(keyword(column, "nullable"), value=False):
        yield Trait.NOT_NULL
    if keyword(column, "server_default") is not None:
        yield Trait.DEFAULT
    if _is(keyword(column, "unique"), value=True):
        yield Trait.UNIQUE
    if _is(keyword(column, "primary_key"), value=True):
        yield Trait.PRIMARY_KEY
    inner = (node for node in column.args if isinstance(node, ast.Call))
    if any(last_name(node.func) == "ForeignKey" for node in inner):
        yield Trait.FOREIGN_KEY


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _copies(verb: str) -> bool:
    """Tell whether a batch copies the table on SQLite, as it does by default for these.

    With recreate="auto", adding a column and an index are done in place.
    """
    return verb not in {"add_column", "create_index", "drop_index"}
