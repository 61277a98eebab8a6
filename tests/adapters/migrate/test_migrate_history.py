"""What users do, whether numbers are in file names or in a manifest."""

from __future__ import annotations

import msgspec
import pytest

from harness.contract import NotCarriedOut, Unsupported
from harness.model.departures import NOWHERE
from harness.model.evidence import Fault, OutcomeKind
from harness.model.operations import AddCheck, AddColumn, CreateTable
from harness.model.schema import Check, Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described, rows
from tests.adapters.migrate.operations import BEFORE, GROUND, TEAMS

EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))
PHONE = Migration("add_phone", (AddColumn("users", Column("phone", String(50))),))


def _three(bench: Bench) -> None:
    for migration in (GROUND, EMAIL, PHONE):
        bench.author(migration)


def _columns(bench: Bench) -> set[str]:
    users = described(bench.database())["users"]["columns"]
    return {name for name, *_ in users} & {"email", "phone"}


def test_an_empty_history(either_bench: Bench) -> None:
    """A new history has no migrations and no heads."""
    assert () == either_bench.history.names()
    assert () == either_bench.history.heads()


def test_the_history_and_its_head(either_bench: Bench) -> None:
    """The history is listed oldest first, and its head is its last."""
    _three(either_bench)

    assert ("ground", "add_email", "add_phone") == either_bench.history.names()
    assert ("add_phone",) == either_bench.history.heads()


def test_a_new_database_is_put_under_control_once(either_bench: Bench) -> None:
    """The first upgrade of a database takes a command more than the next."""
    _three(either_bench)
    either_bench.commands.clear()
    app = either_bench.database()

    either_bench.history.upgrade(app, "add_email")
    either_bench.history.upgrade(app, None)

    said = [command.argv[1:2] for command in either_bench.commands]
    assert [("version_control",), ("upgrade",), ("upgrade",)] == said


def test_up_and_down(either_bench: Bench) -> None:
    """The tool goes where it is sent, and tells where a database stands."""
    _three(either_bench)
    app = either_bench.database()
    history = either_bench.history

    history.upgrade(app, "add_email")

    assert ("add_email",) == history.current(app)
    assert {"email"} == _columns(either_bench)

    history.upgrade(app, None)

    assert ("add_phone",) == history.current(app)
    assert {"email", "phone"} == _columns(either_bench)

    history.downgrade(app, "ground")

    assert ("ground",) == history.current(app)
    assert set() == _columns(either_bench)

    history.downgrade(app, None)

    assert () == history.current(app)
    assert {} == described(app)


def test_a_database_without_control_does_not_tell(either_bench: Bench) -> None:
    """A database that nobody put under control has no version."""
    with pytest.raises(NotCarriedOut) as failure:
        either_bench.history.current(either_bench.database())

    assert Fault.NOT_CONTROLLED == failure.value.command.outcome.fault


def test_an_identity_the_tree_does_not_have(either_bench: Bench) -> None:
    """A number without files in the tree is told as it is."""
    _three(either_bench)
    app = either_bench.database()
    either_bench.history.upgrade(app, None)
    either_bench.git("checkout", "--quiet", "HEAD~1")

    assert ("3",) == either_bench.history.current(app)
    with pytest.raises(NotCarriedOut) as failure:
        either_bench.history.upgrade(app, None)
    assert Fault.UNKNOWN_REVISION == failure.value.command.outcome.fault


def test_stamping(either_bench: Bench) -> None:
    """Stamping moves the recorded version, and runs nothing.

    The control that is there is dropped once the tool has refused because of it.
    """
    _three(either_bench)
    app = either_bench.database()
    either_bench.history.upgrade(app, "ground")
    either_bench.commands.clear()

    either_bench.history.stamp(app, "add_phone")

    said = [command.argv[1] for command in either_bench.commands]
    assert ["version_control", "drop_version_control", "version_control"] == said
    assert ("add_phone",) == either_bench.history.current(app)
    assert set() == _columns(either_bench)


