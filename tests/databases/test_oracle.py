"""The oracle says what the neutral schema says, and nothing else."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.databases.oracle import expected
from harness.databases.snapshot import take
from harness.judgement.difference import compare
from harness.model.difference import DifferenceKind
from harness.model.operations import (
    AddColumn,
    CreateIndex,
    DropIndex,
    Operation,
    RenameColumn,
    RenameTable,
)
from harness.model.rows import Rows, carry
from harness.model.schema import (
    Boolean,
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Schema,
    SchemaError,
    String,
    Table,
    Text,
    Trigger,
    Unique,
)
from harness.model.snapshot import ConstraintState, Snapshot
from tests.model.strategies import rows_of, schemas

_ID = Column("id", Integer(), nullable=False, primary_key=True)
_TEAMS = Table("teams", (_ID, Column("title", String(50), nullable=False)))
_ACCOUNTS = Table(
    "accounts",
    (
        _ID,
        Column("login", String(50, collation="NOCASE"), nullable=False),
        Column("balance", Integer(), nullable=False, default="0"),
        Column("team_id", Integer()),
    ),
    uniques=(Unique("uq_login", ("login",)),),
    indexes=(Index("ix_balance", ("balance",)),),
    foreign_keys=(ForeignKey("fk_team", ("team_id",), "teams", ("id",), "CASCADE"),),
    checks=(Check("ck_balance", "balance >= 0"),),
    autoincrement=True,
)
_SCHEMA = Schema((_ACCOUNTS, _TEAMS))
_ROWS: Rows = {"accounts": ({"id": 5, "login": "Ada", "balance": 3, "team_id": None},)}
_TRIGGER = Trigger(
    "keep",
    "accounts",
    {"sqlite": "CREATE TRIGGER keep AFTER UPDATE ON accounts BEGIN SELECT 1; END"},
)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_the_oracle_says_what_the_schema_says(data: st.DataObject) -> None:
    """Every table, column and constraint is there under its name, and no other."""
    schema = _buildable(data.draw(schemas()))

    snapshot = expected(schema, {}, "sqlite")

    assert sorted(t.name for t in schema.tables) == [t.name for t in snapshot.tables]
    for found in snapshot.tables:
        table = schema.table(found.name)
        assert [(c.name, c.nullable, c.default) for c in table.columns] == [
            (c.name, c.nullable, c.default) for c in found.columns
        ]
        assert [
            c.type.collation if isinstance(c.type, String) else None
            for c in table.columns
        ] == [c.collation for c in found.columns]
        assert table.autoincrement is found.autoincrement
        for sort in ("uniques", "indexes", "foreign_keys", "checks"):
            assert _names(getattr(table, sort)) == _names(getattr(found, sort))


def _buildable(schema: Schema) -> Schema:
    """Return the schema without AUTOINCREMENT where a table's key refers elsewhere."""
    return Schema(
        tuple(
            table.with_changes(autoincrement=False)
            if any("id" in key.columns for key in table.foreign_keys)
            else table
            for table in schema.tables
        )
    )


def _names(items: tuple[object, ...]) -> list[str]:
    return sorted(str(getattr(item, "name", None)) for item in items)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_the_oracle_holds_the_rows(data: st.DataObject) -> None:
    """All rows are there, with the values that they were given."""
    schema = _buildable(data.draw(schemas()))
    rows = data.draw(rows_of(schema))

    snapshot = expected(schema, rows, "sqlite")

    assert {name: len(found) for name, found in rows.items()} == {
        state.table: state.count for state in snapshot.rows
    }


@pytest.mark.parametrize(
    ("column_type", "default", "plain"),
    [
        (Integer(), "0", "0"),
        (Boolean(), "1", "1"),
        (Boolean(), "false", "0"),
        (Numeric(5, 2), "1.50", "1.50"),
        (String(9), "0", "0"),
        (String(9), "it's", "it's"),
        (Text(), "", ""),
    ],
)
def test_defaults_are_quoted_as_the_type_requires(
    column_type: ColumnType, default: str, plain: str
) -> None:
    """A default is a value, whatever SQL makes of its quotes."""
    table = Table("t", (_ID, Column("a", column_type, default=default)))

    snapshot = expected(Schema((table,)), {}, "sqlite")

    assert plain == snapshot.tables[0].columns[1].default


