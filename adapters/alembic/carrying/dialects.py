"""What is the same on all backends is written once, and the rest for each dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import indent

from adapters.alembic.carrying.operations import Chunk
from adapters.alembic.source import call, quoted

_INDENT = "    "
_COPY = "table"
_KEY = f"{_INDENT}sa.ForeignKeyConstraint("
_OWN = re.compile(r" +(?:mysql|sqlite)_\w+=.*,")
"""An option of a table that other databases pass over."""
# A server may be named by either word, and its operations are the same.
_DIALECT = 'dialect = op.get_context().dialect.name.replace("mariadb", "mysql")'

Chunks = dict[str, tuple[Chunk, ...]]
"""What a step does on each backend."""


def body_of_chunks(found: Chunks, otherwise: str) -> list[str]:
    """Return the body of a function: operations in order, apart only where they differ.

    `otherwise` is what it says on a dialect that it has nothing for.
    """
    runs = list(_runs(found))
    lines = [line for run in runs for line in _run(run)]
    if any(not run.common for run in runs):
        return [*_known(tuple(found), otherwise), *lines]
    return lines


def body_of_lines(bodies: dict[str, list[str]], otherwise: str) -> list[str]:
    """Return the body of a function that is for these dialects, and fails on others."""
    if not any(bodies.values()):
        return []
    return [*_known(tuple(bodies), otherwise), *_apart(bodies)]


class _Run:
    """Chunks that follow each other: alike on all backends, or each backend's own."""

    def __init__(self, chunks: Chunks, *, common: bool) -> None:
        self.chunks = chunks
        self.common = common


def _runs(found: Chunks) -> Iterator[_Run]:
    left = dict(found)
    while any(left.values()):
        places = _meeting(left)
        if places is None:
            yield _Run(left, common=False)
            return
        if any(places.values()):
            apart = {b: chunks[: places[b]] for b, chunks in left.items()}
            yield _Run(apart, common=False)
        same: Chunks = {b: (chunks[places[b]],) for b, chunks in left.items()}
        yield _Run(same, common=True)
        left = {b: chunks[places[b] + 1 :] for b, chunks in left.items()}


def _meeting(left: Chunks) -> dict[str, int] | None:
    """Return where the next chunk that all have stands with each of them."""
    said = {b: [_said(chunk) for chunk in chunks] for b, chunks in left.items()}
    for one in next(iter(said.values())):
        if all(one in chunks for chunks in said.values()):
            return {b: chunks.index(one) for b, chunks in said.items()}
    return None


def _said(chunk: Chunk) -> tuple[str, bool, list[str]]:
    """Return what a chunk says, whatever the order of foreign keys.

    Options that are for one database only are left out.
    """
    keys = [part for part in _parts(chunk) if part.startswith(_KEY)]
    rest = [part for part in _parts(chunk) if not part.startswith(_KEY)]
    return chunk.table, chunk.rebuilt, [*rest, *sorted(keys)]


def _parts(chunk: Chunk) -> Iterator[str]:
    """Yield lines and, of a call over several lines, its arguments."""
    part: list[str] = []
    for line in chunk.lines:
        if part and not line.startswith((f"{_INDENT} ", f"{_INDENT})")):
            yield "\n".join(part)
            part = []
        if not _OWN.match(line):
            part.append(line)
    if part:
        yield "\n".join(part)


def _merged(alike: dict[str, Chunk]) -> Chunk:
    """Return one chunk for all that say the same, with the options of each.

    MySQL is followed in the order: it gives foreign keys numbers.
    """
    some = list(alike.values())
    first = next((chunk for chunk in some if chunk.copy), alike.get("mysql", some[0]))
    own = dict.fromkeys(x for chunk in some for x in chunk.lines if _OWN.match(x))
    if not own:
        return first
    *kept, last = (line for line in first.lines if not _OWN.match(line))
    return first._replace(lines=(*kept, *own, last))


def _run(run: _Run) -> Iterator[str]:
    if run.common:
        yield from _lines_of(
            _merged({b: chunks[0] for b, chunks in run.chunks.items()})
        )
        return
    yield from _apart(
        {
            backend: [line for chunk in chunks for line in _lines_of(chunk)]
            for backend, chunks in run.chunks.items()
        }
    )


def _apart(bodies: dict[str, list[str]]) -> Iterator[str]:
    """Yield a body for each dialect, one for those that have the same."""
    word = "if"
    for body in dict.fromkeys(tuple(body) for body in bodies.values()):
        if body:
            mine = [name for name, other in bodies.items() if tuple(other) == body]
            yield f"{word} {_is_one_of(mine)}:"
            yield from indent("\n".join(body), _INDENT).splitlines()
            word = "elif"


def _known(dialects: tuple[str, ...], otherwise: str) -> list[str]:
    failing = call("raise NotImplementedError", [quoted(otherwise)])
    refused = _is_one_of(dialects, no=True)
    return [_DIALECT, f"if {refused}:", *indent(failing, _INDENT).splitlines()]


def _is_one_of(dialects: Iterable[str], *, no: bool = False) -> str:
    names = list(map(quoted, dialects))
    if len(names) == 1:
        return f"dialect {'!=' if no else '=='} {names[0]}"
    return f"dialect {'not in' if no else 'in'} ({', '.join(names)})"


def _lines_of(chunk: Chunk) -> Iterator[str]:
    """Yield a chunk's lines, in a batch with a copy of the table where it has one."""
    if not chunk.copy:
        yield from _lines(chunk.lines)
        return
    yield from f"{_COPY} = {chunk.copy}".splitlines()
    name = quoted(chunk.table)
    always = ', recreate="always"' if chunk.rebuilt else ""
    begun = f"with op.batch_alter_table({name}, copy_from={_COPY}{always}) as batch_op:"
    yield begun if chunk.batch != ("pass",) else begun.replace(" as batch_op", "")
    yield from (f"{_INDENT}{line}" for line in _lines(chunk.batch))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from text.splitlines()
