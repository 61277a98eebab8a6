"""The order that MySQL asks for, where a foreign key needs an index that goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from adapters.alembic.carrying.hearing import dropped
from adapters.alembic.carrying.naming import (
    SIMPLE,
    apart,
    columns_of,
    comes_with_a_key,
    key_parts,
)
from harness.model.carrying import Act
from harness.model.snapshot import ConstraintState, TableState


class Lifting(NamedTuple):
    """What has its time: `keys` stay, but are away while indexes go.

    `late` are indexes and unique constraints that go in the end, and `freed` the names of
    the indexes that statements dropped.
    """

    keys: tuple[ConstraintState, ...] = ()
    late: tuple[ConstraintState, ...] = ()
    freed: Collection[str] = ()


def lifting(act: Act, was: TableState, now: TableState) -> Lifting:
    """Return what has its time where a table is altered."""
    heard, freed = dropped(act, was.name)
    keys = tuple(_keys(was, now, heard, freed))
    return Lifting(keys, tuple(_late(was, now, keys)), freed)


def _keys(
    was: TableState, now: TableState, heard: set[str], freed: set[str]
) -> Iterator[ConstraintState]:
    """Yield keys that the old tool lifted, or whose index the server drops by itself."""
    own = [
        columns_of(index.says, was)
        for index in apart(was.indexes, now.indexes)
        if index.name not in freed and comes_with_a_key(index, was, "mysql")
    ]
    for key in now.foreign_keys:
        lifted = key.name in heard or key_parts(key)[0] in own
        if lifted and key in was.foreign_keys:
            yield key


def _late(
    was: TableState, now: TableState, lifted: tuple[ConstraintState, ...]
) -> Iterator[ConstraintState]:
    """Yield what may carry a foreign key until its successor is there."""
    keys = apart({*was.foreign_keys, *now.foreign_keys}, lifted)
    carried = {key_parts(key)[0][0] for key in keys}
    again = {one.name for one in (*now.uniques, *now.indexes)}
    columns = {column.name for column in now.columns}
    gone = (*apart(was.uniques, now.uniques), *apart(was.indexes, now.indexes))
    for one in gone:
        listed = columns_of(one.says, was) if SIMPLE.fullmatch(one.says) else []
        stays = listed and columns.issuperset(listed)
        if stays and listed[0] in carried and one.name not in again:
            yield one
