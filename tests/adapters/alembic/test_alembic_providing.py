"""What users of alembic do beside its commands: the environment, a file, a proposal."""

from __future__ import annotations

import pytest

from harness.contract import Database, NotCarriedOut
from harness.model.evidence import Fault
from harness.model.operations import AddColumn
from harness.model.schema import Column, Schema, String
from harness.model.steps import Migration, Resource
from tests.adapters.alembic.bench import Bench
from tests.adapters.migrate.operations import BEFORE, GROUND

EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))
PHONE = Migration("add_phone", (AddColumn("users", Column("phone", String(50))),))


@pytest.fixture
def ground(either_bench: Bench) -> Bench:
    """A database at the end of a history of one migration."""
    either_bench.author(GROUND)
    either_bench.history.upgrade(either_bench.database(), None)
    return either_bench


def by_hand(bench: Bench, migration: Migration) -> tuple[str, ...]:
    """Write a migration without the tool, and commit."""
    told = bench.history.write_by_hand(bench.authoring(migration))
    bench.commit((*bench.story.line, migration))
    return told


def nowhere(bench: Bench) -> Database:
    """Return a database that cannot be reached."""
    url = f"sqlite:///{bench.directory / 'no' / 'such' / 'folder.db'}"
    return Database("nowhere", url, "sqlite")


def test_an_environment_that_always_connects_needs_the_database_to_author(
    ground: Bench,
) -> None:
    """Authoring works with it, and fails without it: in the words of the database."""
    ground.history.connect_always(ground.database(), nowhere(ground))
    ground.author(EMAIL)
    ground.begin(Resource.DATABASE)
    with pytest.raises(NotCarriedOut) as caught:
        ground.author(PHONE)

    assert Fault.DATABASE_UNREACHABLE == caught.value.command.outcome.fault


def test_without_that_setting_no_database_is_needed_to_author(ground: Bench) -> None:
    """It is what alembic comes with."""
    ground.begin(Resource.DATABASE)
    ground.author(EMAIL)

    assert (GROUND.name, EMAIL.name) == ground.history.names()


def test_files_written_by_hand_follow_each_other(ground: Bench) -> None:
    """Their authors look up the newest revision; the tool takes the files as its own."""
    told = by_hand(ground, EMAIL), by_hand(ground, PHONE)
    ground.history.upgrade(ground.database(), None)
    differences = ground.differences()
    ground.history.downgrade(ground.database(), GROUND.name)

    assert all("that no other one follows" in one for (one,) in told)
    assert (GROUND.name, EMAIL.name, PHONE.name) == ground.history.names()
    assert () == differences
    assert (GROUND.name,) == ground.history.current(ground.database())


def test_the_first_file_of_a_history_can_be_written_by_hand(
    either_bench: Bench,
) -> None:
    """It follows nothing."""
    by_hand(either_bench, GROUND)
    either_bench.history.upgrade(either_bench.database(), None)

    assert () == either_bench.differences()


def test_no_file_is_written_by_hand_where_the_parent_is_open(ground: Bench) -> None:
    """Two ends are there: which of them is meant is not for the adapter to choose."""
    for name in ("one", "two"):
        ground.revision(name, None)
    files = ground.files()

    with pytest.raises(LookupError, match="3 ends"):
        by_hand(ground, EMAIL)
    assert files == ground.files()


def test_under_the_linear_policy_the_parent_is_in_the_head_file(linear: Bench) -> None:
    """It is one place to look at, and HEAD is written with the revision."""
    linear.author(GROUND)
    told = by_hand(linear, EMAIL)
    linear.history.guard()

    assert ("the id of the newest revision: in HEAD",) == told


def test_a_proposal_tells_its_operations_and_is_a_revision(ground: Bench) -> None:
    """From models that have a column more and a table less than the database."""
    (change,) = EMAIL.upgrade
    users = change.apply(BEFORE).table("users")
    ground.history.declare_models(Schema((users,)))

    proposed = ground.history.propose("from_models", ground.database())

    assert {"drop table teams", "add column users"} <= set(proposed)
    assert (GROUND.name, "from_models") == ground.history.names()


def test_a_proposal_without_differences_is_empty(ground: Bench) -> None:
    """A file is written all the same."""
    ground.history.declare_models(BEFORE)

    assert () == ground.history.propose("nothing", ground.database())
    assert (GROUND.name, "nothing") == ground.history.names()
