"""What the tool says is understood: each fault is provoked, and its words compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind

from adapters.migrate.words import classify
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import execute
from tests.adapters.migrate.operations import GROUND

_CRASHED, _REFUSED, _USAGE = (
    OutcomeKind.CRASHED,
    OutcomeKind.REFUSED,
    OutcomeKind.USAGE,
)
_EMPTY = "def upgrade(migrate_engine):\n    pass\n"
_GUARD = "migrate.exceptions.ScriptError: migrations/versions/versions.json"
_MISSING = "migrate.exceptions.VersionNotFoundError: \"Database schema file with version"
_TWICE = (
    "migrate.exceptions.ScriptError: You can only have one Python script per version, "
    "but you have: "
)
_NO_SERVER = "postgresql+psycopg2://nobody@127.0.0.1:1/app"
_NO_HOST = "postgresql+psycopg2://nobody@nowhere.invalid/app"
_NO_MYSQL = "mysql+pymysql://nobody@127.0.0.1:1/app"
Argv = tuple[str, ...]
Prepare = Callable[[Bench], None]
Case = tuple[Prepare, Argv, OutcomeKind, Fault, str]


def _files(**texts: str) -> Prepare:
    """Return a step that puts files among the scripts: `v2_b` is `002_b.py`."""

    def put(bench: Bench) -> None:
        for name, text in texts.items():
            number, _, rest = name.removeprefix("v").partition("_")
            bench.put(f"{int(number):03d}_{rest}.py", text)

    return put


def _nothing(bench: Bench) -> None:
    """Leave the empty repository as it is."""


def _controlled(bench: Bench) -> None:
    _run(bench, "version_control", "URL", "migrations")


def _applied(bench: Bench) -> None:
    """Have two versions in effect."""
    _files(v1_a=_EMPTY, v2_b=_EMPTY)(bench)
    _controlled(bench)
    _run(bench, "upgrade", "URL", "migrations")


def _applied_and_deleted(bench: Bench) -> None:
    _applied(bench)
    (bench.repository / "migrations/versions/002_b.py").unlink()


def _script(text: str) -> Prepare:
    def prepare(bench: Bench) -> None:
        _files(v1_a=text)(bench)
        _controlled(bench)

    return prepare


def _gap(bench: Bench) -> None:
    _files(v1_a=_EMPTY, v3_c=_EMPTY)(bench)
    _controlled(bench)


def _sql_for_another(bench: Bench) -> None:
    bench.put("001_a_mysql_upgrade.sql", "SELECT 1;\n")
    _controlled(bench)


def _bad_sql_name(bench: Bench) -> None:
    bench.put("001_upgrade.sql", "SELECT 1;\n")


def _not_a_database(bench: Bench) -> None:
    (bench.directory / "app.db").write_bytes(b"This is no database. " * 100)


def _other_project(bench: Bench) -> None:
    """Have the database under the control of another repository."""
    _controlled(bench)
    execute(bench.database(), "UPDATE migrate_version SET repository_id = 'other'")


def _no_settings(bench: Bench) -> None:
    (bench.repository / "migrations" / "migrate.cfg").write_text("")


def _no_versions(bench: Bench) -> None:
    (bench.repository / "migrations" / "migrate.cfg").unlink()


def _run(bench: Bench, *argv: str) -> Outcome:
    url = bench.database().url
    return bench.outcome(*(url if word == "URL" else word for word in argv))


_UPGRADE = ("upgrade", "URL", "migrations")
_RAISES = "def upgrade(migrate_engine):\n    raise RuntimeError('no')\n"
_EXECUTES = "def upgrade(migrate_engine):\n    migrate_engine.execute({!r})\n"
_ALTERS = """\
from sqlalchemy import Column, Integer, MetaData, Table


def upgrade(migrate_engine):
    Column("n", Integer).create(Table("t", MetaData(bind=migrate_engine)))
"""
_CHECKS = """\
from migrate.changeset.constraint import CheckConstraint
from sqlalchemy import MetaData, Table


