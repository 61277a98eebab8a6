"""Cutting a draft down, part by part, as long as it still shows what it is to show.

Hypothesis makes a draft simpler choice by choice. What a whole table, operation or row
has to do with a difference is found out faster by leaving it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from harness.exploration.drafts import Draft
from harness.exploration.soundness import check, moved
from harness.model.operations import Operation, apply_all, reverse_all
from harness.model.schema import Schema, SchemaError, Table
from harness.model.steps import Migration

_Item = TypeVar("_Item")
_HANGING = ("checks", "foreign_keys", "indexes", "uniques")


def pruned(draft: Draft, shows: Callable[[Draft], bool]) -> Draft:
    """Return the draft without everything that can be left out one at a time."""
    smaller = next(filter(shows, _smaller(draft)), None)
    return draft if smaller is None else pruned(smaller, shows)


def _smaller(draft: Draft) -> Iterator[Draft]:
    """Yield sound drafts that lack one part, the largest parts first."""
    for candidate in _cuts(draft):
        whole = _made_whole(candidate)
        if whole is not None and whole != draft:
            yield whole


def _cuts(draft: Draft) -> Iterator[Draft]:
    change = msgspec.structs.replace
    yield from (
        change(draft, moves=draft.moves[:n]) for n in range(1, len(draft.moves))
    )
    yield from (change(draft, moves=cut) for cut in _without_one(draft.moves))
    for left, line in enumerate(reversed([*_without_one(draft.line)])):
        moves = tuple(place - (place > left) for place in draft.moves)
        yield change(draft, line=line, moves=_distinct(moves))
    for number, migration in enumerate(draft.line):
        for upgrade in filter(None, _without_one(migration.upgrade)):
            line = (*draft.line[:number], Migration(migration.name, upgrade))
            yield change(draft, line=(*line, *draft.line[number + 1 :]))
    if draft.furnished:
        yield change(draft, furnished="")
    yield from (change(draft, tables=tables) for tables in _without_one(draft.tables))
    for number, table in enumerate(draft.tables):
        for cut in _cut_table(table):
            tables = (*draft.tables[:number], cut, *draft.tables[number + 1 :])
            yield change(draft, tables=tables)
    for name, rows in draft.rows.items():
        for kept in _without_one(rows):
            yield change(draft, rows={**draft.rows, name: kept})


def _cut_table(table: Table) -> Iterator[Table]:
    for column in table.columns:
        if not column.primary_key:
            yield table.without_column(column.name)
    for field in _HANGING:
        for left in _without_one(getattr(table, field)):
            yield table.with_changes(**{field: left})
    if table.autoincrement:
        yield table.with_changes(autoincrement=False)
    for column in table.columns:
        if column.default is not None:
            plain = msgspec.structs.replace(column, default=None, nullable=True)
            columns = (plain if c == column else c for c in table.columns)
            yield table.with_changes(columns=tuple(columns))


def _without_one(items: tuple[_Item, ...]) -> Iterator[tuple[_Item, ...]]:
    """Yield the items without one of them, the last one first."""
    for number in reversed(range(len(items))):
        yield items[:number] + items[number + 1 :]


def _distinct(moves: Iterable[int]) -> tuple[int, ...]:
    """Return moves that each go somewhere."""
    kept: list[int] = []
    for place in moves:
        if place != (kept[-1] if kept else 0):
            kept.append(place)
    return tuple(kept)


def _made_whole(draft: Draft) -> Draft | None:
    """Return a draft with rows and downgrades that fit; None if it is not sound."""
    schema = Schema(draft.tables)
    rows = {
        table.name: tuple(
            {column.name: row[column.name] for column in table.columns}
            for row in draft.rows.get(table.name, ())
        )
        for table in draft.tables
    }
    furnished = draft.furnished if schema.has(draft.furnished) else ""
    moves = _distinct(draft.moves)
    try:
        check((schema.validated(), rows))
        line = _completed(draft.line, schema)
        moved((schema, rows), line, moves, furnished)
    except SchemaError:
        return None
    kept = {name: found for name, found in rows.items() if found}
    return Draft(draft.tables, kept, line, moves, furnished)


def _completed(line: tuple[Migration, ...], schema: Schema) -> tuple[Migration, ...]:
    done: list[Migration] = []
    for migration in line:
        undo: tuple[Operation, ...] = reverse_all(migration.upgrade, schema)
        done.append(Migration(migration.name, migration.upgrade, undo))
        schema = apply_all(migration.upgrade, schema)
    return tuple(done)
