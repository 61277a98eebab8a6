"""The SQL files that are written beside Python scripts."""

from __future__ import annotations

import pytest

from adapters.migrate.sql import sql_script
from harness.contract import Unsupported
from harness.model.operations import AddColumn, Backfill, CreateTable, DropColumn
from harness.model.schema import BigInteger, Column, Numeric, Schema, Table
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.operations import BEFORE, CHANGES, GROUND, ID

_REBUILT = """\
CREATE TABLE users_new (
    id INTEGER NOT NULL,
    name VARCHAR(50),
    active BOOLEAN DEFAULT '1' NOT NULL,
    team_id INTEGER,
    made_at DATETIME,
    PRIMARY KEY (id),
    CONSTRAINT uq_users_made_at UNIQUE (made_at),
    CONSTRAINT ck_users_name CHECK (name <> '')
);
INSERT INTO users_new (id, name, active, team_id, made_at) \
SELECT id, name, active, team_id, made_at FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE INDEX ix_users_made_at ON users (made_at);
"""
_SCRIPTS = {
    "create_table": """\
CREATE TABLE rooms (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    team_id INTEGER,
    label TEXT,
    CONSTRAINT uq_rooms_label UNIQUE (label),
    CONSTRAINT fk_rooms_team FOREIGN KEY (team_id) REFERENCES teams (id),
    CONSTRAINT ck_rooms_label CHECK (label <> '')
);
CREATE INDEX ix_rooms_team ON rooms (team_id);
""",
    "drop_table": "DROP TABLE users;\n",
    "rename_table": "ALTER TABLE users RENAME TO people;\n",
    "add_column": "ALTER TABLE users ADD COLUMN email VARCHAR(80);\n",
    "rename_column": "ALTER TABLE users RENAME COLUMN made_at TO created_at;\n",
    "create_unique_index": "CREATE UNIQUE INDEX ix_users_name ON users (name);\n",
    "drop_index": "DROP INDEX ix_users_made_at;\n",
    "add_check": _REBUILT,
    "backfill": "UPDATE users SET name = 'o''hara' WHERE name IS NULL;\n",
    "run_statement": "UPDATE users SET name = 'a:b' WHERE name LIKE '%x';\n",
}


def test_names_that_mean_something_are_quoted() -> None:
    """A table called group and a column called order are no syntax errors."""
    groups = Table("group", (ID, Column("order", BigInteger())))

    script = sql_script((CreateTable(groups), DropColumn("group", "order")), Schema())

    assert 'CREATE TABLE "group" (' in script
    assert '"order" BIGINT' in script
    assert 'RENAME TO "group";' in script


@pytest.mark.parametrize("name", _SCRIPTS)
def test_operation_in_sql(name: str) -> None:
    """SQLite's own ALTER TABLE is used where it serves; else the table is rebuilt."""
    assert _SCRIPTS[name] == sql_script(CHANGES[name], BEFORE)


def test_later_statements_build_on_earlier_ones() -> None:
    """Types, defaults and keys are written out."""
    table = Table("sums", (ID, Column("total", BigInteger())))
    operations = (
        CreateTable(table),
        AddColumn("sums", Column("mean", Numeric(9, 2), nullable=False, default="0")),
        Backfill("sums", "total", value=True),
        Backfill("sums", "total", value=None),
    )

    assert (
        sql_script(operations, Schema())
        == """\
CREATE TABLE sums (
    id INTEGER NOT NULL,
    total BIGINT,
    PRIMARY KEY (id)
);
ALTER TABLE sums ADD COLUMN mean NUMERIC(9, 2) DEFAULT '0' NOT NULL;
UPDATE sums SET total = 1 WHERE total IS NULL;
UPDATE sums SET total = NULL WHERE total IS NULL;
"""
    )


def test_sql_files_carry_the_number_of_the_script(bench: Bench) -> None:
    """`script_sql` would give them the next; the user renames them."""
    bench.author(GROUND)
    bench.commands.clear()
    bench.author(Migration("fill", CHANGES["backfill"]), sql_for=("sqlite",))

    assert [
        ("migrate", "script", "fill", "migrations"),
        ("migrate", "script_sql", "sqlite", "fill", "migrations"),
    ] == [command.argv for command in bench.commands]
    assert [
        "001_ground.py",
        "002_fill.py",
        "002_fill_sqlite_downgrade.sql",
        "002_fill_sqlite_upgrade.sql",
    ] == bench.files()


def test_a_check_needs_sql_files_on_sqlite(bench: Bench) -> None:
    """The tool cannot add a CHECK to a table of SQLite, so that SQL does it there."""
    bench.author(GROUND)
    bench.author(Migration("check", CHANGES["add_check"]))

    assert _REBUILT == bench.text("002_check_sqlite_upgrade.sql")


def test_other_databases_have_no_sql_writer(bench: Bench) -> None:
    """The file is named with what to write instead, and nothing is written half."""
    with pytest.raises(
        Unsupported, match=r"ground_postgresql_downgrade\.sql: .* in Python"
    ):
        bench.author(GROUND, sql_for=("postgresql",))
