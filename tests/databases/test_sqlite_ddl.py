"""Reading SQLite's statements as SQLite does."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.databases.sql_text import plain_default
from harness.databases.sqlite_ddl import Constraint, TableText, read_index, read_table


@pytest.mark.parametrize(
    ("item", "constraint"),
    [
        ("CONSTRAINT u UNIQUE (a, b)", Constraint("unique", "u", ("a", "b"))),
        ("UNIQUE (a)", Constraint("unique", None, ("a",))),
        ("c TEXT UNIQUE", Constraint("unique", None, ("c",))),
        ("c TEXT CONSTRAINT u UNIQUE", Constraint("unique", "u", ("c",))),
        ('CONSTRAINT "a ""b""" UNIQUE ([a])', Constraint("unique", 'a "b"', ("a",))),
        ("CONSTRAINT u UNIQUE (a COLLATE NOCASE)", Constraint("unique", "u", ("a",))),
        ("CHECK (a > 0)", Constraint("check", None, condition="a > 0")),
        ("CHECK ((a>0))", Constraint("check", None, condition="a > 0")),
        ("CONSTRAINT k CHECK(\"a\" <> ')')", Constraint("check", "k", (), "a <> ')'")),
        (
            "c TEXT CONSTRAINT k CHECK (c IN ('X','y')) NOT NULL",
            Constraint("check", "k", (), "c in ('X', 'y')"),
        ),
        ("CHECK (a <> 'A ,  b')", Constraint("check", None, (), "a <> 'A ,  b'")),
        (
            "CHECK (length(a) /* not b */ > 1.50) -- c",
            Constraint("check", None, (), "length (a) > 1.50"),
        ),
        (
            "CONSTRAINT f FOREIGN KEY(a) REFERENCES t (id) ON DELETE SET NULL",
            Constraint("foreign key", "f", ("a",)),
        ),
        (
            "c INTEGER CONSTRAINT f REFERENCES t (id) ON DELETE SET DEFAULT",
            Constraint("foreign key", "f", ("c",)),
        ),
        ('"check" TEXT UNIQUE', Constraint("unique", None, ("check",))),
        (
            "c TEXT CONSTRAINT n NOT NULL UNIQUE",
            Constraint("unique", None, ("c",)),
        ),
        (
            "CONSTRAINT p PRIMARY KEY (b) CHECK (a > 1)",
            Constraint("check", None, condition="a > 1"),
        ),
    ],
)
def test_a_constraint_is_read(item: str, constraint: Constraint) -> None:
    """Named or not, on a column or on the table, however it is quoted and spaced."""
    sql = f"CREATE TABLE t (a INTEGER, b INTEGER, {item}\n)"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(sql)
        (stored,) = connection.execute(
            "SELECT sql FROM sqlite_master LIMIT 1"
        ).fetchone()

    assert (constraint,) == read_table(stored).constraints


@pytest.mark.parametrize("names", ["unique", "check", "references", "collate"])
def test_a_column_may_be_named_like_a_keyword(names: str) -> None:
    """A quoted name is a name, whatever it spells."""
    text = read_table(f'CREATE TABLE t ("{names}" TEXT, "constraint" TEXT)')

    assert ((), {}, False, {}) == text


def test_generated_columns_are_read() -> None:
    """They are virtual unless they say that they are stored."""
    text = read_table(
        "CREATE TABLE t (a INTEGER, b INTEGER AS (a * 2), "
        "\"as\" TEXT GENERATED ALWAYS AS ((a || 'x')) STORED NOT NULL, c TEXT)"
    )

    assert {"b": "a * 2, virtual", "as": "a || 'x', stored"} == text.generated


def test_collations_are_read() -> None:
    """SQLite's own collation is what a column has anyway."""
    text = read_table(
        'CREATE TABLE t (a TEXT COLLATE nocase, b VARCHAR(5) COLLATE "RTRIM" NOT NULL,'
        " c TEXT COLLATE BINARY, d TEXT DEFAULT ('x' COLLATE NOCASE), e TEXT)"
    )

    assert {"a": "NOCASE", "b": "RTRIM"} == text.collations


@pytest.mark.parametrize(
    ("sql", "autoincrement"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", True),
        ("CREATE TABLE t (id INTEGER, PRIMARY KEY(id AUTOINCREMENT))", True),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY)", False),
        ("CREATE TABLE t (id INTEGER, n TEXT DEFAULT 'AUTOINCREMENT')", False),
        ("CREATE TABLE autoincrement (id INTEGER)", False),
    ],
)
def test_autoincrement_is_read(sql: str, autoincrement: bool) -> None:
    """It is written with the column or with the primary key."""
    assert autoincrement is read_table(sql).autoincrement


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("CREATE INDEX i ON t (a, b)", "(a, b)"),
        ('CREATE INDEX i ON t("a")', "(a)"),
        ("CREATE UNIQUE INDEX i ON t (a DESC)", "unique (a desc)"),
        ("CREATE INDEX i ON t (lower(a)) WHERE b>0", "(lower (a)) where b > 0"),
        ('CREATE INDEX i ON t ("a b")', '("a b")'),
    ],
)
def test_an_index_is_read(sql: str, says: str) -> None:
    """Quotes and spacing make no difference; everything else does."""
    assert says == read_index(sql)


@pytest.mark.parametrize(
    ("written", "default"),
    [
        (None, None),
        ("NULL", None),
        ("(null)", None),
        ("'x'", "x"),
        ("x", "x"),
        ("('x')", "x"),
        ('"x"', "x"),
        ("0", "0"),
        ("'0'", "0"),
        ("(0)", "0"),
        ("-1", "-1"),
        ("'-1'", "-1"),
        ("''", ""),
        ("'it''s'", "it's"),
        ("'(x)'", "(x)"),
        ("('a') || ('b')", "('a') || ('b')"),
        ("current_timestamp", "CURRENT_TIMESTAMP"),
        ("(CURRENT_TIMESTAMP)", "CURRENT_TIMESTAMP"),
        ("'CURRENT_TIMESTAMP'", "'CURRENT_TIMESTAMP'"),
        ("'NULL'", "'NULL'"),
    ],
)
def test_a_default_is_made_plain(written: str | None, default: str | None) -> None:
    """However a tool quotes a default, the same one reads the same."""
    assert default == plain_default(written)


@given(st.text(), st.text())
def test_different_texts_stay_different(one: str, other: str) -> None:
    """Two texts are the same default only if they are the same text."""
    same = plain_default(_literal(one)) == plain_default(_literal(other))

    assert (one == other) is same


@given(st.text())
def test_parentheses_around_a_default_make_no_difference(value: str) -> None:
    """Databases and tools put them there or take them away."""
    literal = _literal(value)

    assert plain_default(literal) == plain_default(f"( ({literal}) )")


def _literal(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


@given(st.text("()'\"`[],;-/* \nabCHECKunique", max_size=60))
def test_no_text_is_too_strange(rest: str) -> None:
    """Whatever a catalogue holds, reading it ends and does not fail."""
    for sql in (f"CREATE TABLE t ({rest}", f"CREATE VIRTUAL TABLE t USING x({rest})"):
        assert isinstance(read_table(sql), TableText)
    assert isinstance(plain_default(rest), str)
