"""Off the line: what a user of alembic does there, and what the tool says to it."""

from __future__ import annotations

import msgspec
import pytest

from harness.contract import ACTIVE_PLUGINS, Authoring, NotCarriedOut, Unsupported
from harness.databases.snapshot import take
from harness.model.departures import EVERY_END, NOWHERE, Naming
from harness.model.evidence import Fault, OutcomeKind
from harness.model.operations import (
    AddColumn,
    AwaitOthers,
    CreateTable,
    Insert,
    RunStatement,
)
from harness.model.schema import Column, Integer, String, Table
from harness.model.snapshot import Snapshot
from harness.model.steps import Migration
from tests.adapters.alembic.bench import Bench

USERS = Table("users", (Column("id", Integer(), nullable=False, primary_key=True),))
GROUND = Migration("create_users", (CreateTable(USERS),))
EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))
PHONE = Migration("add_phone", (AddColumn("users", Column("phone", String(50))),))


def _lines(bench: Bench) -> None:
    """Have two migrations behind the first one, the second of them on purpose."""
    bench.author(GROUND)
    bench.author(EMAIL)
    bench.history.branch_off(
        bench.authoring(PHONE, (GROUND,)), "create_users", insisting=True
    )


def test_a_branch_point_has_to_be_meant(bench: Bench) -> None:
    """Without --splice the tool refuses, and nothing is written."""
    bench.author(GROUND)
    bench.author(EMAIL)

    with pytest.raises(NotCarriedOut) as refused:
        bench.history.branch_off(
            bench.authoring(PHONE, (GROUND,)), "create_users", insisting=False
        )

    assert Fault.SEVERAL_HEADS is refused.value.command.outcome.fault
    assert 2 == len(bench.files())


def test_every_end_is_reached(either_bench: Bench) -> None:
    """`upgrade heads` takes a database to the end of both lines."""
    _lines(either_bench)

    either_bench.history.upgrade(either_bench.database(), EVERY_END)

    assert not either_bench.differences((GROUND, EMAIL, PHONE))


def test_a_dependency_is_pulled_in(either_bench: Bench) -> None:
    """An upgrade to one line brings what it requires of the other."""
    _lines(either_bench)
    either_bench.history.depend("add_phone", "add_email")

    either_bench.history.upgrade(either_bench.database(), "add_phone")

    assert not either_bench.differences((GROUND, EMAIL, PHONE))


@pytest.mark.parametrize(
    ("on", "fault"),
    [(NOWHERE, Fault.MISSING_PARENT), ("add_phone", Fault.CYCLE)],
)
def test_a_faulty_dependency_is_understood(
    either_bench: Bench, on: str, fault: Fault
) -> None:
    """One that is not there is a missing parent, one on itself is a circle."""
    _lines(either_bench)
    either_bench.history.depend("add_phone", on)

    said = either_bench.outcome("heads")

    assert (OutcomeKind.CRASHED, fault) == (said.kind, said.fault)


@pytest.mark.parametrize("naming", [n for n in Naming if n is not Naming.UPPER])
def test_the_name_of_a_file_means_nothing(bench: Bench, naming: Naming) -> None:
    """Whatever the file is called, the revision in it runs."""
    bench.author(GROUND)
    bench.author(EMAIL)
    before = bench.files()

    bench.history.rename("add_email", naming)
    bench.history.upgrade(bench.database(), None)

    assert before != bench.files()
    assert not bench.differences((GROUND, EMAIL))


def test_another_identity_is_one_that_the_database_does_not_hold(bench: Bench) -> None:
    """A database at the former id cannot be placed any more."""
    bench.author(GROUND)
    bench.history.upgrade(bench.database(), None)

    bench.history.reidentify("create_users")

    assert Fault.UNKNOWN_REVISION is bench.outcome("upgrade", "head").fault


def test_rows_that_overlap_contradict_each_other(either_bench: Bench) -> None:
    """Rows of a revision and of one that it builds on stop an upgrade."""
    for migration in (GROUND, EMAIL, PHONE):
        either_bench.author(migration)
    either_bench.history.upgrade(either_bench.database(), "add_email")

    rows = either_bench.history.meddling(("create_users", "add_email"))
    either_bench.databases.run_script("app", rows)

    assert Fault.BOOKKEEPING is either_bench.outcome("upgrade", "head").fault


def test_a_deleted_revision_is_still_spoken_of(bench: Bench) -> None:
    """A target that is gone from the tree is named by the id it had."""
    bench.author(GROUND)
    bench.author(EMAIL)
    bench.history.delete("add_email")

    with pytest.raises(NotCarriedOut) as refused:
        bench.history.stamp(bench.database(), "add_email")

    assert Fault.UNKNOWN_REVISION is refused.value.command.outcome.fault


def test_a_chosen_id_and_a_label_are_written(bench: Bench) -> None:
    """What the author chooses is in the file, and a part of it names the target."""
    bench.history.author(
        _chosen(bench, GROUND, identity="abcd01", label="first"),
    )

    bench.history.upgrade_by_prefix(bench.database(), "create_users", 3)

    assert "abcd01" in bench.files()[0]
    assert "branch_labels: " in bench.text(bench.files()[0])
    assert "('first',)" in bench.text(bench.files()[0])
    assert not bench.differences((GROUND,))


@pytest.mark.parametrize(
    ("argv", "fault"),
    [
        (("revision", "--rev-id", "bug-2"), Fault.BAD_COMMAND_LINE),
        (("revision", "--branch-label", "x", "--rev-id", "r1"), Fault.CYCLE),
    ],
)
def test_a_badly_chosen_id_is_understood(
    either_bench: Bench, argv: tuple[str, ...], fault: Fault
) -> None:
    """One with a dash is no id, and one that is taken follows itself."""
    either_bench.revision("r1", None)

    assert fault is either_bench.outcome(*argv).fault


