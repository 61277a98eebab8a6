"""What holds for the tests themselves."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
# What pytest has, and what Playwright has for a page.
_EXPECTING = {"raises", "warns", "fail", "expect"}
_Function = ast.FunctionDef


def test_every_test_asserts() -> None:
    """A test asserts, expects an exception, or calls a function of ours that asserts."""
    functions: dict[str, list[_Function]] = defaultdict(list)
    for path in TESTS.rglob("*.py"):
        for function in _functions(path.read_text(encoding="utf-8")):
            functions[function.name].append(function)

    asserting = _asserting(functions)

    tests = {name for name in functions if name.startswith("test_")}
    assert len(tests) > 1
    assert set() == tests - asserting


def test_a_test_without_an_assertion_is_found() -> None:
    """Whoever calls something that asserts nothing has asserted nothing."""
    source = """
def helper():
    assert True
def test_good():
    helper()
def idle():
    print()
def test_idle():
    idle()
"""
    functions = {function.name: [function] for function in _functions(source)}

    assert {"helper", "test_good"} == _asserting(functions)


def _functions(source: str) -> Iterator[_Function]:
    nodes = ast.walk(ast.parse(source))
    return (node for node in nodes if isinstance(node, _Function))


def _asserting(functions: dict[str, list[_Function]]) -> set[str]:
    """Return the names of which all functions assert, themselves or by a call."""
    found: set[str] = set()
    while True:
        known = found | _EXPECTING
        more = {
            name
            for name, same in functions.items()
            if all(_asserts(function, known) for function in same)
        }
        if more == found:
            return found
        found = more


def _asserts(function: _Function, known: set[str]) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and _called(node) in known)
        for node in ast.walk(function)
    )


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
