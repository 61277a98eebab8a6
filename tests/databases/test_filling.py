"""Made-up rows, many of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.databases import Databases
from harness.databases.filling import fill
from harness.databases.snapshot import take
from harness.model.schema import Boolean, Column, Integer, String, Table, Text
from tests.running import Servers

TABLE = Table(
    "people",
    (
        Column("id", Integer(), nullable=False, primary_key=True),
        Column("name", String(8)),
        Column("more", Text()),
        Column("active", Boolean()),
    ),
)
SCRIPT = {
    "sqlite": "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(8), more TEXT, "
    "active BOOLEAN)",
    "postgresql": "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(8), "
    "more TEXT, active BOOLEAN)",
    "mysql": "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(8), more TEXT, "
    "active BOOLEAN)",
}


@pytest.mark.parametrize("backend", SCRIPT)
def test_a_row_is_made_from_its_number(
    backend: str, servers: Servers, tmp_path: Path
) -> None:
    """It is the same on every database; a text is cut where its column ends."""
    servers.backend(backend)
    databases = Databases(backend, tmp_path)
    databases.create("app")
    databases.run_script("app", SCRIPT[backend])

    fill(databases.url("app"), TABLE, 1234)

    (rows,) = take(databases.url("app")).rows
    databases.drop_all()
    assert 1234 == rows.count
    assert {"id": 1, "name": "text 1", "more": "text 1"}.items() <= dict(
        rows.sample[0]
    ).items()
    assert [False, True] == [bool(row["active"]) for row in rows.sample[:2]]


def test_more_rows_than_are_made_at_once(tmp_path: Path) -> None:
    """None is left out and none is there twice."""
    databases = Databases("sqlite", tmp_path)
    databases.create("app")
    databases.run_script("app", SCRIPT["sqlite"])

    fill(databases.url("app"), TABLE, 250_001)

    assert 250_001 == take(databases.url("app")).rows[0].count
