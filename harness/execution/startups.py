"""The files that candidates are started with, as the record of a run tells them."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.contract.parsing import parsed
from harness.execution.registry import Registry
from harness.model.cell import Cell
from harness.model.run import StartupRecord

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def startup_records(
    registry: Registry, cells: Iterable[Cell]
) -> tuple[StartupRecord, ...]:
    """Describe the startup files of the cells' candidates, each file once."""
    columns = dict.fromkeys((cell.candidate, cell.toolchain) for cell in cells)
    return tuple(
        dict.fromkeys(
            _record(candidate, Path(file))
            for candidate, toolchain in columns
            for file in registry.adapter_of(candidate)
            .launching(registry.candidate(candidate), toolchain)
            .startup
        )
    )


def lines_of_code(source: str) -> int:
    """Count lines of Python without comments, docstrings and empty lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {
        line
        for token in tokens
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines.difference(_docstrings(parsed(source))))


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _record(candidate: str, file: Path) -> StartupRecord:
    source = file.read_bytes()
    return StartupRecord(
        candidate=candidate,
        file=file.name,
        lines=lines_of_code(source.decode()),
        sha256=hashlib.sha256(source).hexdigest(),
    )
