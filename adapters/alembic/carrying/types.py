"""Types of columns as a database spells them, as SQLAlchemy source."""

from __future__ import annotations

import re

from adapters.alembic.source import call, quoted
from harness.model.snapshot import TypeState

_PLAIN = {
    "integer": "sa.Integer()",
    "int": "sa.Integer()",
    "bigint": "sa.BigInteger()",
    "smallint": "sa.SmallInteger()",
    "text": "sa.Text()",
    "boolean": "sa.Boolean()",
    "date": "sa.Date()",
    "time": "sa.Time()",
    "datetime": "sa.DateTime()",
    "float": "sa.Float()",
    "json": "sa.JSON()",
    "blob": "sa.LargeBinary()",
    "varchar": "sa.String()",
}
_OF_POSTGRESQL = {
    "character varying": "sa.String()",
    "timestamp without time zone": "sa.DateTime()",
    "timestamp with time zone": "sa.DateTime(timezone=True)",
    "time without time zone": "sa.Time()",
    "double precision": "sa.Float()",
    "bytea": "sa.LargeBinary()",
}
_OF_MYSQL = {
    "tinyint(1)": "sa.Boolean()",
    "int(11)": "sa.Integer()",
    "bigint(20)": "sa.BigInteger()",
    "smallint(6)": "sa.SmallInteger()",
}
_BY_BACKEND = {"postgresql": _OF_POSTGRESQL, "mysql": _OF_MYSQL}
_NOT_ON = {
    "sqlite": {"int"},
    "postgresql": {"datetime", "float", "blob"},
    "mysql": {"boolean", "json"},
}
_LENGTH = re.compile(r"(?:varchar|character varying)\((?P<length>\d+)\)", re.IGNORECASE)
_PARTS = re.compile(r"(?:numeric|decimal)\((?P<parts>\d+, ?\d+)\)", re.IGNORECASE)

VERBATIM = "Verbatim"
VERBATIM_SOURCE = '''\
class Verbatim(sa.types.UserDefinedType):
    """A type that is written as the database spelled it."""

    cache_ok = True

    def __init__(self, spelled):
        self.spelled = spelled

    def get_col_spec(self, **kw):
        return self.spelled
'''


def type_source(
    spelled: str,
    backend: str,
    types: tuple[TypeState, ...] = (),
    collation: str | None = None,
) -> str:
    """Return a type as source; one that SQLAlchemy would spell otherwise is verbatim.

    `types` are those of words that stand beside the tables.
    """
    words = next((one for one in types if one.name == spelled), None)
    if words is not None:
        return enum_source(words)
    # SQLite keeps a spelling as it is, and SQLAlchemy writes capitals.
    if backend == "sqlite" and spelled != spelled.upper():
        return _verbatim(
            spelled if collation is None else f"{spelled} COLLATE {collation}"
        )
    if length := _LENGTH.fullmatch(spelled):
        collated = [] if collation is None else [f"collation={quoted(collation)}"]
        return call("sa.String", [f"length={length['length']}", *collated])
    if collation is not None:
        return _verbatim(f"{spelled} COLLATE {collation}")
    if parts := _PARTS.fullmatch(spelled):
        precision, scale = map(str.strip, parts["parts"].split(","))
        if backend == "sqlite" and spelled != f"NUMERIC({precision}, {scale})":
            return _verbatim(spelled)
        return f"sa.Numeric(precision={precision}, scale={scale})"
    own = _BY_BACKEND.get(backend, {}).get(spelled)
    if own is not None:
        return own
    name = spelled.lower()
    plain = None if name in _NOT_ON.get(backend, ()) else _PLAIN.get(name)
    return plain or _verbatim(spelled)


def enum_source(words: TypeState) -> str:
    """Return a type of words that is made by itself, and not with a table."""
    said = [
        *map(quoted, words.words),
        f"name={quoted(words.name)}",
        "create_type=False",
    ]
    return call("postgresql.ENUM", said)


def _verbatim(spelled: str) -> str:
    return f"{VERBATIM}({quoted(spelled)})"
