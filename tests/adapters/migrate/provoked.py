"""Ways to bring the tool to say each of its errors, and what it then says."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.evidence import Fault, Outcome, OutcomeKind
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import execute

CRASHED, REFUSED, _USAGE = (
    OutcomeKind.CRASHED,
    OutcomeKind.REFUSED,
    OutcomeKind.USAGE,
)
EMPTY = "def upgrade(migrate_engine):\n    pass\n"
_GUARD = "migrate.exceptions.ScriptError: migrations/versions/versions.json"
_MISSING = 'migrate.exceptions.VersionNotFoundError: "Database schema file with version'
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


def controlled(bench: Bench) -> None:
    """Have the database under control."""
    run(bench, "version_control", "URL", "migrations")


def _applied(bench: Bench) -> None:
    """Have two versions in effect."""
    _files(v1_a=EMPTY, v2_b=EMPTY)(bench)
    controlled(bench)
    run(bench, "upgrade", "URL", "migrations")


def _applied_and_deleted(bench: Bench) -> None:
    _applied(bench)
    (bench.repository / "migrations/versions/002_b.py").unlink()


def script(text: str) -> Prepare:
    """Return what writes a first script and puts the database under control."""

    def prepare(bench: Bench) -> None:
        _files(v1_a=text)(bench)
        controlled(bench)

    return prepare


def _gap(bench: Bench) -> None:
    _files(v1_a=EMPTY, v3_c=EMPTY)(bench)
    controlled(bench)


def _sql_for_another(bench: Bench) -> None:
    bench.put("001_a_mysql_upgrade.sql", "SELECT 1;\n")
    controlled(bench)


def _bad_sql_name(bench: Bench) -> None:
    bench.put("001_upgrade.sql", "SELECT 1;\n")


def _not_a_database(bench: Bench) -> None:
    (bench.directory / "app.db").write_bytes(b"This is no database. " * 100)


def _other_project(bench: Bench) -> None:
    """Have the database under the control of another repository."""
    controlled(bench)
    execute(bench.database(), "UPDATE migrate_version SET repository_id = 'other'")


def _no_settings(bench: Bench) -> None:
    (bench.repository / "migrations" / "migrate.cfg").write_text("")


def _no_versions(bench: Bench) -> None:
    (bench.repository / "migrations" / "migrate.cfg").unlink()


def run(bench: Bench, *argv: str) -> Outcome:
    """Run a command on the story's database, for which `URL` stands."""
    url = bench.database().url
    return bench.outcome(*(url if word == "URL" else word for word in argv))


UPGRADE = ("upgrade", "URL", "migrations")
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

