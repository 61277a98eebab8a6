"""Off the line: what a user of alembic does there, and what the tool says to it."""

from __future__ import annotations

import msgspec
import pytest

from harness.contract import Authoring, NotCarriedOut, Unsupported
from harness.model.evidence import Fault, OutcomeKind
from harness.model.operations import AddColumn, CreateTable
from harness.model.schema import Column, Integer, String, Table
from harness.model.steps import EVERY_END, NOWHERE, Migration, Naming
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


def _chosen(bench: Bench, migration: Migration, **fields: str) -> Authoring:
    return msgspec.structs.replace(bench.authoring(migration), **fields)