def test_a_stamp_with_a_number_that_is_not_there(either_bench: Bench) -> None:
    """It is refused by the first command, and the database stays under control."""
    _three(either_bench)
    app = either_bench.database()
    either_bench.history.upgrade(app, None)
    either_bench.commands.clear()

    with pytest.raises(NotCarriedOut) as failure:
        either_bench.history.stamp(app, NOWHERE)

    assert Fault.UNKNOWN_REVISION == failure.value.command.outcome.fault
    assert ["version_control"] == [c.argv[1] for c in either_bench.commands]
    assert ("add_phone",) == either_bench.history.current(app)


def test_stamping_a_new_database(either_bench: Bench) -> None:
    """A database that is not under control yet takes one command."""
    _three(either_bench)
    app = either_bench.database()
    either_bench.commands.clear()

    either_bench.history.stamp(app, "add_email")

    assert ["version_control"] == [c.argv[1] for c in either_bench.commands]
    assert ("add_email",) == either_bench.history.current(app)


def test_editing_replaces_the_body(either_bench: Bench) -> None:
    """An edited migration keeps its place and its files, SQL files included."""
    either_bench.author(GROUND)
    either_bench.author(EMAIL, sql_for=("sqlite",))
    files = either_bench.files()
    edited = Migration("add_email", PHONE.upgrade)
    authoring = either_bench.authoring(edited, behind=(GROUND,))

    either_bench.history.edit(authoring)
    either_bench.history.upgrade(either_bench.database(), None)

    assert files == either_bench.files()
    assert {"phone"} == _columns(either_bench)
    ups = [f for f in files if "add_email" in f and "downgrade" not in f]
    assert 2 == len(ups)
    assert all("phone" in either_bench.text(file) for file in ups)


def test_deleting_takes_the_files_and_nothing_else(either_bench: Bench) -> None:
    """All files of the migration go, and no other file changes."""
    either_bench.author(GROUND)
    either_bench.author(EMAIL, sql_for=("sqlite",))
    before = either_bench.files()

    either_bench.history.delete("add_email")

    left = [file for file in before if "add_email" not in file]
    assert left == either_bench.files()
    assert 3 == len(either_bench.changes())


def test_a_name_that_is_not_there(either_bench: Bench) -> None:
    """Whatever is asked of a migration that the tree lacks names it."""
    either_bench.author(GROUND)

    with pytest.raises(LookupError, match="no script of add_email"):
        either_bench.history.downgrade(either_bench.database(), "add_email")


def test_the_same_identity_twice(either_bench: Bench) -> None:
    """Two migrations of one number are found by every command."""
    either_bench.author(GROUND)
    either_bench.author(EMAIL)
    either_bench.author(PHONE, identity_of="add_email")

    with pytest.raises(NotCarriedOut) as failure:
        either_bench.history.heads()

    outcome = failure.value.command.outcome
    assert (OutcomeKind.CRASHED, Fault.DUPLICATE_IDENTITY) == (
        outcome.kind,
        outcome.fault,
    )


def test_putting_one_below_another(either_bench: Bench) -> None:
    """The new migration takes the other's place, and all above move up."""
    _three(either_bench)
    street = Migration("add_street", (AddColumn("users", Column("s", String(9))),))
    authoring = either_bench.authoring(street, behind=(GROUND,))

    either_bench.history.insert_below(authoring, "add_email")

    names = ("ground", "add_street", "add_email", "add_phone")
    assert names == either_bench.history.names()


def test_what_cannot_be_said(either_bench: Bench) -> None:
    """Numbers name no parent, join no lines, and have no check of their own."""
    _three(either_bench)
    history = either_bench.history

    with pytest.raises(Unsupported, match="add_email follows add_phone"):
        history.reparent("add_email", "add_phone")
    with pytest.raises(Unsupported, match="check"):
        history.guard()


def test_sql_of_what_sqlalchemy_writes(either_bench: Bench) -> None:
    """A preview of tables and indexes is SQL, a statement each."""
    either_bench.author(GROUND)

    sql = either_bench.history.generate_sql(either_bench.database("blank"))

    statements = [" ".join(part.split()) for part in sql.split(";\n") if part]
    assert statements[0].startswith("CREATE TABLE teams ( id INTEGER NOT NULL,")
    assert statements[1].startswith("CREATE TABLE users (")
    assert ["CREATE INDEX ix_users_made_at ON users (made_at)"] == statements[2:]
    assert {} == described(either_bench.database("blank"))


