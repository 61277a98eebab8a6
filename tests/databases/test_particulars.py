"""What only some columns and tables have is seen on every backend that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.databases import Backend, Databases
from harness.databases.oracle import expected
from harness.databases.seeding import insert
from harness.databases.snapshot import take
from harness.judgement.difference import compare
from harness.model.schema import Column, Enum, Integer, Schema, String, Table

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


_KINDS = Enum("team_kind", ("core", "it's"))
_TEAMS = Table("teams", (_CODE, Column("kind", _KINDS)))
_ENUMERATED = {
    "sqlite": "CREATE TABLE teams (code VARCHAR(20) PRIMARY KEY NOT NULL, "
    "kind VARCHAR(4))",
    "postgresql": "CREATE TYPE team_kind AS ENUM ('core', 'it''s');"
    "CREATE TABLE teams (code varchar(20) PRIMARY KEY, kind team_kind)",
    "mysql": "CREATE TABLE teams (code varchar(20) PRIMARY KEY, "
    "kind enum('core', 'it''s'))",
}


def test_a_column_of_a_few_words_is_seen(databases: Databases) -> None:
    """As a type of its own, in the column, or as text: what the backend has."""
    url = databases.create("app")
    databases.run_script("app", _ENUMERATED[databases.backend])

    found = take(url)

    assert () == compare(expected(Schema((_TEAMS,)), {}, databases.backend), found)
    assert (databases.backend == "postgresql") is bool(found.types)


def test_a_type_is_not_gone_with_its_table(databases: Databases) -> None:
    """What stands beside the tables, and should not, is told; so is a missing word."""
    if databases.backend != "postgresql":
        pytest.skip("no other backend has types beside the tables")
    url = databases.create("app")
    databases.run_script("app", "CREATE TYPE team_kind AS ENUM ('core')")
    left = compare(expected(Schema(), {}, databases.backend), take(url))
    databases.run_script(
        "app", "CREATE TABLE teams (code varchar(20) PRIMARY KEY, kind team_kind)"
    )
    fewer = compare(expected(Schema((_TEAMS,)), {}, databases.backend), take(url))

    assert ["team_kind: the type is not expected"] == [d.sentence for d in left]
    assert ["team_kind: the type has the words (core), expected (core, it's)"] == [
        d.sentence for d in fewer
    ]


def test_comments_are_seen(databases: Databases) -> None:
    """On a table and on a column, where the backend has comments; SQLite has none."""
    url = databases.create("app")
    databases.run_script("app", "CREATE TABLE teams (code VARCHAR(20) NOT NULL)")
    plain = Table("teams", (Column("code", String(20), nullable=False),))
    commented = plain.with_changes(
        comment="people, 100%",
        columns=(Column("code", String(20), nullable=False, comment="it's short"),),
    )
    answer = expected(Schema((commented,)), {}, databases.backend)

    told = [difference.sentence for difference in compare(answer, take(url))]

    wanted = [
        'teams.code: the comment "it\'s short" is missing',
        "teams: the comment 'people, 100%' is missing",
    ]
    assert ([] if databases.backend == "sqlite" else wanted) == told
