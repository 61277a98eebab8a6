"""Steps are written with the new tool's own operations, from how the schema differed."""

from __future__ import annotations

import pytest

from adapters.alembic.adapter import NEWEST
from adapters.alembic.carrying.rows import row_lines
from adapters.alembic.carrying.tables import Tables
from adapters.alembic.carrying.types import type_source
from harness import toolchains
from harness.model.carrying import CannotWrite, How
from harness.model.replay import Statement
from harness.model.snapshot import Snapshot
from tests.carrying.conftest import WHOLE, Carried, Carry, by_hand


@pytest.fixture(scope="module")
def operations(carry: Carry) -> Carried:
    """Return a whole history that was carried over as operations, up and down."""
    return carry(WHOLE, "--downgrades")


def test_every_step_comes_to_the_same_database(operations: Carried) -> None:
    """Nothing had to be written as statements, and all of it is proved, up and down."""
    record = operations.record

    assert all(proof.holds for proof in record.proofs), operations.result.output
    assert {step.how for step in record.steps} == {How.OPERATIONS}
    assert [step.downgrade for step in record.steps] == [True, True, True, True, False]


def test_operations_read_like_those_of_a_person(operations: Carried) -> None:
    """Tables, columns and indexes are said as the tool's users say them."""
    books = operations.revision("0007_books")
    altered = operations.revision("0009_alter")

    assert 'op.create_table(\n        "books"' in books
    assert 'sa.ForeignKeyConstraint(["author"], ["authors.id"])' in books
    assert "dialect" not in books
    assert 'op.add_column(\n        "books"' in altered
    assert 'new_column_name="heading"' in altered
    assert 'op.create_index("ix_heading", "books", ["heading", "lent"])' in altered


@pytest.mark.parametrize(
    ("url", "truth"), [("sqlite://", "1"), ("postgresql://", "true")]
)
def test_operations_can_be_written_out_as_sql(
    operations: Carried, url: str, truth: str
) -> None:
    """Offline, every step has its statements, the values of rows among them."""
    newest = toolchains.build(NEWEST).python
    done = by_hand(operations, newest, url, "upgrade", "head", "--sql")

    assert done.returncode == 0, done.stderr
    assert "VALUES (1, 'A: 50% ''x''')" in done.stdout
    assert f"(1, 't', {truth}, '2020-01-02 00:00:00" in done.stdout


@pytest.mark.parametrize(
    ("backend", "text", "bound", "said"),
    [
        ("sqlite", "UPDATE t SET a=? WHERE b='?'", [1], ":value_1 WHERE b='?'"),
        ("postgresql", "UPDATE t SET a=%(x)s", {"x": 1}, "a=:x"),
        ("postgresql", "DELETE FROM t WHERE a LIKE 'b%%'", None, "LIKE 'b%'"),
        ("mysql", "UPDATE t SET a=%s, b='100%%'", [1], ":value_1, b='100%'"),
        ("mysql", "UPDATE t SET a='12:30'", None, "'12:30'"),
        ("postgresql", "UPDATE t SET a=a::text || %(x)s", {"x": "y"}, "::text || :x"),
    ],
)
def test_values_are_named_where_a_driver_had_signs(
    backend: str, text: str, bound: list[int] | dict[str, str] | None, said: str
) -> None:
    """SQL of a driver becomes SQL that every driver of the database takes."""
    statement = Statement(text, 0, bound=() if bound is None else (bound,))
    source = "\n".join(row_lines(statement, Snapshot(), backend))

    assert said in source.replace("\\", "")
    assert "exec_driver_sql" not in source


