"""What a script does already when it is imported, before anybody asks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from harness.model.faults import FaultKind
from harness.model.history import Trouble

_LONGEST = 60


def on_import(file: Path, tree: ast.Module) -> Iterator[Trouble]:
    """Tell of calls whose value nobody takes, and of what is raised, outside of functions.

    Only what always runs: nothing under a condition or in a loop.
    """
    found = [s for s in tree.body if _acts(s)]
    if found:
        first = " ".join(ast.unparse(found[0]).split())
        told = first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
        more = f", and {len(found) - 1} more like it" if len(found) > 1 else ""
        yield Trouble(
            FaultKind.RUNS_ON_IMPORT,
            f"line {found[0].lineno}: runs `{told}` when it is imported{more}",
            "move it into upgrade(), or out of the script",
            (file,),
        )


def _acts(statement: ast.stmt) -> bool:
    match statement:
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Await()):
            return True
    return False