def upgrade(migrate_engine):
    t = Table("t", MetaData(bind=migrate_engine))
    CheckConstraint("n > 0", table=t, name="ck").drop()
"""
_UPDATES = """\
from sqlalchemy import Column, Integer, MetaData, Table


def upgrade(migrate_engine):
    t = Table("t", MetaData(bind=migrate_engine), Column("n", Integer))
    t.update().values(n=1).execute()
"""
_READS = """\
from sqlalchemy import MetaData, Table


def upgrade(migrate_engine):
    Table("nowhere", MetaData(bind=migrate_engine), autoload=True)
"""

_CASES: dict[str, Case] = {
    "two scripts, one number": (
        _files(v2_b=_EMPTY, v02_c=_EMPTY),
        ("version", "migrations"),
        _CRASHED,
        Fault.DUPLICATE_IDENTITY,
        _TWICE,
    ),
    "gap": (_gap, _UPGRADE, _CRASHED, Fault.MISSING_PARENT, f"{_MISSING} 2 doesn't"),
    "database ahead": (
        _applied_and_deleted,
        _UPGRADE,
        _CRASHED,
        Fault.UNKNOWN_REVISION,
        f"{_MISSING} 2 doesn't exist.\"",
    ),
    "upgrade to a version that is not there": (
        _applied,
        (*_UPGRADE, "7"),
        _CRASHED,
        Fault.UNKNOWN_REVISION,
        f"{_MISSING} 3 doesn't exist.\"",
    ),
    "stamp with a version that is not there": (
        _nothing,
        ("version_control", "URL", "migrations", "99"),
        _CRASHED,
        Fault.UNKNOWN_REVISION,
        "migrate.exceptions.InvalidVersionError: 99",
    ),
    "no script for this database": (
        _sql_for_another,
        _UPGRADE,
        _CRASHED,
        Fault.MISSING_PARENT,
        "AssertionError: There is no script for 1 version",
    ),
    "database not under control": (
        _nothing,
        _UPGRADE,
        _CRASHED,
        Fault.NOT_CONTROLLED,
        "migrate.exceptions.DatabaseNotControlledError: migrate_version",
    ),
    "database of another repository": (
        _other_project,
        ("db_version", "URL", "migrations"),
        _CRASHED,
        Fault.NOT_CONTROLLED,
        "migrate.exceptions.DatabaseNotControlledError: list index out of range",
    ),
    "no such directory for the database": (
        _nothing,
        ("version_control", "sqlite:////nowhere/at/all.db", "migrations"),
        _CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) "
        "unable to open database file",
    ),
    "no such directory for the database, asked for its version": (
        _nothing,
        ("db_version", "sqlite:////nowhere/at/all.db", "migrations"),
        _CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (sqlite3.OperationalError) "
        "unable to open database file",
    ),
    "no postgresql server": (
        _nothing,
        ("db_version", _NO_SERVER, "migrations"),
        _CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (psycopg2.OperationalError) "
        'connection to server at "127.0.0.1", port 1 failed: Connection refused',
    ),
    "no such host": (
        _nothing,
        ("version_control", _NO_HOST, "migrations"),
        _CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not "
        'translate host name "nowhere.invalid" to address: ',
    ),
    "no mysql server": (
        _nothing,
        ("db_version", _NO_MYSQL, "migrations"),
        _CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (pymysql.err.OperationalError) "
        "(2003, \"Can't connect to MySQL server on '127.0.0.1' "
        '([Errno 111] Connection refused)")',
    ),
    "not a database": (
        _not_a_database,
        ("db_version", "URL", "migrations"),
        _CRASHED,
        Fault.DATABASE_ERROR,
        "migrate.exceptions.DatabaseNotControlledError: (sqlite3.DatabaseError) "
        "file is not a database",
    ),
    "sql fails": (
        _script(_EXECUTES.format("UPDATE no_such_table SET x = 1")),
        _UPGRADE,
        _CRASHED,
        Fault.DATABASE_ERROR,
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) "
        "no such table: no_such_table",
    ),
    "no such table to read": (
        _script(_READS),
        _UPGRADE,
        _CRASHED,
        Fault.DATABASE_ERROR,
        "sqlalchemy.exc.NoSuchTableError: nowhere",
    ),
    "syntax error": (
        _script("def upgrade(\n"),
        _UPGRADE,
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "SyntaxError: '(' was never closed",
    ),
    "import error": (
        _script("import nosuch\n"),
        _UPGRADE,
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "ModuleNotFoundError: No module named 'nosuch'",
    ),
    "exception in a script": (
        _script(_RAISES),
        _UPGRADE,
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "RuntimeError: no",
    ),
    "no upgrade": (
        _script("x = 1\n"),
        _UPGRADE,
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.InvalidScriptError: migrations/versions/001_a.py: "
        "module '001_a' has no attribute 'upgrade'",
    ),
    "no downgrade": (
        _applied,
        ("downgrade", "URL", "migrations", "0"),
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.ScriptError: "
        "Function 'downgrade' is not defined in this script",
    ),
    "upgrade without an engine": (
        _script("def upgrade():\n    pass\n"),
        _UPGRADE,
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "TypeError: upgrade/downgrade functions must accept engine parameter "
        "(since version 0.5.4)",
    ),
    "bad name of an sql file": (
        _bad_sql_name,
        ("version", "migrations"),
        _CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.ScriptError: Invalid SQL script name 001_upgrade "
        "(needs to be ###_description_database_operation.sql)",
    ),
    "preview of a changed table": (
        _script(_ALTERS),
        (*_UPGRADE, "--preview_sql"),
        _CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "AttributeError: 'MockConnection' object has no attribute 'close'",
    ),
    "preview of a statement with values": (
        _script(_UPDATES),
        (*_UPGRADE, "--preview_sql"),
        _CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "TypeError: Connectable._execute_clauseelement() takes from 2 to 4 positional "
        "arguments but 5 were given",
    ),
    "check dropped on sqlite": (
        _script(_CHECKS),
        _UPGRADE,
        _CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "migrate.exceptions.NotSupportedError: SQLite does not support ALTER TABLE DROP "
        "CONSTRAINT; see http://www.sqlite.org/lang_altertable.html",
    ),
    "no repository": (
        _nothing,
        ("version", "nowhere"),
        _CRASHED,
        Fault.CONFIGURATION_MISSING,
        "migrate.exceptions.InvalidRepositoryError: nowhere",
    ),
    "no migrate.cfg": (
        _no_versions,
        ("version", "migrations"),
        _CRASHED,
        Fault.CONFIGURATION_MISSING,
        "migrate.exceptions.InvalidRepositoryError: migrations",
    ),
    "empty migrate.cfg": (
        _no_settings,
        ("db_version", "URL", "migrations"),
        _CRASHED,
        Fault.CONFIGURATION_MISSING,
        "configparser.NoSectionError: No section: 'db_settings'",
    ),
    "no such dialect": (
        _nothing,
        ("db_version", "nosuch://x", "migrations"),
        _CRASHED,
        Fault.CONFIGURATION_MISSING,
        "sqlalchemy.exc.NoSuchModuleError: "
        "Can't load plugin: sqlalchemy.dialects:nosuch",
    ),
    "not a url": (
        _nothing,
        ("db_version", "nonsense", "migrations"),
        _CRASHED,
        Fault.BAD_COMMAND_LINE,
        "sqlalchemy.exc.ArgumentError: "
        "Could not parse SQLAlchemy URL from string 'nonsense'",
    ),
    "repository is there already": (
        _nothing,
        ("create", "migrations", "application"),
        _REFUSED,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: The path migrations already exists",
    ),
    "upgrade downwards": (
        _applied,
        (*_UPGRADE, "1"),
        _REFUSED,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Cannot upgrade a database of version 2 to version 1. "
        "Try 'downgrade' instead.",
    ),
    "downgrade upwards": (
        _applied,
        ("downgrade", "URL", "migrations", "5"),
        _REFUSED,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Cannot downgrade a database of version 2 to version 5. "
        "Try 'upgrade' instead.",
    ),
    "no such command": (
        _nothing,
        ("heads",),
        _USAGE,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Invalid command heads",
    ),
    "an argument too few": (
        _nothing,
        ("upgrade", "URL"),
        _USAGE,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Not enough arguments for command upgrade: "
        "repository not specified",
    ),
    "an argument too many": (
        _nothing,
        (*_UPGRADE, "1", "2"),
        _USAGE,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Too many arguments for command upgrade: 2",
    ),
    "no such option": (
        _nothing,
        ("version", "-z", "migrations"),
        _USAGE,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: no such option: -z",
    ),
    "no repository named": (
        _nothing,
        ("source", "1"),
        _USAGE,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: A repository must be specified",
    ),
}


def _judged(bench: Bench, case: Case) -> tuple[OutcomeKind, Fault, str]:
    prepare, argv, _, _, _ = case
    prepare(bench)
    outcome = _run(bench, *argv)
    return outcome.kind, outcome.fault, outcome.words


@pytest.mark.parametrize("case", _CASES.values(), ids=_CASES.keys())
def test_fault_is_understood(bench: Bench, case: Case) -> None:
    """The tool, brought to say it, says these words, and they mean this fault."""
    _, _, kind, fault, words = case

    said = _judged(bench, case)

    assert (kind, fault, words) == (*said[:2], said[2][: len(words)])


_FAULTS = {
    "number twice": (
        '{\n  "1": ["a.py"],\n  "1": ["b.py"]\n}\n',
        Fault.DUPLICATE_IDENTITY,
        f"{_GUARD}: version 1 is there more than once",
    ),
    "number twice, once with a zero": (
        '{\n  "1": ["a.py"],\n  "01": ["b.py"]\n}\n',
        Fault.DUPLICATE_IDENTITY,
        f"{_GUARD}: version 1 is there more than once",
    ),
    "two scripts in a version": (
        '{\n  "1": ["a.py", "b.py"]\n}\n',
        Fault.DUPLICATE_IDENTITY,
        f"{_TWICE}migrations/versions/a.py and migrations/versions/b.py",
    ),
    "file twice": (
        '{\n  "1": ["a.py"],\n  "2": ["b.py"],\n  "3": ["a.py"]\n}\n',
        Fault.GUARD_MISMATCH,
        f"{_GUARD}: a.py is listed more than once",
    ),
    "file missing": (
        '{\n  "1": ["a.py"],\n  "2": ["b.py"],\n  "3": ["c.py"]\n}\n',
        Fault.GUARD_MISMATCH,
        f"{_GUARD}: c.py is listed, but there is no such file",
    ),
    "file not listed": (
        '{\n  "1": ["a.py"]\n}\n',
        Fault.GUARD_MISMATCH,
        f"{_GUARD}: b.py is in the directory, but not listed",
    ),
    "number zero": (
        '{\n  "0": ["a.py"],\n  "1": ["b.py"]\n}\n',
        Fault.GUARD_MISMATCH,
        f"{_GUARD}: version 0 is below 1",
    ),
    "not json": (
        '{\n<<<<<<< ours\n  "1": ["a.py"]\n=======\n  "1": ["b.py"]\n>>>>>>> theirs\n}\n',
        Fault.BROKEN_SCRIPT,
        f"{_GUARD} cannot be read: ",
    ),
    "not a number": (
        '{\n  "one": ["a.py"],\n  "2": ["b.py"]\n}\n',
        Fault.BROKEN_SCRIPT,
        f"{_GUARD} cannot be read: ",
    ),
}


@pytest.mark.parametrize(("text", "fault", "words"), _FAULTS.values(), ids=_FAULTS.keys())
def test_fault_in_a_manifest_is_understood(
    manifest_bench: Bench, text: str, fault: Fault, words: str
) -> None:
    """A faulty manifest is found when the repository is loaded, in clear words."""
    manifest_bench.put("a.py", _EMPTY)
    manifest_bench.put("b.py", _EMPTY)
    manifest_bench.put("versions.json", text)

    outcome = manifest_bench.outcome("version", "migrations")

    assert (_CRASHED, fault) == (outcome.kind, outcome.fault)
    assert words == outcome.words[: len(words)]


def test_a_manifest_with_a_gap_is_loaded_but_not_applied(manifest_bench: Bench) -> None:
    """As without a manifest, only an upgrade finds that a number is missing."""
    manifest_bench.put("a.py", _EMPTY)
    manifest_bench.put("versions.json", '{\n  "2": ["a.py"]\n}\n')

    assert manifest_bench.outcome("version", "migrations") == OK

    _controlled(manifest_bench)

    assert _run(manifest_bench, *_UPGRADE).fault == Fault.MISSING_PARENT


def test_a_name_that_is_taken_is_refused(manifest_bench: Bench) -> None:
    """Without numbers, two migrations cannot have the same name."""
    manifest_bench.author(GROUND)

    outcome = manifest_bench.outcome("script", "ground", "migrations")

    words = "migrate: error: The path migrations/versions/ground.py already exists"
    assert Outcome(_REFUSED, Fault.DUPLICATE_IDENTITY, words) == outcome


def test_a_script_needs_a_name_with_a_manifest(manifest_bench: Bench) -> None:
    """A description that is empty would leave a file without a name."""
    outcome = manifest_bench.outcome("script", "", "migrations")

    words = "migrate: error: With a manifest, a script is named by its description."
    assert Outcome(_REFUSED, Fault.BAD_COMMAND_LINE, words) == outcome


def _command(exit_code: int, stdout: str = "", stderr: str = "") -> Command:
    return Command(("migrate",), exit_code, stdout, stderr, 0.0, 0.0, 0)


def _none() -> int:
    message = "these words need no look at the tree"
    raise AssertionError(message)


def test_unknown_words_are_unknown() -> None:
    """A failure that no rule reads is never taken for a success."""
    words = "Illegal instruction"

    outcome = classify(_command(1, stderr=f"warning\n{words}\n"), _none)

    assert Outcome(_REFUSED, Fault.UNKNOWN, words) == outcome


def test_an_unknown_exception_is_a_crash() -> None:
    """An exception outside the scripts that no rule reads is unknown."""
    stderr = (
        "Traceback (most recent call last):\n"
        '  File "/somewhere/migrate/versioning/shell.py", line 1, in main\n'
        "OverflowError: too much\n"
    )

    outcome = classify(_command(1, stderr=stderr), _none)

    assert Outcome(_CRASHED, Fault.UNKNOWN, "OverflowError: too much") == outcome


def test_a_failure_without_words_is_not_ok() -> None:
    """Silence with an exit code other than 0 is a failure too."""
    assert Outcome(_REFUSED, Fault.UNKNOWN) == classify(_command(3), _none)


def test_no_network_is_told_from_no_server() -> None:
    """A machine without a network says so in the driver's words."""
    stderr = (
        "Traceback (most recent call last):\n"
        "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to "
        'server at "127.0.0.1", port 1 failed: Network is unreachable\n'
    )

    assert Fault.NETWORK_UNREACHABLE == classify(_command(1, stderr=stderr), _none).fault


def test_old_releases_say_it_with_a_bare_key_error() -> None:
    """sqlalchemy-migrate 0.8 raises KeyError for a version that is not there."""
    stderr = "Traceback (most recent call last):\nKeyError: <VerNum(5)>\n"

    below, beyond = (classify(_command(1, stderr=stderr), lambda n=n: n).fault for n in (7, 4))

    assert (Fault.MISSING_PARENT, Fault.UNKNOWN_REVISION) == (below, beyond)
