"""Which lines of a function are for some backends only, by plain tests of the dialect."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from adapters.reading import last_name, literal, names_at
from harness.model.scenario import ALL_BACKENDS

_SPEAKING = {"dialect", "engine", "migrate_engine", "bind"}
"""What has the dialect's name as its `name`, in SQLAlchemy's words."""
_LEAVING = (ast.Return, ast.Raise)
_Left = frozenset[str]


def left_out(function: ast.FunctionDef, tree: ast.Module) -> dict[int, _Left]:
    """Return the lines of a function that are not run on some backends, with those."""
    return dict(_in_block(function.body, frozenset(), function, tree))


def _in_block(
    block: list[ast.stmt], left: _Left, function: ast.FunctionDef, tree: ast.Module
) -> Iterator[tuple[int, _Left]]:
    for statement in block:
        lines = range(statement.lineno, (statement.end_lineno or 0) + 1)
        if left:
            yield from ((line, left) for line in lines)
        if not isinstance(statement, ast.If):
            for inner in _blocks(statement):
                yield from _in_block(inner, left, function, tree)
            continue
        names = names_at(statement.lineno, tree, function)
        body, other = _sides(statement.test, names)
        yield from _in_block(statement.body, left | body, function, tree)
        yield from _in_block(statement.orelse, left | other, function, tree)
        if not statement.orelse and isinstance(statement.body[-1], _LEAVING):
            left |= other


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a loop, a `with` or a `try`."""
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            yield inner
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def _sides(test: ast.expr, names: Mapping[str, ast.expr]) -> tuple[_Left, _Left]:
    """Return on which backends a condition does not hold, and on which it does.

    Both are empty where it is not a plain test of the dialect's name.
    """
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if _is_name(
            left, names
        ):
            words = _words(right, names)
        case _:
            return frozenset(), frozenset()
    if not words:
        return frozenset(), frozenset()
    meant = words | ({"mysql"} if "mariadb" in words else set())
    otherwise = frozenset(ALL_BACKENDS) - meant
    named = frozenset(ALL_BACKENDS) & words
    match operator:
        case ast.Eq() | ast.In():
            return otherwise, named
        case ast.NotEq() | ast.NotIn():
            return named, otherwise
    return frozenset(), frozenset()


def _words(node: ast.expr, names: Mapping[str, ast.expr]) -> frozenset[str]:
    """Return the words that are spelled out, none where one of them is worked out."""
    try:
        said = literal(node, names)
    except (ValueError, TypeError):
        return frozenset()
    several = said if isinstance(said, tuple) else (said,)
    return frozenset(several if all(isinstance(o, str) for o in several) else ())


def _is_name(node: ast.expr, names: Mapping[str, ast.expr]) -> bool:
    """Tell whether an expression is the dialect's name, also through a name for it."""
    match node:
        case ast.Attribute(attr="name", value=value):
            return last_name(value) in _SPEAKING
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            return _is_name(names[name], rest)
    return False
