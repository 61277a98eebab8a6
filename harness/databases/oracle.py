"""The third place of truth: what a schema and its rows look like without any tool."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.schema import sort_tables_and_constraints

from harness.databases.databases import backend_named
from harness.databases.definitions import metadata_of
from harness.databases.seeding import add_trigger, insert_into
from harness.databases.snapshot import take
from harness.model.rows import Row, Rows
from harness.model.schema import Schema, Trigger
from harness.model.snapshot import Snapshot


class _Question(msgspec.Struct, frozen=True):
    """What is asked, in a form that has a digest."""

    schema: Schema
    rows: dict[str, tuple[Row, ...]]
    triggers: tuple[Trigger, ...]
    backend: str


def expected(
    schema: Schema, rows: Rows, backend: str, triggers: tuple[Trigger, ...] = ()
) -> Snapshot:
    """Return what a database with this schema, rows and triggers looks like.

    The schema is built with `MetaData.create_all` in a database of its own and seen
    through the same lens as the databases of the cells. Answers are remembered.
    """
    question = _Question(schema, dict(rows), triggers, backend)
    return _answer(msgspec.json.encode(question, order="deterministic"))


@lru_cache(maxsize=4096)
def _answer(encoded: bytes) -> Snapshot:
    question = msgspec.json.decode(encoded, type=_Question)
    with backend_named(question.backend).scratch() as url:
        _build(url, question)
        return take(url)


def _build(url: str, question: _Question) -> None:
    metadata = metadata_of(question.schema)
    engine = backend_named(question.backend).engine(url)
    try:
        with engine.begin() as connection:
            metadata.create_all(connection, checkfirst=False)
            for name in _insertion_order(metadata):
                insert_into(connection, name, question.rows.get(name, ()))
            for trigger in question.triggers:
                add_trigger(connection, question.backend, trigger)
    finally:
        engine.dispose()


def _insertion_order(metadata: sa.MetaData) -> list[str]:
    """Return the tables so that rows come after those that they refer to."""
    tables = metadata.tables.values()
    ordered = sort_tables_and_constraints(tables)  # type: ignore[no-untyped-call]
    return [table.name for table, _ in ordered if table is not None]
