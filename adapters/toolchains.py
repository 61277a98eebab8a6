"""Toolchains that more than one tool runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from harness.contract import Unsupported
from harness.model.operations import (
    AddColumn,
    AlterColumn,
    CommentOnColumn,
    CommentOnTable,
    CreateTable,
    Operation,
)
from harness.model.schema import Column
from harness.model.toolchain import Toolchain

COMMON = Toolchain(
    name="common",
    lock=str(Path(__file__).with_name("common.txt")),
    summary="all tools on one interpreter with one SQLAlchemy: only the tools differ",
)
ICEHOUSE = Toolchain(
    name="icehouse",
    lock=str(Path(__file__).with_name("icehouse.txt")),
    summary="what a team had in November 2013, on Python 2.7",
    python="2.7",
    interpreter="2.7",
)


def checks_booleans(versions: Mapping[str, str]) -> bool:
    """Tell whether SQLAlchemy puts a CHECK on a Boolean column: it did before 1.4.

    By its documentation of `Boolean`, `create_constraint` is False by default since 1.4.
    """
    major, minor = map(int, versions["sqlalchemy"].split(".")[:2])
    return (major, minor) < (1, 4)


def require_words(versions: Mapping[str, str], operations: Iterable[Operation]) -> None:
    """Raise `Unsupported` for what the toolchain's SQLAlchemy cannot say yet."""
    own = versions["sqlalchemy"]
    for what, since in (n for o in operations for n in _new_words(o)):
        if _numbers(own) < _numbers(since):
            reason = f"SQLAlchemy {own} has no {what}, which came with {since}"
            raise Unsupported(reason, f"SQLAlchemy's changelog, {since}")


def _new_words(operation: Operation) -> Iterator[tuple[str, str]]:
    columns: tuple[Column, ...] = ()
    match operation:
        case CommentOnTable() | CommentOnColumn():
            yield _COMMENTS
        case CreateTable(table=table):
            columns = table.columns
            if table.comment is not None:
                yield _COMMENTS
        case AddColumn(column=column) | AlterColumn(existing=column):
            columns = (column,)
    for column in columns:
        if column.comment is not None:
            yield _COMMENTS
        if column.generated is not None:
            yield "generated columns", "1.3.11"


_COMMENTS = ("comments", "1.2.0")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
