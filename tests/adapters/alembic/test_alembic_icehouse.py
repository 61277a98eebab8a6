"""alembic as it was in November 2013, on Python 2.7."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from adapters.alembic.adapter import ALEMBIC, ALEMBIC_LINEAR
from harness.contract import NotCarriedOut, Unsupported
from harness.model.evidence import Fault, OutcomeKind
from harness.model.operations import AddUnique, Backfill, CreateTable, Insert
from harness.model.schema import Column, Integer, Schema, String, Table, Unique
from harness.model.steps import Migration
from tests.adapters.alembic.bench import Bench, Runner

USERS = Table(
    "users",
    (
        Column("id", Integer(), nullable=False, primary_key=True),
        Column("name", String(length=20)),
    ),
)
CREATE = CreateTable(USERS)
FIRST = Migration("create_users", (CREATE,), CREATE.reverse(Schema()))
UNIQUE = AddUnique("users", Unique("users_name", ("name",)))
SECOND = Migration("names_are_unique", (UNIQUE,), ())


@pytest.fixture
def bench(icehouse: Runner, tmp_path: Path) -> Bench:
    """A repository of the tool as published."""
    return Bench(icehouse, tmp_path, ALEMBIC)


@pytest.fixture
def linear(icehouse: Runner, tmp_path: Path) -> Bench:
    """A repository under the linear policy."""
    return Bench(icehouse, tmp_path, ALEMBIC_LINEAR)


def test_a_history_is_driven_up_and_down(bench: Bench) -> None:
    """With the words that the tool had for it then."""
    bench.author(FIRST)
    app, history = bench.database(), bench.history
    history.upgrade(app, None)
    there = history.current(app), history.names(), history.heads()
    differences = bench.differences()
    history.downgrade(app, None)

    assert ((FIRST.name,),) * 3 == there
    assert () == differences
    assert () == history.current(app)


def test_two_heads_are_listed_by_history_and_refused_by_upgrade(bench: Bench) -> None:
    """There was no `heads` yet: `history` marks them."""
    for name in ("one", "two"):
        bench.revision(name, None)

    heads = bench.history.heads()
    with pytest.raises(NotCarriedOut) as caught:
        bench.history.upgrade(bench.database(), None)

    assert {"one", "two"} == set(heads)
    listed = bench.commands[-2].outcome
    assert (OutcomeKind.WARNED, Fault.SEVERAL_HEADS) == (listed.kind, listed.fault)
    refused = caught.value.command.outcome
    assert (OutcomeKind.REFUSED, Fault.SEVERAL_HEADS) == (refused.kind, refused.fault)
    assert "Only a single head supported so far..." == refused.words


def test_sqlite_is_not_altered_by_copying_yet(bench: Bench) -> None:
    """Batch mode came with 0.7: a user of that day saw the refusal."""
    bench.author(FIRST)
    bench.author(SECOND)

    with pytest.raises(NotCarriedOut) as caught:
        bench.history.upgrade(bench.database(), None)

    outcome = caught.value.command.outcome
    assert (OutcomeKind.CRASHED, Fault.NOT_EXPRESSIBLE) == (outcome.kind, outcome.fault)


def test_rows_are_inserted_and_changed_with_what_sqlalchemy_had_then(
    bench: Bench,
) -> None:
    """`table` and `column` were in `sqlalchemy.sql` long before the top of the package."""
    bench.author(FIRST)
    row = Insert("users", {"id": 1, "name": None})
    rows = (row, Backfill("users", "name", value="unknown"))
    bench.author(Migration("fill", rows, ()))
    app = bench.database()
    bench.history.upgrade(app, None)

    with create_engine(app.url).connect() as connection:
        there = connection.execute(text("SELECT id, name FROM users")).fetchall()
    assert [(1, "unknown")] == [tuple(row) for row in there]


def test_what_came_later_is_unsupported_with_the_release_that_brought_it(
    bench: Bench,
) -> None:
    """Such as the comparison with the models."""
    with pytest.raises(Unsupported, match=r"alembic 0\.6\.0 has no .*with 1\.9\.0"):
        bench.history.compare_models(bench.database())


def test_the_policy_needs_no_hook_of_the_tool(linear: Bench) -> None:
    """Neutron wrote HEAD after the tool had written the revision."""
    linear.author(FIRST)
    linear.history.guard()
    head = linear.session.repository / "migrations/versions/HEAD"
    good = head.read_text()
    head.write_text("elsewhere\n")
    with pytest.raises(NotCarriedOut) as caught:
        linear.history.guard()

    assert linear.text(linear.files()[0]).count(good.strip()) > 0
    assert Fault.GUARD_MISMATCH == caught.value.command.outcome.fault
