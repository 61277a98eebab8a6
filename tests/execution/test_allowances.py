"""What a toolchain adds to every schema by itself is no difference."""

from __future__ import annotations

import pytest

from harness.execution.allowances import allow_checked_booleans
from harness.model.schema import Boolean, Column, Integer, Schema, Table
from harness.model.snapshot import ColumnState, ConstraintState, Snapshot, TableState

SCHEMA = Schema((Table("users", (Column("id", Integer()), Column("on", Boolean()))),))


def snapshot(*checks: str) -> Snapshot:
    """Return a database with one table that has unnamed checks."""
    table = TableState(
        "users",
        (ColumnState("id", "INTEGER", True), ColumnState("on", "BOOLEAN", True)),
        checks=tuple(ConstraintState(None, check) for check in checks),
    )
    return Snapshot(tables=(table,), rows=())


@pytest.mark.parametrize("check", ["(on in (0, 1))", "on in (0,1)", '"on" IN (0, 1)'])
def test_the_check_of_a_boolean_is_allowed(check: str) -> None:
    """In whatever form a database tells it."""
    found = snapshot(check)

    assert found == allow_checked_booleans(snapshot(), found, SCHEMA)


def test_it_is_not_demanded() -> None:
    """Where it is not there, nothing is lost."""
    assert snapshot() == allow_checked_booleans(snapshot(), snapshot(), SCHEMA)


@pytest.mark.parametrize("check", ["(id in (0, 1))", "(on in (0, 1, 2))", "(on > 0)"])
def test_any_other_check_remains_a_difference(check: str) -> None:
    """On another column, or of another meaning."""
    assert snapshot() == allow_checked_booleans(snapshot(), snapshot(check), SCHEMA)
