"""What only some columns and tables have is seen on every backend that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.databases import Backend, Databases
from harness.databases.oracle import expected
from harness.databases.seeding import insert
from harness.databases.snapshot import take
from harness.judgement.difference import compare
from harness.model.schema import Column, Integer, Schema, String, Table

_CODE = Column("code", String(20), nullable=False, primary_key=True)
_NET = Column("net", Integer(), nullable=False)
_PARTS = Table("parts", (_CODE, _NET, Column("gross", Integer(), generated="net * 2")))
_BOLT = {"code": "b1", "net": 7}


@pytest.fixture
def databases(backend: Backend, tmp_path: Path) -> Databases:
    """Return the databases of a cell, none of them made yet."""
    return Databases(backend.name, tmp_path / "cell")


def _differences(databases: Databases, sql: str) -> list[str]:
    """Return how what the SQL makes differs from the parts, a bolt being in both."""
    url = databases.create("app")
    databases.run_script("app", sql)
    insert(url, "parts", (_BOLT,))
    answer = expected(Schema((_PARTS,)), {"parts": (_BOLT,)}, databases.backend)
    return [difference.sentence for difference in compare(answer, take(url))]


def test_a_generated_column_is_seen(databases: Databases) -> None:
    """A person's SQL is the same as the oracle's; the value is the database's own."""
    sql = (
        "CREATE TABLE parts (code VARCHAR(20) PRIMARY KEY NOT NULL, "
        "net INTEGER NOT NULL, gross INTEGER GENERATED ALWAYS AS ((net*2)) STORED)"
    )

    assert [] == _differences(databases, sql)
    assert 14 == take(databases.url("app")).rows[0].sample[0]["gross"]


def test_a_column_that_is_no_longer_generated_is_told(databases: Databases) -> None:
    """That the values are still there does not make it the same column."""
    sql = (
        "CREATE TABLE parts (code VARCHAR(20) PRIMARY KEY NOT NULL, "
        "net INTEGER NOT NULL, gross INTEGER DEFAULT 14)"
    )

    told = _differences(databases, sql)

    assert "parts.gross: the generating expression net * 2, stored is lost" in told
    assert "parts.gross: the default is '14', expected none" in told
