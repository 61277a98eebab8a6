"""Drafts: a ground with rows, a line of migrations, and how a database moves in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec
from hypothesis import strategies as st

from harness.exploration.soundness import State, after, check, moved
from harness.exploration.strategies import (
    TABLES,
    foreign_keys,
    operations,
    rows_of,
    tables,
)
from harness.model.operations import CreateTable, Operation, apply_all, reverse_all
from harness.model.rows import Row
from harness.model.scenario import Family, Scenario
from harness.model.schema import Schema, SchemaError, Table, Trigger
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    Furnish,
    Migration,
    Seed,
    Step,
    Upgrade,
)

BASE = "base"
_TRIES = 3
_HOW_MANY = (1, 1, 1, 2, 2, 3, 4)
_HOW_LONG = (1, 1, 2, 3, 6)


class Draft(msgspec.Struct, frozen=True):
    """What is drawn; `moves` are places in the line, 0 before the first migration.

    `furnished` names a table that somebody puts a trigger on; it is empty if none is.
    """

    tables: tuple[Table, ...]
    rows: dict[str, tuple[Row, ...]]
    line: tuple[Migration, ...]
    moves: tuple[int, ...]
    furnished: str = ""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations of the line, in order."""
        return tuple(o for migration in self.line for o in migration.upgrade)


@st.composite
def drafts(draw: st.DrawFn, backends: tuple[str, ...]) -> Draft:
    """Draw a draft that every database can carry out, there and back."""
    schema, rows = _ground(draw, backends)
    furnished = ""
    if backends == ("sqlite",) and draw(st.sampled_from((False, False, True))):
        furnished = draw(st.sampled_from(schema.tables)).name
    line: tuple[Migration, ...] = ()
    for _ in range(draw(st.sampled_from(_HOW_LONG))):
        line = _lengthened(draw, line, (schema, rows), backends, furnished)
    return Draft(
        schema.tables,
        {name: kept for name, kept in rows.items() if kept},
        line,
        _moves(draw, (schema, rows), line, furnished),
        furnished,
    )


def _ground(
    draw: st.DrawFn, backends: tuple[str, ...]
) -> tuple[Schema, dict[str, tuple[Row, ...]]]:
    schema, rows = Schema(), dict[str, tuple[Row, ...]]()
    names = st.lists(st.sampled_from(TABLES), min_size=1, max_size=2, unique=True)
    for name in draw(names):
        table = draw(tables(name, backends))
        schema, _ = after((schema, {}), (CreateTable(table),))
        key = draw(foreign_keys(table, schema, "0")) if draw(st.booleans()) else None
        if key is not None and _holds((schema, rows), _line_of(key), ""):
            schema = key.apply(schema)
        rows[name] = _fitting(schema, rows, name, draw(rows_of(table, backends)))
    return schema, rows


def _line_of(operation: Operation) -> tuple[Migration, ...]:
    return (Migration("key", (operation,), ()),)


def _fitting(
    schema: Schema,
    rows: dict[str, tuple[Row, ...]],
    name: str,
    drawn: tuple[Row, ...],
) -> tuple[Row, ...]:
    """Return those of a table's drawn rows that can be in it together."""
    kept: tuple[Row, ...] = ()
    for row in drawn:
        try:
            check((schema, {**rows, name: (*kept, row)}))
        except SchemaError:
            continue
        kept = (*kept, row)
    return kept


def _lengthened(
    draw: st.DrawFn,
    line: tuple[Migration, ...],
    ground: State,
    backends: tuple[str, ...],
    furnished: str,
) -> tuple[Migration, ...]:
    """Return the line with one more migration, or as it is if none was found."""
    before, _ = moved(ground, line, (len(line),), furnished)
    longer = line
    for number in range(draw(st.sampled_from(_HOW_MANY))):
        chosen = longer[-1].upgrade if len(longer) > len(line) else ()
        mark = f"{len(line) + 1}{number + 1}"
        for _ in range(_TRIES):
            drawn = draw(operations(apply_all(chosen, before), mark, backends))
            tried = _with(line, (*chosen, drawn), before) if drawn else None
            if tried is not None and _holds(ground, tried, furnished):
                longer = tried
                break
    return longer


def _with(
    line: tuple[Migration, ...], chosen: tuple[Operation, ...], before: Schema
) -> tuple[Migration, ...] | None:
    """Return the line with a migration of these operations; None if they do not fit."""
    try:
        undo = reverse_all(chosen, before)
    except SchemaError:
        return None
    return (*line, Migration(f"change_{len(line) + 1}", chosen, undo))


def _holds(
    ground: State, line: tuple[Migration, ...], furnished: str, *moves: int
) -> bool:
    """Tell whether a database can be moved in a line: up, down and up by default."""
    try:
        moved(ground, line, moves or (len(line), 0, len(line)), furnished)
    except SchemaError:
        return False
    return True


def _moves(
    draw: st.DrawFn, ground: State, line: tuple[Migration, ...], furnished: str
) -> tuple[int, ...]:
    """Draw how a database goes up, at once or step by step, and down and up again."""
    top = len(line)
    up = tuple(range(1, top + 1)) if draw(st.booleans()) else (top,)
    back = top - draw(st.integers(0, top))
    again = (back, top) if draw(st.booleans()) else (back,)
    wanted = (*up, *(again if back < top else ()))
    return wanted if _holds(ground, line, furnished, *wanted) else (top,)


def scenario_of(
    draft: Draft,
    backends: tuple[str, ...],
    name: str = "draft",
    question: str = "Does every candidate reach what the oracle expects?",
    why: str = "It was drawn at random.",
) -> Scenario:
    """Return the draft as a story that the ordinary engine plays."""
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=tuple(_steps(draft)),
        backends=backends,
    )


def _steps(draft: Draft) -> Iterator[Step]:
    yield Author(Migration(BASE, tuple(map(CreateTable, draft.tables))))
    yield Upgrade()
    yield Expect((BASE,))
    for table in draft.tables:
        if draft.rows.get(table.name):
            yield Seed(table.name, draft.rows[table.name])
        if table.name == draft.furnished:
            yield Furnish(_trigger(table))
    for migration in draft.line:
        yield Author(Migration(migration.name, migration.upgrade))
    names = (BASE, *(migration.name for migration in draft.line))
    for at, target in pairwise((0, *draft.moves)):
        to = None if target == len(draft.line) else names[target]
        yield Upgrade(to=to) if target > at else Downgrade(to=names[target])
        yield Expect(names[: target + 1])
    yield Current()


def _trigger(table: Table) -> Trigger:
    name = f"{table.name}_keeps_watch"
    statement = (
        f'CREATE TRIGGER {name} AFTER DELETE ON "{table.name}" BEGIN SELECT 1; END'
    )
    return Trigger(name, table.name, {"sqlite": statement})
