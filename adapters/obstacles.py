"""Why a script needs a database to be turned into SQL, told by its calls of SQLAlchemy."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from adapters.reading import keyword, last_name, word
from harness.model.history import Act, ActKind, Obstacle, ObstacleKind
from harness.model.statements import act_of, reads_rows

_REFLECTING = {"inspect", "from_engine", "Inspector", "reflect", "has_table"}
_FETCHING = {
    "fetchall", "fetchone", "fetchmany", "scalar", "scalars", "scalar_one", "query",
    "scalar_one_or_none", "mappings", "yield_per",
}  # fmt: skip
_CONNECTING = {"Session", "sessionmaker", "raw_connection", "create_engine"}
_BINDING = {"values", "where", "bindparams", "filter"}
_WRITING = {"update", "insert", "delete"}
_LONGEST = 70


def obstacles(functions: Iterable[ast.FunctionDef]) -> tuple[Obstacle, ...]:
    """Return the places in functions that need a database, in the order of lines."""
    found = {
        Obstacle(kind, node.lineno, _words(node)): None
        for function in functions
        for node in ast.walk(function)
        for kind in _kinds(node)
        if isinstance(node, ast.expr | ast.stmt)
    }
    return tuple(sorted(found, key=lambda o: (o.line, o.kind)))


def executed(call: ast.Call, names: Mapping[str, ast.expr]) -> Act | None:
    """Return what a call of `execute` does to a database; None if it asks for rows."""
    statement: ast.expr | None = call.args[0] if call.args else keyword(call, "sqltext")
    if statement is None and isinstance(call.func, ast.Attribute):
        statement = call.func.value
    sql = word(statement, names)
    if sql:
        return None if reads_rows(sql) else act_of(sql, call.lineno)
    if statement is None or _selects(statement):
        return None
    writes = any(
        isinstance(node, ast.Call) and last_name(node.func) in _WRITING
        for node in ast.walk(statement)
    )
    return Act(ActKind.CHANGE_ROWS if writes else ActKind.SQL, call.lineno)


def _kinds(node: ast.AST) -> Iterator[ObstacleKind]:
    match node:
        case ast.Call(func=func):
            name = last_name(func)
            if name in _REFLECTING or _autoloads(node):
                yield ObstacleKind.REFLECTION
            if name in _FETCHING:
                yield ObstacleKind.ROWS
            if name in _CONNECTING:
                yield ObstacleKind.CONNECTION
            if name == "execute":
                yield from _of_execution(node)
        case ast.For(iter=ast.Call(func=func)) if last_name(func) == "execute":
            yield ObstacleKind.ROWS
        case _:
            pass


def _autoloads(call: ast.Call) -> bool:
    if keyword(call, "autoload_with") is not None:
        return True
    match keyword(call, "autoload"):
        case ast.Constant(value=True):
            return True
    return False


def _of_execution(call: ast.Call) -> Iterator[ObstacleKind]:
    statement = call.args[0] if call.args else call.func
    if _selects(statement) or reads_rows(word(statement, {})):
        yield ObstacleKind.ROWS
    if len(call.args) > 1:
        yield ObstacleKind.PARAMETERS
    elif any(
        isinstance(node, ast.Call)
        and last_name(node.func) in _BINDING
        and _has_values(node)
        for node in ast.walk(statement)
    ):
        yield ObstacleKind.LITERALS


def _selects(statement: ast.expr) -> bool:
    match statement:
        case ast.Call(func=func) if last_name(func) == "select":
            return True
        case ast.Call(func=ast.Attribute(value=inner)):
            return _selects(inner)
    return False


def _has_values(call: ast.Call) -> bool:
    given = [*call.args, *(k.value for k in call.keywords)]
    return any(
        isinstance(node, ast.Constant)
        and node.value is not None
        and not isinstance(node.value, bool)
        for argument in given
        for node in ast.walk(argument)
    )


def _words(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