@pytest.mark.parametrize("text", [":a", '{"on":true}', "10:00", "::", "\\:b"])
def test_a_colon_in_a_condition_is_no_parameter(text: str) -> None:
    """What stands in a condition is what the database is told."""
    check = Check("ck", f"code <> '{text}'")
    table = Table("t", (Column("code", String(20)),), checks=(check,))

    (seen,) = expected(Schema((table,)), {}, "sqlite").tables

    assert [check.condition] == [found.says for found in seen.checks]


def test_a_primary_key_keeps_its_order() -> None:
    """A key of two columns is another one the other way round."""
    b, a = (Column(n, Integer(), nullable=False, primary_key=True) for n in "ba")

    (table,) = expected(Schema((Table("t", (b, a)),)), {}, "sqlite").tables

    assert ("b", "a") == table.primary_key


def test_tables_may_refer_to_each_other() -> None:
    """Neither order of the two would do."""
    one, other = (
        Table(
            name,
            (_ID,),
            foreign_keys=(ForeignKey(f"fk_{name}", ("id",), target, ("id",)),),
        )
        for name, target in (("one", "other"), ("other", "one"))
    )

    snapshot = expected(Schema((one, other)), {}, "sqlite")

    assert ["(id) -> other (id)", "(id) -> one (id)"] == [
        table.foreign_keys[0].says for table in snapshot.tables
    ]


def test_triggers_are_part_of_the_answer() -> None:
    """They were put there by hand, and should still be there."""
    without = expected(_SCHEMA, _ROWS, "sqlite")
    snapshot = expected(_SCHEMA, _ROWS, "sqlite", (_TRIGGER,))

    assert ("keep",) == snapshot.tables[0].triggers
    assert [DifferenceKind.MISSING_TRIGGER] == [
        d.kind for d in compare(snapshot, without)
    ]


@pytest.mark.parametrize(
    "table",
    [
        Table("t", (Column("a", Text()),), autoincrement=True),
        Table("t", (Column("a", Text(), primary_key=True),), autoincrement=True),
        Table(
            "t",
            (_ID,),
            foreign_keys=(ForeignKey("fk", ("id",), "t", ("id",)),),
            autoincrement=True,
        ),
    ],
    ids=["no key", "a key of text", "a key that refers"],
)
def test_what_cannot_be_built_is_refused(table: Table) -> None:
    """An oracle that left AUTOINCREMENT out would blame every tool for having it."""
    with pytest.raises(SchemaError, match="table t cannot have AUTOINCREMENT"):
        expected(Schema((table,)), {}, "sqlite")


def test_an_unknown_backend_is_named() -> None:
    """There is no oracle for a database that the harness does not know."""
    with pytest.raises(LookupError, match="there is no backend 'oracle'"):
        expected(_SCHEMA, {}, "oracle")


def test_many_threads_get_the_same_answer() -> None:
    """Workers ask at once, for the same and for different schemas."""
    schemas_asked = [
        Schema((Table(f"t{n % 4}", (_ID, Column("a", Text()))),)) for n in range(40)
    ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda s: expected(s, {}, "sqlite"), schemas_asked))

    assert [f"t{n % 4}" for n in range(40)] == [a.tables[0].name for a in answers]
    assert 4 == len({repr(answer) for answer in answers})


