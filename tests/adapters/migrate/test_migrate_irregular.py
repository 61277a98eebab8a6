"""Off the line: what a user of sqlalchemy-migrate does there, and what numbers allow."""

from __future__ import annotations

import msgspec
import pytest

from harness.contract import NotCarriedOut, Unsupported
from harness.model.departures import EVERY_END, NOWHERE, Naming
from harness.model.evidence import Fault
from harness.model.operations import AddColumn, AwaitOthers, Insert, apply_all
from harness.model.schema import Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described, expected, rows
from tests.adapters.migrate.operations import BEFORE, GROUND

EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))


@pytest.mark.parametrize(
    ("naming", "name"),
    [
        (Naming.ANOTHER, "002_add_email_address.py"),
        (Naming.BARE, "add_email.py"),
        (Naming.LETTERS, "rev002_add_email.py"),
        (Naming.SHORT, "02_add_email.py"),
        (Naming.UPPER, "002_ADD_EMAIL.PY"),
        (Naming.SPACES, "002 add email.py"),
    ],
)
def test_a_script_gets_another_name(bench: Bench, naming: Naming, name: str) -> None:
    """The names are those that the namings speak of."""
    bench.author(GROUND)
    bench.author(EMAIL)

    bench.history.rename("add_email", naming)

    assert name in bench.files()


def test_a_script_without_a_number_is_passed_over(bench: Bench) -> None:
    """The tool takes no notice: the newest version is the one before."""
    bench.author(GROUND)
    bench.author(EMAIL)

    bench.history.rename("add_email", Naming.SHORT)

    assert ("ground",) == bench.history.heads()


def test_a_renamed_script_stays_in_the_manifest(manifest_bench: Bench) -> None:
    """Whoever renames a script says so in the manifest, and it runs as before."""
    manifest_bench.author(GROUND)
    manifest_bench.author(EMAIL)

    manifest_bench.history.rename("add_email", Naming.SPACES)

    assert ("add email",) == manifest_bench.history.heads()
    with pytest.raises(Unsupported, match="no number"):
        manifest_bench.history.rename("ground", Naming.BARE)


def test_another_identity_is_the_number_after_the_newest(either_bench: Bench) -> None:
    """The script keeps its body and leaves a gap."""
    either_bench.author(GROUND)
    either_bench.author(EMAIL)

    either_bench.history.reidentify("ground")

    assert ("add_email", "ground") == either_bench.history.names()


def test_timestamps_become_numbers(either_bench: Bench) -> None:
    """With the setting, the next script's number has fourteen digits."""
    either_bench.history.number_by_time()

    either_bench.author(GROUND)

    said = either_bench.history.meddling(("ground",))
    assert 14 == len(said.rstrip(";\n").rsplit(" ", 1)[1])


def test_one_row_is_all_there_is_to_meddle_with(bench: Bench) -> None:
    """A number, or no row; two rows for a repository the key forbids."""
    bench.author(GROUND)

    assert (
        "UPDATE migrate_version SET version = 1;\n",
        "UPDATE migrate_version SET version = 999;\n",
        "DELETE FROM migrate_version;\n",
    ) == tuple(
        bench.history.meddling(newest) for newest in (("ground",), (NOWHERE,), ())
    )
    with pytest.raises(Unsupported) as refusal:
        bench.history.meddling(("ground", NOWHERE))
    assert refusal.value.reference


def test_a_deleted_script_is_still_spoken_of(bench: Bench) -> None:
    """A stamp names the number that the script had; the tool lets it pass."""
    bench.author(GROUND)
    bench.author(EMAIL)
    bench.author(Migration("add_phone"))
    bench.history.delete("add_email")

    bench.history.stamp(bench.database(), "add_email")

    assert ("2",) == bench.history.current(bench.database())


def test_a_database_out_of_control_is_told_of(bench: Bench) -> None:
    """Without version_control there is no upgrade."""
    bench.author(GROUND)

    outcome = bench.outcome("upgrade", bench.database().url, "migrations")

    assert Fault.NOT_CONTROLLED is outcome.fault


