"""Statements that write rows, as operations that also run offline.

What the driver was given is turned back into what a person would write: named values, and
the kinds of values that a column is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adapters.alembic.carrying.statements import statement_lines, text_source
from adapters.alembic.carrying.types import enum_source
from adapters.alembic.carrying.values import kind_of, value_source
from adapters.alembic.source import call, quoted
from harness.contract import without_parameters
from harness.model.replay import Statement
from harness.model.snapshot import Snapshot, TableState

Values = dict[str, Any]

_NAME = r"[\"`]?(\w+)[\"`]?"
_INSERT = re.compile(
    rf"\s*insert into {_NAME} \((?P<columns>[^()]+)\) "  # noqa: S608
    rf"values \((?P<values>(?:[^()]|%\(\w+\)s)+)\)(?: returning [\w., \"]+)?\s*;?\s*",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\?|%s|%\((?P<name>\w+)\)s")
_NAMED = r"(?P<place>%s|%\((?P<name>\w+)\)s)"
_PIECES = {
    "sqlite": re.compile(r"(?P<place>\?(?P<name>))|'(?:[^']|'')*'|\"[^\"]*\""),
    "postgresql": re.compile(rf"{_NAMED}|'(?:[^']|'')*'|\"[^\"]*\"|%%"),
    "mysql": re.compile(rf"{_NAMED}|'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|%%"),
}
"""What a driver reads as a value, and quoted text, in which it reads none."""
_DOUBLED = re.compile(r"%%|%s|%\(\w+\)s")
_BOOLEANS = {"boolean", "tinyint(1)"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
_TYPES = {
    "bool": "sa.Boolean()",
    "int": "sa.BigInteger()",
    "float": "sa.Float()",
    "str": "sa.String()",
    "bytes": "sa.LargeBinary()",
    "datetime": "sa.DateTime()",
    "date": "sa.Date()",
    "time": "sa.Time()",
    "Decimal": "sa.Numeric()",
}


def row_lines(statement: Statement, held: Snapshot, backend: str) -> list[str]:
    """Return lines that write rows as a statement did; `held` is what came of it."""
    sets = statement.bound or ()
    if not sets and "%" not in statement.text:
        return statement_lines(statement)
    rows = list(_rows(statement, sets))
    inserted = _INSERT.fullmatch(statement.text)
    if inserted and len(rows) == len(sets):
        table = next((t for t in held.tables if t.name == inserted[1]), None)
        if table is not None:
            return bulk_insert(table, rows, held, backend).splitlines()
    named = [_named(statement.text, one, backend) for one in sets or ([],)]
    if not all(named):
        return statement_lines(statement)
    return [line for one in named for line in one.splitlines()]


def bulk_insert(
    table: TableState, rows: list[Values], held: Snapshot, backend: str
) -> str:
    """Return `op.bulk_insert(…)` for rows that all have the same columns."""
    columns = {c.name: c for c in table.columns}
    spelled = {name: columns[name].type for name in rows[0] if name in columns}
    meant = [
        {n: _meant(v, spelled.get(n, ""), backend) for n, v in row.items()}
        for row in rows
    ]
    declared = []
    for name in rows[0]:
        kinds = [kind_of(row[name]) for row in meant if row[name] is not None]
        words = next((t for t in held.types if t.name == spelled.get(name)), None)
        kind = enum_source(words) if words else _TYPES.get(kinds[0]) if kinds else None
        declared.append(call("sa.column", [quoted(name), *([kind] if kind else [])]))
    lines = [_row(row) for row in meant]
    told = "\n".join(["[", *(f"    {line}," for line in lines), "]"])
    return call(
        "op.bulk_insert", [call("sa.table", [quoted(table.name), *declared]), told]
    )


def _row(values: Values) -> str:
    said = (f"{quoted(name)}: {value_source(value)}" for name, value in values.items())
    return f"{{{', '.join(said)}}}"


def _meant(value: Any, spelled: str, backend: str) -> Any:  # noqa: ANN401
    """Return what a value was before it was made fit for a driver."""
    kind = spelled.lower()
    if kind in _BOOLEANS and value in (0, 1) and isinstance(value, int):
        return bool(value)
    if (backend, kind) == ("sqlite", "datetime") and _MOMENT.fullmatch(str(value)):
        text = str(value).replace(" ", "T").removesuffix(".000000")
        return {"kind": "datetime", "text": text}
    return value


def _rows(statement: Statement, sets: tuple[Any, ...]) -> Iterator[Values]:
    """Yield the rows of an INSERT that has nothing but bound values."""
    said = _INSERT.fullmatch(statement.text)
    if said is None:
        return
    columns = [name.strip().strip('"`') for name in said["columns"].split(",")]
    places = [_PLACE.fullmatch(one.strip()) for one in said["values"].split(",")]
    for one in sets:
        found = [_at(one, place, n) for n, place in enumerate(places) if place]
        if len(found) == len(columns):
            yield dict(zip(columns, found, strict=True))


def _at(values: list[Any] | Values, place: re.Match[str], number: int) -> Any:  # noqa: ANN401
    return values[place["name"]] if isinstance(values, dict) else values[number]


def _named(text: str, values: list[Any] | Values, backend: str) -> str:
    """Return what sends a statement once, its values by name; nothing if it is unclear."""
    used: Values = {}

    def said(piece: re.Match[str]) -> str:
        if piece["place"] is None:
            return piece[0] if backend == "sqlite" else piece[0].replace("%%", "%")
        name = piece["name"] or f"value_{len(used) + 1}"
        used[name] = _at(values, piece, len(used))
        return f":{name}"

    try:
        sql = _PIECES[backend].sub(said, without_parameters(text))
    except (IndexError, KeyError):
        return ""
    unclear = backend != "sqlite" and "%" in _DOUBLED.sub("", text)
    if unclear or len(used) != len(values):
        return ""
    if not used:
        return call("op.execute", [text_source(sql)])
    bound = [f"{name}={value_source(value)}" for name, value in used.items()]
    return call("op.execute", [call(f"sa.text({quoted(sql)}).bindparams", bound)])