def test_a_constraint_without_a_name_follows_a_column_that_is_renamed(
    carry: Carry,
) -> None:
    """In the table that a batch copies, the columns still have their old names."""
    table = "CREATE TABLE {} (id INTEGER, {} VARCHAR(9){});\n"
    rebuilt = (
        table.format("o", "name", ", UNIQUE (id, name)")
        + "INSERT INTO o SELECT * FROM a;\nDROP TABLE a;\nALTER TABLE o RENAME TO a;\n"
    )
    swapped = (
        "ALTER TABLE a RENAME TO b;\n"
        + table.format("a", "key", ", UNIQUE (id, key)")
        + "INSERT INTO a SELECT * FROM b;\nDROP TABLE b;\n"
    )
    carried = carry(
        {
            "001_default_upgrade.sql": table.format("a", "key", ""),
            "002_default_upgrade.sql": swapped.replace("key", "name"),
            "003_default_upgrade.sql": rebuilt,
        }
    )

    assert carried.result.exit_code == 0, carried.result.output
    assert [step.reason for step in carried.record.steps] == [""] * 3


def test_a_column_is_filled_before_it_must_have_no_nulls(carry: Carry) -> None:
    """Rows are written between, as the old tool wrote them."""
    table = "CREATE TABLE {} (id INTEGER{});\n"
    filled = (
        "ALTER TABLE a ADD COLUMN name VARCHAR(9);\n"
        "UPDATE a SET name = 'x';\n"
        + table.format("b", ", name VARCHAR(9) NOT NULL")
        + "INSERT INTO b SELECT * FROM a;\nDROP TABLE a;\nALTER TABLE b RENAME TO a;\n"
    )
    row = "INSERT INTO a (id) VALUES (1);\n"
    carried = carry(
        {
            "001_default_upgrade.sql": table.format("a", "") + row,
            "002_default_upgrade.sql": filled,
        }
    )

    assert carried.result.exit_code == 0, carried.result.output
    assert [step.reason for step in carried.record.steps] == ["", ""]


def test_what_only_mysql_has_is_carried_over(carry: Carry) -> None:
    """Character sets, engines, and a key that has to be lifted from an index."""
    tables = (
        "ALTER DATABASE DEFAULT CHARACTER SET latin1;\n"
        "CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(9));\n"
        "CREATE TABLE b (a INTEGER, c INTEGER, CONSTRAINT u UNIQUE (a, c), "
        "CONSTRAINT leads FOREIGN KEY (a) REFERENCES a (id)) CHARSET utf8mb4;\n"
        "CREATE TABLE d (a INTEGER, FOREIGN KEY (a) REFERENCES a (id));\n"
        "CREATE TABLE c (id INTEGER) ENGINE MyISAM;\n"
    )
    lifted = (
        "ALTER TABLE b DROP FOREIGN KEY leads;\n"
        "ALTER TABLE b DROP INDEX u;\n"
        "ALTER TABLE b ADD CONSTRAINT leads FOREIGN KEY (a) REFERENCES a (id);\n"
    )
    freed = (
        "ALTER TABLE b DROP FOREIGN KEY leads;\n"
        "ALTER TABLE b DROP INDEX leads;\n"
        "CREATE INDEX instead ON d (a);\n"
        "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n"
    )
    scripts = {
        f"00{number}_mysql_upgrade.sql": text
        for number, text in enumerate((tables, lifted, freed), start=1)
    }
    carried = carry(scripts, "--backend", "mysql")

    assert carried.result.exit_code == 0, carried.result.output
    assert [step.reason for step in carried.record.steps] == [""] * 3
    source = carried.revision("0001_mysql_upgrade")
    assert 'mysql_charset="latin1"' in source
    assert 'mysql_engine="MyISAM"' in source
    assert "ALTER DATABASE DEFAULT CHARACTER SET latin1" in source


def test_a_constraint_that_a_batch_would_lose_is_refused(carry: Carry) -> None:
    """The old tool may leave a named constraint there twice; a batch keeps one of them."""
    unique = "CONSTRAINT u UNIQUE (a)"
    table = f"CREATE TABLE t (a INTEGER, b INTEGER, {unique}, {unique});\n"
    rebuilt = (
        f"CREATE TABLE o (a INTEGER, {unique}, {unique});\n"
        "DROP TABLE t;\nALTER TABLE o RENAME TO t;\n"
    )
    carried = carry(
        {"001_default_upgrade.sql": table, "002_default_upgrade.sql": rebuilt}
    )

    assert carried.result.exit_code == 0, carried.result.output
    assert "has the constraint u twice" in carried.record.steps[1].reason


