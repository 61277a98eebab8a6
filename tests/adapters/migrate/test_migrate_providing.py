"""What users of sqlalchemy-migrate do beside its commands, and what they cannot."""

from __future__ import annotations

import pytest

from harness.contract import Unsupported
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described
from tests.adapters.migrate.operations import GROUND

EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))
PHONE = Migration("add_phone", (AddColumn("users", Column("phone", String(50))),))


def by_hand(bench: Bench, migration: Migration) -> tuple[str, ...]:
    """Write a migration without the tool, and commit."""
    told = bench.history.write_by_hand(bench.authoring(migration))
    bench.line = (*bench.line, migration)
    bench.commit()
    return told


def test_files_written_by_hand_follow_each_other(either_bench: Bench) -> None:
    """The tool takes them as its own, up and down."""
    bench, app = either_bench, either_bench.database()
    bench.author(GROUND)
    for migration in (EMAIL, PHONE):
        by_hand(bench, migration)
    bench.history.upgrade(app, None)
    columns = {name for name, *_ in described(app)["users"]["columns"]}
    bench.history.downgrade(app, GROUND.name)

    assert {"email", "phone"} <= columns
    assert (GROUND.name, EMAIL.name, PHONE.name) == bench.history.names()
    assert (GROUND.name,) == bench.history.current(app)


def test_the_number_is_looked_up_in_the_listing(bench: Bench) -> None:
    """And is part of the file's name."""
    bench.author(GROUND)
    (told,) = by_hand(bench, EMAIL)

    assert "in the listing of the directory" in told
    assert "002_add_email.py" in bench.files()


def test_with_a_manifest_it_is_looked_up_there_and_the_name_has_none(
    manifest_bench: Bench,
) -> None:
    """The entry is written with the file."""
    manifest_bench.author(GROUND)
    (told,) = by_hand(manifest_bench, EMAIL)

    assert "in the first entry of versions.json" in told
    assert "add_email.py" in manifest_bench.files()
    assert '"2": ["add_email.py"]' in manifest_bench.text("versions.json")


def test_the_first_file_of_a_history_can_be_written_by_hand(
    either_bench: Bench,
) -> None:
    """Its number is 1."""
    by_hand(either_bench, GROUND)
    either_bench.history.upgrade(either_bench.database(), None)

    assert "users" in described(either_bench.database())


def test_what_the_tool_has_no_place_for_is_unsupported(bench: Bench) -> None:
    """With the reason: there is no environment, and no proposal from a database."""
    app = bench.database()

    with pytest.raises(Unsupported, match="no environment script"):
        bench.history.connect_always(app, app)
    with pytest.raises(Unsupported, match="compares two sets of models"):
        bench.history.propose("from_models", app)
