"""What statements that were heard tell beyond the schemas: new names, and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.model.carrying import Act
from harness.model.replay import Statement
from harness.model.snapshot import TableState

_NAME = r"[\"`\[]?(\w+)[\"`\]]?"
_RENAMED = (
    re.compile(
        rf"\s*alter table {_NAME} rename (?:to |as )?{_NAME}\s*;?\s*", re.IGNORECASE
    ),
    re.compile(rf"\s*rename table {_NAME} to {_NAME}\s*;?\s*", re.IGNORECASE),
)
_ROWS = re.compile(
    rf"\s*(?:insert (?:or \w+ |ignore )?into|replace into|update|delete from) {_NAME}",
    re.IGNORECASE,
)
_KEY_DROPPED = re.compile(
    rf"\s*alter table {_NAME} drop (?:foreign key|constraint) {_NAME}", re.IGNORECASE
)
_INDEX_DROPPED = re.compile(
    rf"\s*alter table {_NAME} drop (?:index|key) {_NAME}", re.IGNORECASE
)
_INDEX_DROPPED_ON = re.compile(rf"\s*drop index {_NAME} on {_NAME}", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:from|join) {_NAME}", re.IGNORECASE)


def renamed_tables(act: Act) -> dict[str, str]:
    """Return the tables that were there before and have another name after, old to new."""
    before = {table.name for table in act.before.tables}
    after = {table.name for table in act.after.tables}
    found = {}
    for statement in act.statements:
        for pattern in _RENAMED:
            said = pattern.fullmatch(statement.text)
            if said and said[1] in before - after and said[2] in after - before:
                found[said[1]] = said[2]
    return found


def renamed_columns(act: Act, was: TableState, now: TableState) -> dict[str, str]:
    """Return the columns that got another name, where statements tell it for certain.

    A rebuilt table that took all rows as they were keeps its columns in their places.
    """
    old = {column.name for column in was.columns}
    new = {column.name for column in now.columns}
    said = dict(_said(act, was.name))
    found = {a: b for a, b in said.items() if a in old - new and b in new - old}
    if not found and _taken_as_they_were(act, now.name):
        for one, other in zip(was.columns, now.columns, strict=False):
            if one.name in old - new and other.name in new - old:
                found[one.name] = other.name
    return found


def _said(act: Act, table: str) -> Iterator[tuple[str, str]]:
    of = rf"\s*alter table {_NAME}"
    patterns = (
        re.compile(rf"{of} rename (?:column )?{_NAME} to {_NAME}", re.IGNORECASE),
        re.compile(rf"{of} change (?:column )?{_NAME} {_NAME}", re.IGNORECASE),
    )
    for statement in act.statements:
        for pattern in patterns:
            said = pattern.match(statement.text)
            if said and said[1] == table:
                yield said[2], said[3]


def _taken_as_they_were(act: Act, table: str) -> bool:
    pattern = re.compile(
        rf"\s*insert into [\"`]?{re.escape(table)}[\"`]? select \* from", re.IGNORECASE
    )
    return any(pattern.match(statement.text) for statement in act.statements)


def dropped(act: Act, table: str) -> tuple[set[str], set[str]]:
    """Return the foreign keys and the indexes that statements dropped from a table."""
    keys, indexes = set(), set()
    for statement in act.statements:
        if (said := _KEY_DROPPED.match(statement.text)) and said[1] == table:
            keys.add(said[2])
        if (said := _INDEX_DROPPED.match(statement.text)) and said[1] == table:
            indexes.add(said[2])
        if (said := _INDEX_DROPPED_ON.match(statement.text)) and said[2] == table:
            indexes.add(said[1])
    return keys, indexes


def writes_column(act: Act, table: str, column: str) -> bool:
    """Tell whether a step writes rows of a table that name a column."""
    named = re.compile(rf"(?<!\w){re.escape(column)}(?!\w)")
    written = ((_ROWS.match(s.text), s.text) for s in on_rows(act))
    return any(m and m[1] == table and named.search(text) for m, text in written)


def on_rows(act: Act) -> tuple[Statement, ...]:
    """Return the statements that write rows, but not those that rebuild a table."""
    tables = {table.name for table in (*act.before.tables, *act.after.tables)}

    def ours(statement: Statement) -> bool:
        written = _ROWS.match(statement.text)
        return (
            written is not None
            and written[1] in tables
            and all(name in tables for name in _FROM.findall(statement.text))
        )

    return tuple(statement for statement in act.statements if ours(statement))