def test_sql_of_a_changed_table_is_beyond_the_tool(either_bench: Bench) -> None:
    """The engine that a preview pretends to be cannot read or alter a table."""
    either_bench.author(GROUND)
    either_bench.author(EMAIL)

    with pytest.raises(NotCarriedOut) as failure:
        either_bench.history.generate_sql(either_bench.database("blank"))

    assert Fault.NOT_EXPRESSIBLE == failure.value.command.outcome.fault


def test_sql_files_are_previewed_as_they_are(either_bench: Bench) -> None:
    """The SQL of a script that is SQL is its text."""
    either_bench.author(GROUND, sql_for=("sqlite",))
    either_bench.author(EMAIL, sql_for=("sqlite",))

    sql = either_bench.history.generate_sql(either_bench.database("blank"))

    assert sql.endswith(";\nALTER TABLE users ADD COLUMN email VARCHAR(50);\n")


def test_the_python_of_an_upgrade_is_shown(either_bench: Bench) -> None:
    """The function is shown and not run; SQL files are refused, in known words."""
    either_bench.author(GROUND)
    app = either_bench.database()

    shown = either_bench.history.show_scripts(app)

    assert "def upgrade(migrate_engine):" in shown
    assert "def downgrade" not in shown
    assert "users" not in described(app)
    either_bench.history.upgrade(app, None)
    in_sql = either_bench.authoring(EMAIL, ("sqlite",))
    either_bench.history.author(msgspec.structs.replace(in_sql, sql_only=True))
    with pytest.raises(NotCarriedOut) as refused:
        either_bench.history.show_scripts(app)
    outcome = refused.value.command.outcome
    assert (OutcomeKind.REFUSED, Fault.NOT_EXPRESSIBLE) == (outcome.kind, outcome.fault)


def test_models_that_agree(either_bench: Bench) -> None:
    """A database that is as the models say raises no warning."""
    either_bench.author(GROUND)
    app = either_bench.database()
    either_bench.history.upgrade(app, None)
    either_bench.history.declare_models(BEFORE)

    either_bench.history.compare_models(app)

    assert OutcomeKind.OK == either_bench.commands[-1].outcome.kind


def test_models_that_differ(either_bench: Bench) -> None:
    """The tool tells the difference in words, and ends with exit code 0."""
    either_bench.author(GROUND)
    app = either_bench.database()
    either_bench.history.upgrade(app, None)
    either_bench.history.declare_models(
        CreateTable(TEAMS).apply(BEFORE.removing("teams"))
    )
    either_bench.history.declare_models(EMAIL.upgrade[0].apply(BEFORE))

    either_bench.history.compare_models(app)

    command = either_bench.commands[-1]
    assert 0 == command.exit_code
    assert (OutcomeKind.WARNED, Fault.MODELS_DIFFER) == (
        command.outcome.kind,
        command.outcome.fault,
    )
    assert "Schema diffs: table with differences: users" == command.outcome.words


def test_growing(either_bench: Bench) -> None:
    """A history grows to a length, each step creating one small table."""
    history, app = either_bench.history, either_bench.database()
    history.grow(3)
    history.grow(12)

    history.upgrade(app, None)

    assert tuple(f"grown_{n:05d}" for n in range(1, 13)) == history.names()
    assert set(history.names()) == set(described(app))
    assert [("ID",)] == rows(
        app, "SELECT upper(name) FROM pragma_table_info('grown_00012')"
    )


def test_an_upgrade_as_one_command_line(either_bench: Bench) -> None:
    """It needs a database under control, and can then be run by itself."""
    history = either_bench.history
    history.grow(12)
    database = either_bench.database("a")

    history.prepare(database)
    invocation = history.upgrading(database)
    command = either_bench.run(*invocation.argv, script=invocation.script)

    assert 0 == command.exit_code
    assert ("grown_00012",) == history.current(database)


@pytest.mark.parametrize("plain", [False, True])
def test_a_plain_migration_has_no_sql_files(bench: Bench, *, plain: bool) -> None:
    """A careful author writes some where SQLite cannot add a CHECK."""
    bench.author(GROUND)

    check = AddCheck("users", Check("ck_users_name", "name <> 'root'"))
    bench.author(Migration("check_names", (check,), plain=plain))

    files = [name for name in bench.files() if name.endswith(".sql")]
    assert (files == []) is plain
