"""How a database differs from what was expected; nothing is read or run here."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from harness.model.difference import Difference, DifferenceKind
from harness.model.operations import Scalar
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    RowsState,
    Snapshot,
    TableState,
)

Kind = DifferenceKind


class _Sort(NamedTuple):
    """A sort of constraint: the field that holds it, its noun, and its kinds."""

    field: str
    noun: str
    missing: Kind
    unexpected: Kind


_SORTS = (
    _Sort("uniques", "unique constraint", Kind.MISSING_UNIQUE, Kind.UNEXPECTED_UNIQUE),
    _Sort("indexes", "index", Kind.MISSING_INDEX, Kind.UNEXPECTED_INDEX),
    _Sort(
        "foreign_keys",
        "foreign key",
        Kind.MISSING_FOREIGN_KEY,
        Kind.UNEXPECTED_FOREIGN_KEY,
    ),
    _Sort("checks", "check", Kind.MISSING_CHECK, Kind.UNEXPECTED_CHECK),
)


def compare(expected: Snapshot, found: Snapshot) -> tuple[Difference, ...]:
    """Return every difference, table by table; none if the two are alike.

    The order of columns and the tool's bookkeeping tables make no difference.
    """
    return (*_tables(expected, found), *_types(expected, found))


def _types(expected: Snapshot, found: Snapshot) -> Iterator[Difference]:
    wanted, there = _by_name(expected.types), _by_name(found.types)
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            yield Difference(Kind.MISSING_TYPE, name)
        elif name not in wanted:
            yield Difference(Kind.UNEXPECTED_TYPE, name)
        elif wanted[name] != there[name]:
            words = (_listed(wanted[name].words), _listed(there[name].words))
            yield Difference(Kind.WORDS, name, "", *words)


def _tables(expected: Snapshot, found: Snapshot) -> Iterator[Difference]:
    wanted, there = _by_name(expected.tables), _by_name(found.tables)
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            yield Difference(Kind.MISSING_TABLE, name)
        elif name not in wanted:
            yield Difference(Kind.UNEXPECTED_TABLE, name)
        else:
            yield from _table(wanted[name], there[name])
            yield from _rows(
                _rows_of(expected, name),
                _rows_of(found, name),
                wanted[name],
                there[name],
            )


def _table(expected: TableState, found: TableState) -> Iterator[Difference]:
    name = expected.name
    yield from _columns(expected, found)
    if expected.primary_key != found.primary_key:
        keys = (_listed(expected.primary_key), _listed(found.primary_key))
        yield Difference(Kind.PRIMARY_KEY, name, "", *keys)
    for sort in _SORTS:
        wanted, there = getattr(expected, sort.field), getattr(found, sort.field)
        yield from _constraints(name, sort, wanted, there)
    for trigger in sorted(set(expected.triggers) - set(found.triggers)):
        yield Difference(Kind.MISSING_TRIGGER, name, trigger)
    for trigger in sorted(set(found.triggers) - set(expected.triggers)):
        yield Difference(Kind.UNEXPECTED_TRIGGER, name, trigger)
    if expected.autoincrement and not found.autoincrement:
        yield Difference(Kind.MISSING_AUTOINCREMENT, name)
    if found.autoincrement and not expected.autoincrement:
        yield Difference(Kind.UNEXPECTED_AUTOINCREMENT, name)
    sides = (
        (Kind.COMMENT, _quoted(expected.comment), _quoted(found.comment)),
        (Kind.COLLATION, expected.collation, found.collation),
        (Kind.ENGINE, expected.engine, found.engine),
    )
    for kind, said, seen in sides:
        if said != seen:
            yield Difference(kind, name, "", said, seen)


def _columns(expected: TableState, found: TableState) -> Iterator[Difference]:
    wanted, there = _by_name(expected.columns), _by_name(found.columns)
    for column in sorted(wanted.keys() | there.keys()):
        if column not in there:
            yield Difference(Kind.MISSING_COLUMN, expected.name, column)
        elif column not in wanted:
            yield Difference(Kind.UNEXPECTED_COLUMN, expected.name, column)
        else:
            yield from _column(expected.name, wanted[column], there[column])


def _column(
    table: str, expected: ColumnState, found: ColumnState
) -> Iterator[Difference]:
    sides = (
        (Kind.TYPE, expected.type or None, found.type or None),
        (Kind.NULLABILITY, _nullability(expected), _nullability(found)),
        (Kind.DEFAULT, _quoted(expected.default), _quoted(found.default)),
        (Kind.COLLATION, expected.collation, found.collation),
        (Kind.GENERATED, expected.generated, found.generated),
        (Kind.COMMENT, _quoted(expected.comment), _quoted(found.comment)),
    )
    for kind, wanted, there in sides:
        if wanted != there:
            yield Difference(kind, table, expected.name, wanted, there)


def _quoted(text: str | None) -> str | None:
    return None if text is None else repr(text)


def _nullability(column: ColumnState) -> str:
    return "nullable" if column.nullable else "NOT NULL"


def _constraints(
    table: str,
    sort: _Sort,
    expected: tuple[ConstraintState, ...],
    found: tuple[ConstraintState, ...],
) -> Iterator[Difference]:
    """Pair constraints off: the same ones, then by what they say, then by name."""
    wanted, there = list(expected), list(found)
    _pairs(wanted, there, operator.eq)
    for one, other in _pairs(wanted, there, lambda a, b: a.says == b.says):
        subject = f"{sort.noun} {one.says}"
        yield Difference(Kind.CONSTRAINT_NAME, table, subject, one.name, other.name)
    for one, other in _pairs(wanted, there, _same_name):
        subject = f"{sort.noun} {one.name}"
        yield Difference(Kind.CONSTRAINT, table, subject, one.says, other.says)
    for one in wanted:
        yield Difference(sort.missing, table, one.name or "", one.says, None)
    for other in there:
        yield Difference(sort.unexpected, table, other.name or "", None, other.says)


def _pairs(
    expected: list[ConstraintState],
    found: list[ConstraintState],
    alike: Callable[[ConstraintState, ConstraintState], bool],
) -> list[tuple[ConstraintState, ConstraintState]]:
    """Take out of both lists, and return, the pairs that are alike."""
    pairs = []
    for one in tuple(expected):
        other = next((o for o in found if alike(one, o)), None)
        if other is not None:
            expected.remove(one)
            found.remove(other)
            pairs.append((one, other))
    return pairs


def _same_name(one: ConstraintState, other: ConstraintState) -> bool:
    return one.name is not None and one.name == other.name


def _rows(
    expected: RowsState, found: RowsState, wanted: TableState, there: TableState
) -> Iterator[Difference]:
    """Compare the rows of two tables.

    The checksum is over all columns. Where the tables differ in those, the columns
    on both sides are compared in the sample, if it holds the same rows.
    """
    columns = _by_name(wanted.columns).keys() & _by_name(there.columns).keys()
    same_columns = len(columns) == len(wanted.columns) == len(there.columns)
    same_order = wanted.primary_key == there.primary_key != ()
    differing: tuple[Difference, ...] = ()
    if expected.count != found.count:
        counts = (str(expected.count), str(found.count))
        differing = (Difference(Kind.ROW_COUNT, wanted.name, "", *counts),)
    elif same_columns and expected.checksum != found.checksum:
        differing = _values(wanted.name, expected, found, columns)
        differing = differing or (Difference(Kind.ROW_VALUES, wanted.name),)
    elif not same_columns and (same_order or expected.count <= len(expected.sample)):
        differing = _values(wanted.name, expected, found, columns)
    yield from differing


def _values(
    table: str, expected: RowsState, found: RowsState, columns: AbstractSet[str]
) -> tuple[Difference, ...]:
    """Return one difference, by the first rows that are in one sample only."""
    wanted = Counter(_written(row, columns) for row in expected.sample)
    there = Counter(_written(row, columns) for row in found.sample)
    lost, new = next(iter(wanted - there), None), next(iter(there - wanted), None)
    if lost is None and new is None:
        return ()
    return (Difference(Kind.ROW_VALUES, table, "", lost, new),)


def _written(row: dict[str, Scalar], columns: AbstractSet[str]) -> str:
    """Write some columns of a row so that values of different types differ."""
    cut = {name: row[name] for name in sorted(row) if name in columns}
    return msgspec.json.encode(cut).decode()


def _rows_of(snapshot: Snapshot, table: str) -> RowsState:
    empty = RowsState(table, 0, "")
    return next((rows for rows in snapshot.rows if rows.table == table), empty)


def _listed(names: tuple[str, ...]) -> str | None:
    return f"({', '.join(names)})" if names else None


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


def _by_name(items: Iterable[_Item]) -> dict[str, _Item]:
    return {item.name: item for item in items}
