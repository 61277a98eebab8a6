"""What an upgrade or a downgrade does, whichever tool's calls it is written in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import msgspec

from adapters.branches import left_out
from adapters.obstacles import obstacles
from adapters.reading import (
    bound,
    calls_as_statements,
    imported_from_elsewhere,
    is_blank,
    last_name,
    only_raises,
    reached,
    root_name,
)
from harness.model.history import Act, ActKind, Direction, Trait

ActsOf = Callable[[ast.FunctionDef, ast.Module], Iterator[Act]]


def direction(name: str, tree: ast.Module, acts_of: ActsOf) -> Direction:
    """Return what a function of a script does, with those of the script that it calls.

    `acts_of` reads a tool's own calls. A call of code outside of the script, whose value
    nobody takes, is told as such.
    """
    functions = reached(name, tree)
    if not functions:
        return _given(name, tree)
    outside = imported_from_elsewhere(tree)
    acts: dict[Act, None] = {}
    for function in functions:
        acts.update(dict.fromkeys(_placed(acts_of(function, tree), function, tree)))
        for call in calls_as_statements(function):
            if root_name(call.func) in outside:
                acts[Act(ActKind.ELSEWHERE, call.lineno, name=last_name(call.func))] = (
                    None
                )
    return Direction(
        written=True,
        blank=is_blank(functions[0]),
        raises=only_raises(functions[0]),
        acts=tuple(sorted(acts, key=lambda act: act.line)),
        obstacles=obstacles(functions),
    )


def _placed(
    acts: Iterator[Act], function: ast.FunctionDef, tree: ast.Module
) -> Iterator[Act]:
    """Yield acts with the backends on which the function leaves them out."""
    left = left_out(function, tree)
    for act in (one for both in acts for one in _apart(both)):
        there = tuple(sorted(left.get(act.line, ())))
        yield msgspec.structs.replace(act, left_out=there) if there else act


def _apart(act: Act) -> Iterator[Act]:
    """Yield the rename and the change of a call that does both to a column."""
    if act.kind is not ActKind.RENAME_COLUMN or not set(act.traits) - {Trait.COPY}:
        yield act
        return
    copy = tuple(trait for trait in act.traits if trait is Trait.COPY)
    yield msgspec.structs.replace(act, traits=copy)
    yield msgspec.structs.replace(act, kind=ActKind.ALTER_COLUMN)


def _given(name: str, tree: ast.Module) -> Direction:
    """Return what is known of a function that the script has from elsewhere."""
    match dict(bound(tree)).get(name):
        case ast.Assign() | ast.AnnAssign() | ast.ImportFrom() as statement:
            act = Act(ActKind.ELSEWHERE, statement.lineno, name=name)
            return Direction(written=True, acts=(act,))
    return Direction()
