"""What a statement is for."""

from __future__ import annotations

import pytest

from harness.anatomy import kind_of, kinds
from harness.model.anatomy import Kind


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("CREATE TABLE users (id INTEGER)", Kind.SCHEMA),
        ("\n-- why\nALTER TABLE users ADD town TEXT", Kind.SCHEMA),
        ("INSERT INTO users VALUES (1)", Kind.ROWS),
        ("update users set id = 2", Kind.ROWS),
        ("PRAGMA main.table_info(users)", Kind.QUESTION),
        ("(SELECT 1)", Kind.QUESTION),
        ("SET AUTOCOMMIT = 0", Kind.QUESTION),
        ("BEGIN ", Kind.TRANSACTION),
        ("COMMIT", Kind.TRANSACTION),
        ("CREATE TABLE book (version INTEGER)", Kind.BOOKKEEPING),
        ('PRAGMA main.table_info("book")', Kind.BOOKKEEPING),
        ('PRAGMA main.index_info("sqlite_autoindex_book_1")', Kind.BOOKKEEPING),
        ("SELECT version FROM book", Kind.BOOKKEEPING),
        ("SELECT version FROM bookings", Kind.QUESTION),
        ("/* book */ DROP TABLE users", Kind.SCHEMA),
    ],
)
def test_a_statement_is_told_by_its_first_word_and_its_tables(
    sql: str, kind: Kind
) -> None:
    """Whatever names the tool's own tables is bookkeeping."""
    assert kind_of(sql, ("book",)) is kind


def test_all_kinds_are_counted() -> None:
    """One that does not occur is counted as none."""
    found = kinds(["BEGIN", "INSERT INTO book VALUES (1)", "COMMIT"], ("book",))

    assert found == {
        Kind.SCHEMA: 0,
        Kind.ROWS: 0,
        Kind.BOOKKEEPING: 1,
        Kind.TRANSACTION: 2,
        Kind.QUESTION: 0,
    }
