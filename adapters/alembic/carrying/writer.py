"""Writes an alembic repository from the pieces of another tool's history."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.alembic.carrying.dialects import body_of_chunks, body_of_lines
from adapters.alembic.carrying.operations import chunks
from adapters.alembic.carrying.squashing import squashed
from adapters.alembic.carrying.statements import said_again
from adapters.alembic.carrying.types import VERBATIM, VERBATIM_SOURCE
from adapters.alembic.carrying.wrapping import wrapped
from adapters.alembic.source import call, quoted
from harness.contract import Settled
from harness.model.carrying import Act, How, Piece
from harness.model.replay import Direction

_TEMPLATES = Path(__file__).parent / "templates"
_INDENT = "    "
_LONGEST_ID = 32
"""What the column of alembic_version takes."""
_WIDTH = 86
_POSTGRESQL = "from sqlalchemy.dialects import postgresql"
_URL = "DATABASE_URL"
_CONNECTED = ("op.get_bind().exec_driver_sql", "op.get_bind().engine")
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
    functions = [
        *_function("upgrade", [*_offline(piece, up), *up]),
        "",
        "",
        *_function("downgrade", [*_offline(piece, down), *down]),
    ]
    body = "\n".join(functions)
    return f"{_head(piece, body)}\n\n\n{body}\n"


def _offline(piece: Piece, body: list[str]) -> list[str]:
    """Return lines that say why a function cannot be written out as SQL, if it cannot."""
    if not any(needed in line for needed in _CONNECTED for line in body):
        return []
    what = "the original script runs" if piece.how is How.WRAPPED else "values are sent"
    reason = f"step {piece.step} needs a connection: {what}"
    failing = call("raise NotImplementedError", [quoted(reason)])
    return [
        "if op.get_context().as_sql:",
        *textwrap.indent(failing, _INDENT).splitlines(),
    ]


def _no_way_back(piece: Piece) -> str:
    return f"{piece.script} was carried over without a way back"


def _body(piece: Piece, acts: dict[str, Act], direction: Direction) -> list[str]:
    if piece.how is How.WRAPPED:
        return wrapped(piece.calls[direction])
    otherwise = f"step {piece.step} was recorded on {', '.join(acts)} only"
    if piece.how is How.STATEMENTS:
        bodies = {backend: said_again(act) for backend, act in acts.items()}
        return body_of_lines(bodies, otherwise)
    if piece.how is How.SQUASHED:
        found = {b: squashed(act, piece.rows[b], b) for b, act in acts.items()}
    else:
        found = {backend: chunks(act, backend) for backend, act in acts.items()}
    return body_of_chunks(found, otherwise)


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
        *(["from alembic import op"] if re.search(r"\bop\.", body) else []),
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
    begun = ["", *imports] if imports else []
    return "\n".join([*said, *begun, "", *fields, *marks, *own])


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
