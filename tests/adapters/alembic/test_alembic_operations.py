"""Every operation, written as a user would and run by the real tool on SQLite."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from adapters.alembic.rendering import body
from harness.contract import Database
from harness.model.operations import (
    AddCheck,
    AddColumn,
    AlterColumn,
    Backfill,
    CreateTable,
    DropColumn,
    Operation,
    RenameColumn,
    RunStatement,
    apply_all,
)
from harness.model.schema import (
    BigInteger,
    Boolean,
    Check,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Schema,
    String,
    Table,
    Text,
    Unique,
)
from harness.model.steps import Migration
from tests.adapters.alembic.bench import Bench
from tests.adapters.migrate.operations import CHANGES, EVERYTHING, GROUND, ID, NAME

_KINDS = Table(
    "kinds",
    (
        ID,
        Column("big", BigInteger(), default="9000000000"),
        Column("flag", Boolean(), nullable=False, default="0"),
        Column("price", Numeric(9, 2), nullable=False, default="1.50"),
        Column("day", DateTime()),
        Column("code", String(9, collation="NOCASE"), default='it\'s 100% "a":b\\'),
    ),
    checks=(Check("ck_kinds_code", "code NOT LIKE '%x''y%' AND code <> ':a'"),),
)
_PLAIN_KINDS = _KINDS.without_column("code")
_STANDING = Table(
    "standing",
    (ID, Column("a", Integer()), Column("b", Integer()), Column("c", Integer())),
    uniques=(Unique("uq_standing", ("a", "b")),),
    indexes=(Index("ix_standing_a", ("a",), unique=True), Index("ix_ac", ("a", "c"))),
    foreign_keys=(ForeignKey("fk_standing", ("a",), "teams", ("id",)),),
    checks=(Check("ck_standing", "a > 0"),),
)
_MORE: dict[str, tuple[Operation, ...]] = {
    "every type": (CreateTable(_KINDS),),
    "column on which everything stands": (
        CreateTable(_STANDING),
        DropColumn("standing", "a"),
    ),
    "default that is kept": (
        CreateTable(_PLAIN_KINDS),
        AlterColumn("kinds", _KINDS.columns[3], type=Numeric(12, 4)),
        AlterColumn("kinds", _KINDS.columns[2], nullable=True),
    ),
    "check with quotes": (AddCheck("users", Check("ck", "name <> '%(a)s\"'':b'")),),
    "several alterations": (
        AlterColumn("users", NAME, type=Text()),
        AddCheck("users", Check("ck", "name <> ''")),
        AddColumn("users", Column("note", Text())),
    ),
    "statement with everything": (
        RunStatement("UPDATE users SET name = 'a:b %s \"c\" \\d'\nWHERE name = ':x'"),
    ),
    "statement that names a parameter": (
        AddColumn("users", Column("note", Text())),
        Backfill("users", "note", value="100% :sure 'a' \"b\" \\"),
        Backfill("users", "active", value=True),
        Backfill("users", "note", value=None),
    ),
    "nothing": (),
}
_ALL = {**CHANGES, **_MORE}
_ROWS = (
    "INSERT INTO teams VALUES (7, 'infra')",
    "INSERT INTO users VALUES (1, 'ada', 1, 7, '2013-11-05 10:00:00.000000')",
    "INSERT INTO users VALUES (2, NULL, 0, NULL, NULL)",
)


def _execute(database: Database, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements and return the rows of the last one."""
    engine = create_engine(database.url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def _grounded(bench: Bench) -> Database:
    app = bench.database()
    bench.author(GROUND)
    bench.history.upgrade(app, None)
    return app


def _there_and_back(bench: Bench, change: Migration) -> None:
    app = _grounded(bench)
    bench.author(change)

    bench.history.upgrade(app, None)

    assert () == bench.differences()

    bench.history.downgrade(app, "ground")

    assert () == bench.differences((GROUND,))


@pytest.mark.parametrize("change", _ALL.values(), ids=_ALL.keys())
def test_alembic_reaches_the_schema_and_goes_back(
    either_bench: Bench, change: tuple[Operation, ...]
) -> None:
    """Each operation leads to the schema it means, and its reverse back."""
    _there_and_back(either_bench, Migration("change", change))


def test_alembic_takes_many_operations_in_one_revision(either_bench: Bench) -> None:
    """Batches and plain operations stand in the order in which they are meant."""
    _there_and_back(either_bench, EVERYTHING)


_KEPT = [
    "rename_table",
    "add_column",
    "add_required_column",
    "drop_column",
    "rename_column",
    "alter_type",
    "add_unique",
    "add_foreign_key",
    "add_check",
    "run_statement",
]


@pytest.mark.parametrize("name", _KEPT)
def test_rows_survive_in_alembic(either_bench: Bench, name: str) -> None:
    """Rows that an operation has nothing to do with are there afterwards."""
    app = _grounded(either_bench)
    _execute(app, *_ROWS)
    either_bench.author(Migration("change", CHANGES[name]))
    either_bench.history.upgrade(app, None)
    table = "people" if name == "rename_table" else "users"

    after = _execute(app, f"SELECT id, name, active, team_id FROM {table} ORDER BY id")

    assert [(1, "ada", 1, 7), (2, None, 0, None)] == after


_TEXT = '100% :sure, it\'s "a" \\b'


@pytest.mark.parametrize(
    ("fill", "row"),
    [
        (Backfill("users", "name", value=_TEXT), ("ada", _TEXT)),
        (Backfill("users", "team_id", value=7), (7, 7)),
        (Backfill("users", "team_id", copy_of="id"), (7, 2)),
    ],
    ids=["text", "number", "copy"],
)
def test_backfill_in_alembic_fills_only_what_is_null(
    either_bench: Bench, fill: Backfill, row: tuple[Any, ...]
) -> None:
    """A backfill leaves alone what has a value, and writes values as they are."""
    app = _grounded(either_bench)
    _execute(app, *_ROWS)
    either_bench.author(Migration("change", (fill,)))
    either_bench.history.upgrade(app, None)

    rows = _execute(app, f"SELECT {fill.column} FROM users ORDER BY id")

    assert [(row[0],), (row[1],)] == rows


def test_a_statement_is_run_to_the_letter_by_alembic(either_bench: Bench) -> None:
    """Colons, percent signs, quotes and backslashes reach the database."""
    app = _grounded(either_bench)
    _execute(app, *_ROWS)
    written = "a:b 100%% %s %(x)s \"c\" ''d'' \\:e \\f"
    statement = f"UPDATE users SET name = '{written}'"
    either_bench.author(Migration("change", (RunStatement(statement),)))
    either_bench.history.upgrade(app, None)

    rows = _execute(app, "SELECT DISTINCT name FROM users")

    assert [(written.replace("''", "'"),)] == rows


@pytest.mark.parametrize(
    ("column", "counts"), [("id", True), ("team_id", False), ("name", False)]
)
def test_a_key_that_counts_by_itself_is_said_to(column: str, counts: bool) -> None:
    """MySQL restates a column that is renamed, so AUTO_INCREMENT is said again."""
    change = (RenameColumn("users", column, "other"),)
    before = apply_all(GROUND.upgrade, Schema())

    script = body(change, before, batches=False)

    assert counts == ("existing_autoincrement=True" in script)


def test_names_that_python_reserves_are_filled_by_alembic(either_bench: Bench) -> None:
    """A table called class and columns called from and import are only names."""
    columns = (
        Column("id", Integer(), nullable=False, primary_key=True),
        Column("from", String(20)),
        Column("import", String(20)),
    )
    app = _grounded(either_bench)
    either_bench.author(Migration("make", (CreateTable(Table("class", columns)),)))
    either_bench.history.upgrade(app, None)
    _execute(app, "INSERT INTO class (id, import) VALUES (1, 'x')")
    fill = Backfill("class", "from", copy_of="import")
    either_bench.author(Migration("fill", (fill,)))
    either_bench.history.upgrade(app, None)

    assert [("x",)] == _execute(app, 'SELECT "from" FROM class')
