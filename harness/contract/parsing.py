"""Python read as data, by several threads at once."""

from __future__ import annotations

import ast
import threading
from typing import Any

_TURN = threading.Lock()
"""CPython 3.11 has one count of depth for all threads that build a tree.

Two at once end in `SystemError: AST constructor recursion depth mismatch`
(python/cpython#106905).
"""


def parsed(source: str) -> ast.Module:
    """Return the tree of a module; `SyntaxError` if it is none."""
    with _TURN:
        return ast.parse(source)


def literal(text: str) -> Any:  # noqa: ANN401
    """Return the value that a literal stands for; `ValueError` if it is none."""
    with _TURN:
        return ast.literal_eval(text)