def test_what_numbers_cannot_say_has_a_reference(bench: Bench) -> None:
    """Branch points, dependencies, abbreviations, names of one's own: none."""
    bench.author(GROUND)
    history, authoring = bench.history, bench.authoring(EMAIL)
    chosen = msgspec.structs.replace(authoring, identity="0002")
    refused = (
        lambda: history.branch_off(authoring, "ground", insisting=True),
        lambda: history.depend("ground", "ground"),
        lambda: history.upgrade_by_prefix(bench.database(), "ground", 2),
        lambda: history.upgrade(bench.database(), EVERY_END),
        lambda: history.author(chosen),
    )

    for say in refused:
        with pytest.raises(Unsupported) as refusal:
            say()
        assert refusal.value.reference


def test_a_column_is_added_unless_it_is_there(either_bench: Bench) -> None:
    """The script looks first: what is there stays, what is not comes."""
    again = AddColumn("users", Column("email", String(50)), unless_there=True)
    other = AddColumn("users", Column("phone", String(50)), unless_there=True)
    for migration in (GROUND, EMAIL, Migration("anyhow", (again, other), ())):
        either_bench.author(migration)

    either_bench.history.upgrade(either_bench.database(), None)

    added = (*EMAIL.upgrade, AddColumn("users", Column("phone", String(50))))
    assert expected(apply_all(added, BEFORE)) == described(either_bench.database())


def test_a_row_is_inserted_after_waiting(bench: Bench) -> None:
    """Nobody is waited for where nobody else is: the row is just there."""
    insert = Insert("teams", {"id": 7, "title": "infra"})
    bench.author(GROUND)
    bench.author(Migration("a_row", (AwaitOthers(), insert), ()))

    bench.history.upgrade(bench.database(), None)

    assert [(7, "infra")] == rows(bench.database(), "SELECT * FROM teams")


def test_a_migration_for_a_plugin_does_nothing_without_it(bench: Bench) -> None:
    """The script itself asks; the history goes on."""
    bench.author(GROUND)
    bench.author(msgspec.structs.replace(EMAIL, only_for=("mail",)))

    bench.history.upgrade(bench.database(), None)

    assert expected(BEFORE) == described(bench.database())
    assert ("add_email",) == bench.history.current(bench.database())


def test_a_line_is_a_repository(either_bench: Bench) -> None:
    """Each goes as far as it goes, and knows nothing of what another one needs."""
    bench = either_bench
    bench.author(GROUND)
    bench.history.upgrade(bench.database(), None)
    bench.history.author_on_line(bench.authoring(EMAIL), "expand", ())
    bench.history.author_on_line(bench.authoring(Migration("less")), "contract", ())

    bench.history.upgrade_line(bench.database(), "contract")
    assert expected(BEFORE) == described(bench.database())

    bench.history.upgrade_line(bench.database(), "expand")
    assert expected(apply_all(EMAIL.upgrade, BEFORE)) == described(bench.database())
    with pytest.raises(Unsupported) as refusal:
        bench.history.author_on_line(bench.authoring(EMAIL), "contract", ("ground",))
    assert refusal.value.reference


def test_books_of_its_own_are_another_row(either_bench: Bench) -> None:
    """A database under control by one repository is put under that of another too."""
    either_bench.author(GROUND)
    either_bench.history.upgrade(either_bench.database(), None)

    either_bench.history.own_books()
    either_bench.history.stamp(either_bench.database(), "ground")

    assert [("application", 1), ("own", 1)] == sorted(
        (repository, version) for repository, version in _books(either_bench)
    )


def _books(bench: Bench) -> list[tuple[object, ...]]:
    query = "SELECT repository_id, version FROM migrate_version"
    return rows(bench.database(), query)


def test_a_copied_repository_finds_the_database_under_control(bench: Bench) -> None:
    """Who sets it up as a new one is told, before anything is upgraded."""
    bench.author(GROUND)
    bench.history.upgrade(bench.database(), None)
    bench.author(EMAIL)

    with pytest.raises(NotCarriedOut) as failure:
        bench.history.upgrade_as_new(bench.database())

    assert Fault.BOOKKEEPING == failure.value.command.outcome.fault
    assert expected(BEFORE) == described(bench.database())


def test_a_new_database_is_set_up_as_one(bench: Bench) -> None:
    """It is put under control, and upgraded."""
    bench.author(GROUND)

    bench.history.upgrade_as_new(bench.database())

    assert ("ground",) == bench.history.current(bench.database())


def test_an_identity_is_the_number_as_file_names_have_it(either_bench: Bench) -> None:
    """So it is written into the names of tests."""
    either_bench.author(GROUND)

    assert "001" == either_bench.history.identity("ground")