PROVOKED: dict[str, Case] = {
    "two scripts, one number": (
        _files(v2_b=EMPTY, v02_c=EMPTY),
        ("version", "migrations"),
        CRASHED,
        Fault.DUPLICATE_IDENTITY,
        _TWICE,
    ),
    "gap": (_gap, UPGRADE, CRASHED, Fault.MISSING_PARENT, f"{_MISSING} 2 doesn't"),
    "database ahead": (
        _applied_and_deleted,
        UPGRADE,
        CRASHED,
        Fault.UNKNOWN_REVISION,
        f"{_MISSING} 2 doesn't exist.\"",
    ),
    "upgrade to a version that is not there": (
        _applied,
        (*UPGRADE, "7"),
        CRASHED,
        Fault.UNKNOWN_REVISION,
        f"{_MISSING} 3 doesn't exist.\"",
    ),
    "stamp with a version that is not there": (
        _nothing,
        ("version_control", "URL", "migrations", "99"),
        CRASHED,
        Fault.UNKNOWN_REVISION,
        "migrate.exceptions.InvalidVersionError: 99",
    ),
    "control of what is under control": (
        controlled,
        ("version_control", "URL", "migrations"),
        CRASHED,
        Fault.BOOKKEEPING,
        "migrate.exceptions.DatabaseAlreadyControlledError",
    ),
    "no script for this database": (
        _sql_for_another,
        UPGRADE,
        CRASHED,
        Fault.MISSING_PARENT,
        "AssertionError: There is no script for 1 version",
    ),
    "database not under control": (
        _nothing,
        UPGRADE,
        CRASHED,
        Fault.NOT_CONTROLLED,
        "migrate.exceptions.DatabaseNotControlledError: migrate_version",
    ),
    "database of another repository": (
        _other_project,
        ("db_version", "URL", "migrations"),
        CRASHED,
        Fault.NOT_CONTROLLED,
        "migrate.exceptions.DatabaseNotControlledError: list index out of range",
    ),
    "no such directory for the database": (
        _nothing,
        ("version_control", "sqlite:////nowhere/at/all.db", "migrations"),
        CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) "
        "unable to open database file",
    ),
    "no such directory for the database, asked for its version": (
        _nothing,
        ("db_version", "sqlite:////nowhere/at/all.db", "migrations"),
        CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (sqlite3.OperationalError) "
        "unable to open database file",
    ),
    "no postgresql server": (
        _nothing,
        ("db_version", _NO_SERVER, "migrations"),
        CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (psycopg2.OperationalError) "
        'connection to server at "127.0.0.1", port 1 failed: Connection refused',
    ),
    "no such host": (
        _nothing,
        ("version_control", _NO_HOST, "migrations"),
        CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not "
        'translate host name "nowhere.invalid" to address: ',
    ),
    "no mysql server": (
        _nothing,
        ("db_version", _NO_MYSQL, "migrations"),
        CRASHED,
        Fault.DATABASE_UNREACHABLE,
        "migrate.exceptions.DatabaseNotControlledError: (pymysql.err.OperationalError) "
        "(2003, \"Can't connect to MySQL server on '127.0.0.1' "
        '([Errno 111] Connection refused)")',
    ),
    "not a database": (
        _not_a_database,
        ("db_version", "URL", "migrations"),
        CRASHED,
        Fault.DATABASE_ERROR,
        "migrate.exceptions.DatabaseNotControlledError: (sqlite3.DatabaseError) "
        "file is not a database",
    ),
    "sql fails": (
        script(_EXECUTES.format("UPDATE no_such_table SET x = 1")),
        UPGRADE,
        CRASHED,
        Fault.DATABASE_ERROR,
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) "
        "no such table: no_such_table",
    ),
    "no such table to read": (
        script(_READS),
        UPGRADE,
        CRASHED,
        Fault.DATABASE_ERROR,
        "sqlalchemy.exc.NoSuchTableError: nowhere",
    ),
    "syntax error": (
        script("def upgrade(\n"),
        UPGRADE,
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "SyntaxError: '(' was never closed",
    ),
    "import error": (
        script("import nosuch\n"),
        UPGRADE,
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "ModuleNotFoundError: No module named 'nosuch'",
    ),
    "exception in a script": (
        script(_RAISES),
        UPGRADE,
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "RuntimeError: no",
    ),
    "no upgrade": (
        script("x = 1\n"),
        UPGRADE,
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.InvalidScriptError: migrations/versions/001_a.py: "
        "module '001_a' has no attribute 'upgrade'",
    ),
    "no downgrade": (
        _applied,
        ("downgrade", "URL", "migrations", "0"),
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.ScriptError: "
        "Function 'downgrade' is not defined in this script",
    ),
    "upgrade without an engine": (
        script("def upgrade():\n    pass\n"),
        UPGRADE,
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "TypeError: upgrade/downgrade functions must accept engine parameter "
        "(since version 0.5.4)",
    ),
    "bad name of an sql file": (
        _bad_sql_name,
        ("version", "migrations"),
        CRASHED,
        Fault.BROKEN_SCRIPT,
        "migrate.exceptions.ScriptError: Invalid SQL script name 001_upgrade "
        "(needs to be ###_description_database_operation.sql)",
    ),
    "preview of a changed table": (
        script(_ALTERS),
        (*UPGRADE, "--preview_sql"),
        CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "AttributeError: 'MockConnection' object has no attribute 'close'",
    ),
    "preview of a statement with values": (
        script(_UPDATES),
        (*UPGRADE, "--preview_sql"),
        CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "TypeError: Connectable._execute_clauseelement() takes from 2 to 4 positional "
        "arguments but 5 were given",
    ),
    "check dropped on sqlite": (
        script(_CHECKS),
        UPGRADE,
        CRASHED,
        Fault.NOT_EXPRESSIBLE,
        "migrate.exceptions.NotSupportedError: SQLite does not support ALTER TABLE DROP "
        "CONSTRAINT; see http://www.sqlite.org/lang_altertable.html",
    ),
    "no repository": (
        _nothing,
        ("version", "nowhere"),
        CRASHED,
        Fault.CONFIGURATION_MISSING,
        "migrate.exceptions.InvalidRepositoryError: nowhere",
    ),
    "no migrate.cfg": (
        _no_versions,
        ("version", "migrations"),
        CRASHED,
        Fault.CONFIGURATION_MISSING,
        "migrate.exceptions.InvalidRepositoryError: migrations",
    ),
    "empty migrate.cfg": (
        _no_settings,
        ("db_version", "URL", "migrations"),
        CRASHED,
        Fault.CONFIGURATION_MISSING,
        "configparser.NoSectionError: No section: 'db_settings'",
    ),
    "no such dialect": (
        _nothing,
        ("db_version", "nosuch://x", "migrations"),
        CRASHED,
        Fault.CONFIGURATION_MISSING,
        "sqlalchemy.exc.NoSuchModuleError: "
        "Can't load plugin: sqlalchemy.dialects:nosuch",
    ),
    "not a url": (
        _nothing,
        ("db_version", "nonsense", "migrations"),
        CRASHED,
        Fault.BAD_COMMAND_LINE,
        "sqlalchemy.exc.ArgumentError: "
        "Could not parse SQLAlchemy URL from string 'nonsense'",
    ),
    "repository is there already": (
        _nothing,
        ("create", "migrations", "application"),
        REFUSED,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: The path migrations already exists",
    ),
    "upgrade downwards": (
        _applied,
        (*UPGRADE, "1"),
        REFUSED,
        Fault.BAD_COMMAND_LINE,
        "migrate: error: Cannot upgrade a database of version 2 to version 1. "
        "Try 'downgrade' instead.",
    ),
    "downgrade upwards": (
        _applied,
        ("downgrade", "URL", "migrations", "5"),
        REFUSED,
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
        (*UPGRADE, "1", "2"),
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
MANIFESTS = {
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
