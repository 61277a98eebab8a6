"""What constraints say of columns, and the names that databases give by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from adapters.alembic.source import quoted
from harness.model.carrying import CannotWrite
from harness.model.snapshot import ConstraintState, TableState

_KEY = re.compile(
    r"\((?P<columns>.*?)\) -> (?P<target>[^(]+) \((?P<there>.*?)\)"
    r"(?: on delete (?P<delete>.*?))?(?: on update (?P<update>.*?))?"
)
SIMPLE = re.compile(r"(?P<unique>unique )?\((?P<columns>[\w$]+(?:, [\w$]+)*)\)")
"""A list of columns, and nothing more."""


def names_given(table: TableState, backend: str) -> frozenset[str]:
    """Return the names of constraints that a database gives again where none is said.

    Nothing is left out that depends on an order other than the one it is written in.
    """
    if backend == "postgresql":
        return frozenset(_of_postgresql(table))
    return frozenset(_of_mysql(table)) if backend == "mysql" else frozenset()


def _of_postgresql(table: TableState) -> list[str]:
    expected = {
        *(f"{table.name}_{'_'.join(key_parts(k)[0])}_fkey" for k in table.foreign_keys),
        *(f"{table.name}_{'_'.join(_columns(u))}_key" for u in table.uniques),
    }
    there = [c.name for c in (*table.foreign_keys, *table.uniques) if c.name]
    return [n for n in there if n in expected and there.count(n) == 1]


def _of_mysql(table: TableState) -> list[str]:
    numbers = [n for key in table.foreign_keys if (n := _number(key, table))]
    counted = sorted(numbers) == list(range(1, len(numbers) + 1))
    numbered = [f"{table.name}_ibfk_{number}" for number in numbers if counted]
    taken = [c.name for c in (*table.uniques, *table.indexes)]
    uniques = [
        u.name
        for u in table.uniques
        if u.name == _columns(u)[0] and taken.count(u.name) == 1
    ]
    return [*numbered, *filter(None, uniques)]


def keys_in_order(table: TableState) -> list[ConstraintState]:
    """Return foreign keys as a server that numbers them has to meet them."""
    return sorted(table.foreign_keys, key=lambda key: _number(key, table))


def _number(key: ConstraintState, table: TableState) -> int:
    said = re.fullmatch(rf"{re.escape(table.name)}_ibfk_([1-9]\d*)", key.name or "")
    return int(said[1]) if said else 0


def comes_with_a_key(index: ConstraintState, table: TableState, backend: str) -> bool:
    """Tell whether an index is the one that a server makes for a key without a name."""
    if backend != "mysql" or SIMPLE.fullmatch(index.says) is None:
        return False
    columns = _columns(index)
    others = [
        table.primary_key,
        *(_columns(u) for u in table.uniques),
        *(
            _columns(i)
            for i in table.indexes
            if i != index and SIMPLE.fullmatch(i.says)
        ),
    ]
    if any(list(other[: len(columns)]) == columns for other in others):
        return False
    given = names_given(table, backend)
    return index.name == columns[0] and any(
        key.name in given and key_parts(key)[0] == columns for key in table.foreign_keys
    )


def _columns(constraint: ConstraintState) -> list[str]:
    simple = SIMPLE.fullmatch(constraint.says)
    return simple["columns"].split(", ") if simple else [constraint.says]


def columns_of(says: str, table: TableState) -> list[str]:
    """Return the columns in a list such as `(a, b)`, spelled as the table spells them."""
    simple = SIMPLE.fullmatch(says)
    if simple is None:
        message = f"{table.name}: {says} is more than a list of columns"
        raise CannotWrite(message)
    known = {column.name.lower(): column.name for column in table.columns}
    listed = simple["columns"].split(", ")
    return [known.get(name.lower(), name) for name in listed]


def key_parts(key: ConstraintState) -> tuple[list[str], str, list[str], list[str]]:
    """Return columns, target, columns there, and arguments for what it does else."""
    said = _KEY.fullmatch(key.says)
    if said is None:
        message = f"the foreign key {key.says} cannot be read"
        raise CannotWrite(message)
    actions = [
        f"on{event}={quoted(said[event].upper())}"
        for event in ("delete", "update")
        if said[event]
    ]
    return (
        said["columns"].split(", "),
        said["target"],
        said["there"].split(", "),
        actions,
    )


_Item = TypeVar("_Item")


def apart(some: Iterable[_Item], others: Iterable[_Item]) -> list[_Item]:
    """Return what is among some and not among others; twice is not once."""
    left = list(others)
    found = []
    for one in some:
        if one in left:
            left.remove(one)
        else:
            found.append(one)
    return found
