"""Writes an alembic repository from the pieces of another tool's history."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.alembic.carrying.operations import Chunk, chunks
from adapters.alembic.carrying.squashing import squashed
from adapters.alembic.carrying.statements import by_dialect, said_again
from adapters.alembic.carrying.types import VERBATIM, VERBATIM_SOURCE
from adapters.alembic.carrying.wrapping import wrapped
from adapters.alembic.source import quoted
from harness.contract import Settled
from harness.model.carrying import Act, How, Piece
from harness.model.replay import Direction

_TEMPLATES = Path(__file__).parent / "templates"
_INDENT = "    "
_LONGEST_ID = 32
"""What the column of alembic_version takes."""
_WIDTH = 86
_COPY = "table"
_POSTGRESQL = "from sqlalchemy.dialects import postgresql"
_URL = "DATABASE_URL"
_MODULES = ("datetime", "decimal", "uuid")


class AlembicTaking:
    """One revision a step, in a straight line, played by the newest alembic."""

    toolchain = "newest"
    requirement = "alembic"

    def revision(self, number: int, step: str, name: str) -> str:
        """Return an id that people can read and that sorts: `0216_havana`."""
        place = f"{int(step):04}" if step.isdigit() else f"{number:04}_{step}"
        return f"{place}_{name}"[:_LONGEST_ID].rstrip("_")

    def begin(self, folder: Path) -> Settled:
        """Write alembic.ini, env.py, the template of new revisions, and a README."""
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        for name, place in (
            ("alembic.ini", folder),
            ("README.md", folder),
            ("env.py", versions.parent),
            ("script.py.mako", versions.parent),
        ):
            template = _TEMPLATES / f"{name}.template"
            (place / name).write_text(template.read_text(encoding="utf-8"))
        told = {"settings": str(folder / "alembic.ini")}
        return Settled(told=told, environ={_URL: "{url}"})

    def write(self, folder: Path, piece: Piece) -> Path:
        """Write a revision; `CannotWrite` if it cannot be said in its piece's way."""
        path = folder / "migrations" / "versions" / f"{piece.revision}.py"
        path.write_text(revision_source(piece), encoding="utf-8")
        return path


def revision_source(piece: Piece) -> str:
    """Return the file of a revision."""
    up = _body(piece, piece.up, Direction.UP)
    down = (
        _body(piece, piece.down, Direction.DOWN)
        if piece.down
        else [f"raise NotImplementedError({quoted(_no_way_back(piece))})"]
    )
    body = "\n".join([*_function("upgrade", up), "", "", *_function("downgrade", down)])
    return f"{_head(piece, body)}\n\n\n{body}\n"


def _no_way_back(piece: Piece) -> str:
    return f"{piece.script} was carried over without a way back"


def _body(piece: Piece, acts: dict[str, Act], direction: Direction) -> list[str]:
    if piece.how is How.WRAPPED:
        return wrapped(piece.calls[direction])
    otherwise = f"step {piece.step} was recorded on {', '.join(acts)} only"
    if piece.how is How.STATEMENTS:
        bodies = {backend: said_again(act) for backend, act in acts.items()}
        return by_dialect(bodies, neutral=False, otherwise=otherwise)
    if piece.how is How.SQUASHED:
        found = {b: squashed(act, piece.rows[b], b) for b, act in acts.items()}
    else:
        found = {backend: chunks(act, backend) for backend, act in acts.items()}
    bodies = {backend: list(blocks(found, backend)) for backend in acts}
    return by_dialect(bodies, neutral=True, otherwise=otherwise)


def blocks(found: dict[str, tuple[Chunk, ...]], backend: str) -> Iterator[str]:
    """Yield the lines of one backend; all have the same where they do the same."""
    mine = found[backend]
    said = [(chunk.table, chunk.lines) for chunk in mine]
    alike = [
        chunks
        for chunks in found.values()
        if [(c.table, c.lines) for c in chunks] == said
    ]
    for number, chunk in enumerate(mine):
        copies = [chunks[number].copy for chunks in alike if chunks[number].copy]
        yield from _block(chunk, copies[0]) if copies else _lines(chunk.lines)


def _block(chunk: Chunk, copy: str) -> Iterator[str]:
    """Yield a batch, with a copy of the table for databases that cannot alter it."""
    yield from f"{_COPY} = {copy}".splitlines()
    name = quoted(chunk.table)
    always = ', recreate="always"' if chunk.rebuilt else ""
    begun = f"with op.batch_alter_table({name}, copy_from={_COPY}{always}) as batch_op:"
    yield begun if chunk.batch != ("pass",) else begun.replace(" as batch_op", "")
    yield from (f"{_INDENT}{line}" for line in _lines(chunk.batch))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from text.splitlines()


def _head(piece: Piece, body: str) -> str:
    said = [
        f'"""{piece.name.replace("_", " ") or piece.step}',
        "",
        _origin(piece),
        "",
        f"Revision ID: {piece.revision}",
        f"Revises: {piece.parent or ''}".rstrip(),
        '"""',
    ]
    imports = [
        *(f"import {name}" for name in _MODULES if re.search(rf"\b{name}\.", body)),
        *(["import sqlalchemy as sa"] if re.search(r"\bsa\.|Verbatim", body) else []),
        "from alembic import op",
        *([_POSTGRESQL] if "postgresql.ENUM" in body else []),
    ]
    fields = [
        f"revision = {quoted(piece.revision)}",
        f"down_revision = {quoted(piece.parent) if piece.parent else None}",
        "branch_labels = None",
        "depends_on = None",
    ]
    marks = list(_marks(piece.marks))
    own = ["", "", VERBATIM_SOURCE.rstrip()] if VERBATIM in body else []
    return "\n".join([*said, "", *imports, "", *fields, *marks, *own])


def _origin(piece: Piece) -> str:
    if piece.how is How.SQUASHED:
        return f"All steps up to {piece.script} (step {piece.step}) in one."
    return f"From {piece.script} (step {piece.step})."


def _marks(marks: Iterable[str]) -> Iterator[str]:
    for mark in marks:
        yield ""
        yield "# TO BE LOOKED AT by a person:"
        yield from (
            f"# {line}" for line in textwrap.wrap(mark, _WIDTH, break_long_words=False)
        )


def _function(name: str, body: list[str]) -> list[str]:
    lines = textwrap.indent("\n".join(body or ["pass"]), _INDENT).splitlines()
    return [f"def {name}():", *lines]