def test_a_label_given_twice_is_understood(either_bench: Bench) -> None:
    """Two lines of one name are a duplicate identity."""
    either_bench.revision("r1", None)
    for own in ("r2", "r3"):
        argv = ("revision", "--head", "r1", "--splice", "--rev-id", own)
        either_bench.outcome(*argv)
        (file,) = (f for f in either_bench.files() if f.startswith(own))
        text = either_bench.text(file)
        labelled = text.replace(" = None\ndepends", " = ('x',)\ndepends")
        either_bench.put(file, labelled)

    assert Fault.DUPLICATE_IDENTITY is either_bench.outcome("heads").fault


def test_timestamps_order_nothing(bench: Bench) -> None:
    """Numbering by time has no counterpart, and says so with a reference."""
    with pytest.raises(Unsupported) as refusal:
        bench.history.number_by_time()

    assert refusal.value.reference


def test_a_column_is_added_unless_it_is_there(either_bench: Bench) -> None:
    """The script looks first: what is there stays, what is not comes."""
    again = AddColumn("users", Column("email", String(50)), unless_there=True)
    other = AddColumn("users", Column("phone", String(50)), unless_there=True)
    for migration in (GROUND, EMAIL, Migration("anyhow", (again, other), ())):
        either_bench.author(migration)

    either_bench.history.upgrade(either_bench.database(), None)

    assert not either_bench.differences((GROUND, EMAIL, PHONE))


def test_a_row_is_inserted_after_waiting(either_bench: Bench) -> None:
    """Nobody is waited for where nobody else is: the row is just there."""
    insert = Insert("users", {"id": 7})
    either_bench.author(GROUND)
    either_bench.author(Migration("a_row", (AwaitOthers(), insert), ()))

    either_bench.history.upgrade(either_bench.database(), None)

    (rows,) = (r for r in _look(either_bench).rows if r.table == "users")
    assert ({"id": 7},) == rows.sample


def test_a_migration_for_a_plugin_does_nothing_without_it(either_bench: Bench) -> None:
    """The script itself asks; the history goes on."""
    either_bench.author(GROUND)
    either_bench.author(msgspec.structs.replace(EMAIL, only_for=("mail",)))

    either_bench.history.upgrade(either_bench.database(), None)

    assert not either_bench.differences((GROUND,))
    assert ("add_email",) == either_bench.history.current(either_bench.database())
    either_bench.begin(deployment={ACTIVE_PLUGINS: "other,mail"})
    either_bench.history.upgrade(either_bench.database("second"), None)
    assert {"id", "email"} == {
        column.name for column in _look(either_bench, "second").tables[0].columns
    }


def test_lines_have_labels_and_needs(either_bench: Bench) -> None:
    """Each line goes as far as it goes, and brings what it needs of another."""
    bench = either_bench
    bench.author(GROUND)
    bench.history.author_on_line(bench.authoring(EMAIL), "expand", ())
    needing = bench.authoring(PHONE), "contract", ("add_email",)
    bench.history.author_on_line(*needing)
    bench.history.author_on_line(bench.authoring(Migration("more")), "expand", ())

    bench.history.upgrade_line(bench.database(), "contract")

    assert not bench.differences((GROUND, EMAIL, PHONE))
    bench.history.upgrade_line(bench.database("other"), "expand")
    assert ("more",) == bench.history.current(bench.database("other"))


def test_the_linear_policy_has_no_room_for_lines(linear: Bench) -> None:
    """Neutron gave the policy up for them, and the refusal says so."""
    linear.author(GROUND)

    with pytest.raises(Unsupported, match="one line"):
        linear.history.author_on_line(linear.authoring(EMAIL), "expand", ())


def test_books_of_its_own_are_another_table(either_bench: Bench) -> None:
    """Both version tables are bookkeeping, and neither is looked at as schema."""
    either_bench.author(GROUND)
    either_bench.history.own_books()

    either_bench.history.upgrade(either_bench.database(), None)

    assert {"own_alembic_version"} == {
        table for table, rows in _look(either_bench).bookkeeping.items() if rows
    }
    assert not either_bench.differences((GROUND,))


def test_two_at_once_are_told_apart_by_the_version_row(either_bench: Bench) -> None:
    """Who finds the row moved under its feet is turned away in the tool's words."""
    moved = "UPDATE alembic_version SET version_num = 'elsewhere'"
    for migration in (GROUND, Migration("move", (RunStatement(moved),), ())):
        either_bench.author(migration)

    assert Fault.BOOKKEEPING is either_bench.outcome("upgrade", "head").fault


def _look(bench: Bench, name: str = "app") -> Snapshot:
    return take(bench.database(name).url, bench.history.bookkeeping)


def _chosen(bench: Bench, migration: Migration, **fields: str) -> Authoring:
    return msgspec.structs.replace(bench.authoring(migration), **fields)


@pytest.mark.parametrize("revisions", [1, 4, 10])
def test_a_history_grows_with_merges(bench: Bench, revisions: int) -> None:
    """Lines part and meet again: there is one head, and an upgrade goes through all."""
    bench.history.grow_with_merges(revisions)

    bench.history.upgrade(bench.database(), None)

    newest = (f"grown_{revisions:05}",)
    assert newest == bench.history.heads()
    assert newest == bench.history.current(bench.database())
    assert revisions == len(bench.files())