def test_a_step_that_operations_cannot_say_is_written_as_statements(
    carry: Carry,
) -> None:
    """A view is carried over by its statement, and the record says why."""
    view = "CREATE TABLE a (id INTEGER);\nCREATE VIEW v AS SELECT id FROM a;\n"
    after = "CREATE TABLE b (id INTEGER);\n"
    carried = carry({"001_default_upgrade.sql": view, "002_default_upgrade.sql": after})

    first, second = carried.record.steps
    assert carried.result.exit_code == 0, carried.result.output
    assert (first.how, second.how) == (How.STATEMENTS, How.OPERATIONS)
    assert "view v" in first.reason
    assert "CREATE VIEW" in carried.revision(first.revision)


def test_a_step_that_comes_out_otherwise_is_written_as_statements(carry: Carry) -> None:
    """What a difference shows is mended, and the steps after it are proved all the same."""
    filled = "CREATE TABLE a (id INTEGER);\nINSERT INTO a (id) VALUES (1);\n"
    copied = "CREATE TABLE b AS SELECT * FROM a;\n"
    after = "CREATE TABLE c (id INTEGER);\n"
    carried = carry(
        {
            "001_default_upgrade.sql": filled,
            "002_default_upgrade.sql": copied,
            "003_default_upgrade.sql": after,
        }
    )

    _, second, third = carried.record.steps
    assert carried.result.exit_code == 0, carried.result.output
    assert (second.how, second.instead_of) == (How.STATEMENTS, How.OPERATIONS)
    assert "rows is 0, expected 1" in second.reason
    assert third.how is How.OPERATIONS


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("x y", '"x y"'),
        ("0", '"0"'),
        ("CURRENT_TIMESTAMP", 'sa.text("CURRENT_TIMESTAMP")'),
        ("lower('A')", "sa.text(\"(lower('A'))\")"),
    ],
)
def test_a_default_is_a_literal_or_an_expression(said: str, source: str) -> None:
    """What a database calculates is told as text of SQL."""
    assert Tables("sqlite", ()).default(said) == source


def test_a_default_that_may_be_either_is_not_guessed() -> None:
    """A description without quotes leaves open whether a sum is meant; it is refused."""
    with pytest.raises(CannotWrite, match="text or an expression"):
        Tables("sqlite", ()).default("1 + 1")


@pytest.mark.parametrize(
    ("spelled", "backend", "source"),
    [
        ("VARCHAR(9)", "sqlite", "sa.String(length=9)"),
        ("varchar(9)", "sqlite", 'Verbatim("varchar(9)")'),
        ("character varying(9)", "postgresql", "sa.String(length=9)"),
        ("tinyint(1)", "mysql", "sa.Boolean()"),
        ("timestamp without time zone", "postgresql", "sa.DateTime()"),
        ("INET", "sqlite", 'Verbatim("INET")'),
        ("NUMERIC(9, 2)", "sqlite", "sa.Numeric(precision=9, scale=2)"),
        ("NUMERIC(9,2)", "sqlite", 'Verbatim("NUMERIC(9,2)")'),
        ("mediumtext", "mysql", 'Verbatim("mediumtext")'),
    ],
)
def test_types_keep_the_spelling_of_the_database(
    spelled: str, backend: str, source: str
) -> None:
    """A type that SQLAlchemy would spell otherwise is written as the database did."""
    assert type_source(spelled, backend) == source


def test_a_constraint_that_is_there_twice_is_not_there_once(carry: Carry) -> None:
    """The old tool may say a check again where it rebuilds a table; that is kept."""
    table = "CREATE TABLE {} (id INTEGER, b BOOLEAN, CHECK (b IN (0, 1)){});\n"
    rebuilt = (
        table.format("other", ", CHECK (b IN (0, 1))")
        + "DROP TABLE a;\nALTER TABLE other RENAME TO a;\n"
    )
    carried = carry(
        {
            "001_default_upgrade.sql": table.format("a", ""),
            "002_default_upgrade.sql": rebuilt,
        }
    )

    assert carried.result.exit_code == 0, carried.result.output
    assert [step.how for step in carried.record.steps] == [How.OPERATIONS] * 2