_NATIVE: dict[str, tuple[Operation, str]] = {
    "add a column": (
        AddColumn("accounts", Column("email", String(80), default="x")),
        "ALTER TABLE accounts ADD COLUMN email VARCHAR(80) DEFAULT 'x'",
    ),
    "rename a column": (
        RenameColumn("accounts", "balance", "saldo"),
        "ALTER TABLE accounts RENAME COLUMN balance TO saldo",
    ),
    "rename a column that others refer to": (
        RenameColumn("teams", "id", "number"),
        "ALTER TABLE teams RENAME COLUMN id TO number",
    ),
    "rename a table that others refer to": (
        RenameTable("teams", "groups"),
        "ALTER TABLE teams RENAME TO groups",
    ),
    "create an index": (
        CreateIndex("accounts", Index("ix_new", ("login", "team_id"), unique=True)),
        "CREATE UNIQUE INDEX ix_new ON accounts (login,team_id)",
    ),
    "drop an index": (
        DropIndex("accounts", _ACCOUNTS.indexes[0]),
        "DROP INDEX ix_balance",
    ),
}


@pytest.mark.parametrize("name", _NATIVE)
def test_what_the_database_changes_itself_agrees(name: str, accounts: Path) -> None:
    """A change that SQLite makes natively loses nothing, and none is reported."""
    operation, statement = _NATIVE[name]
    _run(accounts, statement)

    schema = operation.apply(_SCHEMA)
    answer = expected(schema, carry(_ROWS, (operation,)), "sqlite", (_TRIGGER,))

    assert () == compare(answer, take(f"sqlite:///{accounts}"))


def test_what_a_table_copy_forgets_is_seen(accounts: Path) -> None:
    """A careless copy loses what hangs on a table without any error."""
    _run(
        accounts,
        "ALTER TABLE accounts RENAME TO old;"
        "CREATE TABLE accounts (id INTEGER NOT NULL, login VARCHAR(50) NOT NULL, "
        "balance INTEGER DEFAULT 0 NOT NULL, team_id INTEGER, PRIMARY KEY (id));"
        "INSERT INTO accounts SELECT id, lower(login), balance, team_id FROM old;"
        "DROP TABLE old;",
    )

    answer = expected(_SCHEMA, _ROWS, "sqlite", (_TRIGGER,))

    assert [
        "accounts.login: the collation NOCASE is lost",
        "accounts: the unique constraint uq_login (login) is missing",
        "accounts: the index ix_balance (balance) is missing",
        "accounts: the foreign key fk_team (team_id) -> teams (id) on delete cascade "
        "is missing",
        "accounts: the check ck_balance (balance >= 0) is missing",
        "accounts: the trigger keep is lost",
        "accounts: AUTOINCREMENT is missing",
        'accounts: a row is {"balance":3,"id":5,"login":"ada","team_id":null}, '
        'expected {"balance":3,"id":5,"login":"Ada","team_id":null}',
    ] == [d.sentence for d in compare(answer, take(f"sqlite:///{accounts}"))]


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """Return a database written in plain SQL, as the schema says."""
    path = tmp_path / "accounts.db"
    _run(
        path,
        "CREATE TABLE teams (id INTEGER PRIMARY KEY, title VARCHAR(50) NOT NULL);"
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        'login VARCHAR(50) COLLATE "NOCASE" NOT NULL, '
        "balance INTEGER DEFAULT (0) NOT NULL, team_id INTEGER, "
        "CONSTRAINT uq_login UNIQUE(login), CONSTRAINT ck_balance CHECK (balance>=0), "
        "CONSTRAINT fk_team FOREIGN KEY(team_id) REFERENCES teams(id) ON DELETE CASCADE);"
        "CREATE INDEX ix_balance ON accounts (balance);"
        "INSERT INTO accounts VALUES (5, 'Ada', 3, NULL);"
        + _TRIGGER.statements["sqlite"],
    )
    return path


def _run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def test_plain_sql_agrees_with_the_oracle(accounts: Path) -> None:
    """Neither SQLAlchemy's way of writing SQL nor a person's is a difference."""
    answer = expected(_SCHEMA, _ROWS, "sqlite", (_TRIGGER,))
    found = take(f"sqlite:///{accounts}")

    assert () == compare(answer, found)
    assert isinstance(found, Snapshot)
    assert (ConstraintState("uq_login", "(login)"),) == found.tables[0].uniques
