"""Whether what an upgrade does is undone by its downgrade, as far as reading tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.assessment.values import Downgrades
from harness.model.history import Act, ActKind, Direction, Revision

_UNDONE_BY = {
    ActKind.CREATE_TABLE: {ActKind.DROP_TABLE, ActKind.RENAME_TABLE},
    ActKind.DROP_TABLE: {ActKind.CREATE_TABLE, ActKind.RENAME_TABLE},
    ActKind.RENAME_TABLE: {ActKind.RENAME_TABLE, ActKind.CREATE_TABLE},
    ActKind.ADD_COLUMN: {ActKind.DROP_COLUMN, ActKind.RENAME_COLUMN},
    ActKind.DROP_COLUMN: {ActKind.ADD_COLUMN, ActKind.RENAME_COLUMN},
    ActKind.RENAME_COLUMN: {ActKind.RENAME_COLUMN, ActKind.ALTER_COLUMN},
    ActKind.ALTER_COLUMN: {ActKind.ALTER_COLUMN, ActKind.RENAME_COLUMN},
    ActKind.CREATE_INDEX: {ActKind.DROP_INDEX, ActKind.DROP_COLUMN},
    ActKind.DROP_INDEX: {ActKind.CREATE_INDEX},
    ActKind.ADD_CONSTRAINT: {ActKind.DROP_CONSTRAINT, ActKind.DROP_COLUMN},
    ActKind.DROP_CONSTRAINT: {ActKind.ADD_CONSTRAINT},
}
_NOT_TOLD = {ActKind.ELSEWHERE, ActKind.SQL}


def downgrades(revisions: Mapping[str, Revision]) -> Downgrades:
    """Return how many revisions can be undone."""
    everyone = list(revisions.values())
    working = [r for r in everyone if does_something(r)]
    incomplete = {r.id: tuple(left_standing(r)) for r in working}
    return Downgrades(
        written=sum(r.downgrade.written for r in everyone),
        missing=tuple(r.id for r in working if not r.downgrade.written),
        empty=tuple(r.id for r in working if r.downgrade.blank),
        raising=tuple(r.id for r in working if r.downgrade.raises),
        incomplete={name: left for name, left in incomplete.items() if left},
        idle=sum(not (r.unread or does_something(r)) for r in everyone),
    )


def does_something(revision: Revision) -> bool:
    """Tell whether an upgrade is there and holds anything that could do something."""
    return revision.upgrade.written and not revision.upgrade.blank


def left_standing(revision: Revision) -> Iterator[str]:
    """Return what an upgrade does and its downgrade has no counterpart for.

    Only where the downgrade is written out, so that reading can tell.
    """
    up, down = revision.upgrade, revision.downgrade
    if not down.acts or any(act.kind in _NOT_TOLD for act in down.acts):
        return
    said: dict[str, None] = {}
    for act in up.acts:
        if act.kind in _UNDONE_BY and not _undone(act, up, down):
            said[" ".join(filter(None, (act.kind, act.table, act.name)))] = None
    yield from said


def _undone(act: Act, up: Direction, down: Direction) -> bool:
    if _covered(act, up) or _covered(act, down) or _comes_and_goes(act, up, down):
        return True
    counterparts = (other for other in down.acts if other.kind in _UNDONE_BY[act.kind])
    return any(_may_be(act, other) for other in counterparts)


def _comes_and_goes(act: Act, up: Direction, down: Direction) -> bool:
    """Tell whether an act is on a part that the same upgrade adds or takes away.

    An index goes with its columns, where they are known; else it may go with any column
    of its table, as a constraint may.
    """
    columns = {ActKind.ADD_COLUMN, ActKind.DROP_COLUMN}
    within = {ActKind.ALTER_COLUMN, ActKind.RENAME_COLUMN}
    looser = set(_UNDONE_BY) - columns - within
    return any(
        other.kind in columns
        and _same(act.table, other.table)
        and not _elsewhere(act, other)
        and (act.kind in looser or (act.kind in within and _same(act.name, other.name)))
        for other in (*up.acts, *down.acts)
    ) or (act.kind not in columns and _put_back(act, up))


def _put_back(act: Act, up: Direction) -> bool:
    """Tell whether the same upgrade does the opposite as well, as around a change."""
    opposite = _UNDONE_BY[act.kind] - {act.kind}
    return any(
        other.kind in opposite
        and _same(act.table, other.table)
        and not _elsewhere(act, other)
        for other in up.acts
    )


def _elsewhere(act: Act, other: Act) -> bool:
    """Tell whether an index is made of other columns than the one that comes or goes."""
    on_columns = other.kind in {ActKind.ADD_COLUMN, ActKind.DROP_COLUMN}
    return bool(
        on_columns and act.columns and other.name and other.name not in act.columns
    )


def _same(one: str, other: str) -> bool:
    return not one or not other or one == other


def _covered(act: Act, side: Direction) -> bool:
    """Tell whether a table comes or goes as a whole on a side, its parts with it."""
    if act.kind in {ActKind.CREATE_TABLE, ActKind.DROP_TABLE, ActKind.RENAME_TABLE}:
        return False
    whole = {ActKind.CREATE_TABLE, ActKind.DROP_TABLE, ActKind.RENAME_TABLE}
    return any(
        other.kind in whole
        and (not act.table or not other.table or act.table == other.table)
        for other in side.acts
    )


def _may_be(act: Act, other: Act) -> bool:
    """Tell whether two acts may concern the same thing; an unread name may be any."""
    if ActKind.RENAME_TABLE in {act.kind, other.kind}:
        return True
    if act.table and other.table and act.table != other.table:
        return False
    if _elsewhere(act, other):
        return False
    parts = {ActKind.ADD_COLUMN, ActKind.DROP_COLUMN}
    if {act.kind, other.kind} == parts and act.name and other.name:
        return act.name == other.name
    return True
