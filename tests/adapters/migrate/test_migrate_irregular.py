"""Off the line: what a user of sqlalchemy-migrate does there, and what numbers allow."""

from __future__ import annotations

import msgspec
import pytest

from harness.contract import Unsupported
from harness.model.evidence import Fault
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import EVERY_END, NOWHERE, Migration, Naming
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.operations import GROUND

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
