"""The files of long histories, written without the tool."""

from __future__ import annotations

from collections.abc import Iterator

_HEAD = '''"""grown {number:05}

Revision ID: {id}
Revises: {revises}
Create Date: 2013-11-01 00:00:00

"""
from alembic import op
import sqlalchemy as sa


revision = '{id}'
down_revision = {parents!r}


'''
_CREATES = """def upgrade():
    op.create_table(
        "grown_{number:05}",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
    )


def downgrade():
    op.drop_table("grown_{number:05}")
"""
_JOINS = """def upgrade():
    pass


def downgrade():
    pass
"""
_DIAMOND = 4


def line(revisions: int) -> Iterator[tuple[str, str]]:
    """Yield names and texts of the files of a line: each creates one small table."""
    for number in range(1, revisions + 1):
        parent = _id(number - 1) if number > 1 else None
        yield _file(number, parent, _CREATES)


def diamonds(revisions: int) -> Iterator[tuple[str, str]]:
    """Yield the files of a history of which every four begin, part, and meet again.

    What is left over at the end is a line, so that there is one head.
    """
    whole = revisions - revisions % _DIAMOND
    for number in range(1, revisions + 1):
        place = (number - 1) % _DIAMOND if number <= whole else 0
        if place == _DIAMOND - 1:
            yield _file(number, (_id(number - 2), _id(number - 1)), _JOINS)
            continue
        parent = number - 2 if place == _DIAMOND - 2 else number - 1
        yield _file(number, _id(parent) if parent else None, _CREATES)


def _id(number: int) -> str:
    return f"{number:012x}"


def _file(
    number: int, parents: str | tuple[str, ...] | None, bodies: str
) -> tuple[str, str]:
    own = _id(number)
    revises = ", ".join(parents) if isinstance(parents, tuple) else parents or ""
    head = _HEAD.format(number=number, id=own, revises=revises, parents=parents)
    return f"{own}_grown_{number:05}.py", head + bodies.format(number=number)
