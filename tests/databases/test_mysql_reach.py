"""What a statement of MariaDB or MySQL can have changed is known by its words, or is all."""

from __future__ import annotations

import pytest

from harness.databases.mysql_reach import Reach, reach
from harness.databases.watch import Sent

TABLES = {"books", "shelves", "pages", "version"}


def told(text: str, rows: int = -1) -> Reach | None:
    """Return what one statement can have changed of four tables."""
    return reach((Sent(text, rows),), TABLES)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE books (id INT, FOREIGN KEY (id) REFERENCES shelves (id))",
        "create table if not exists `books` (id INT)",
        "ALTER TABLE books ADD FOREIGN KEY (shelf) REFERENCES shelves (id)",
        "ALTER TABLE `books` ADD COLUMN pages INT",
        "CREATE UNIQUE INDEX pages ON books (pages)",
        "DROP INDEX shelves ON BOOKS",
    ],
)
def test_a_definition_reaches_the_table_it_is_of(text: str) -> None:
    """Tables that it only refers to, or whose names its words contain, stay."""
    assert told(text) == Reach(defined=frozenset({"books"}))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO books SELECT * FROM shelves",
        "insert ignore `books` (id) values (1)",
    ],
)
def test_new_rows_reach_one_table(text: str) -> None:
    """What they come from stays, and no key hands them on."""
    assert told(text, 2) == Reach(written=frozenset({"books"}))


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE books SET shelf = (SELECT max(id) FROM shelves)",
        "DELETE FROM books",
        "DELETE FROM `books` WHERE shelf IN (SELECT id FROM shelves)",
        "REPLACE INTO books VALUES (1)",
        "INSERT INTO books VALUES (1) ON DUPLICATE KEY UPDATE id = 2",
    ],
)
def test_rows_that_change_may_be_handed_on_by_keys(text: str) -> None:
    """They act where any was changed; where the driver counted none, nothing is reached."""
    books = frozenset({"books"})
    assert told(text) == Reach(written=books, acting=books)
    assert told(text, 1) == Reach(written=books, acting=books)
    assert told(text, 0) == Reach()


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE books JOIN shelves ON shelf = shelves.id SET title = place",
        "UPDATE books, shelves SET title = place",
        "DELETE books, shelves FROM books JOIN shelves ON shelf = shelves.id",
        "DELETE FROM books USING books JOIN shelves ON shelf = shelves.id",
        "UPDATE mine.books SET title = (SELECT place FROM shelves)",
        'UPDATE "books" SET title = (SELECT place FROM shelves)',
    ],
)
def test_words_that_are_not_understood_reach_all_they_mention(text: str) -> None:
    """Of several tables, or of another spelling, each may be the one."""
    both = frozenset({"books", "shelves"})
    assert told(text) == Reach(written=both, acting=both)


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE books RENAME TO shelves",
        "RENAME TABLE books TO shelves",
        "DROP TABLE books, shelves",
        "ALTER TABLE books EXCHANGE PARTITION p WITH TABLE shelves",
    ],
)
def test_tables_that_change_places_are_read_again(text: str) -> None:
    """Definition and rows of all, and the keys that lead to them."""
    both = frozenset({"books", "shelves"})
    found = told(text)
    assert found is not None
    assert (found.defined, found.written) == (both, both)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE books AS SELECT * FROM shelves",
        "CREATE TABLE books SELECT * FROM shelves",
        "CREATE TABLE books (id INT) VALUES (1)",
        "CREATE TABLE books AS TABLE shelves",
    ],
)
def test_a_table_that_is_made_of_rows_has_some(text: str) -> None:
    """Other new tables are known to be empty."""
    found = told(text)
    assert found is not None
    assert "books" in found.written


def test_columns_that_go_by_another_name_are_told_in_keys() -> None:
    """A key tells the columns that it leads to; dropping an index changes none."""
    books = frozenset({"books"})
    renamed = told("ALTER TABLE books CHANGE id number INT")
    assert renamed == Reach(defined=books, renamed=books)
    assert told("ALTER TABLE books DROP INDEX titles") == Reach(defined=books)


@pytest.mark.parametrize(
    "text",
    [
        "CALL act()",
        "CREATE TRIGGER t AFTER INSERT ON books FOR EACH ROW DELETE FROM shelves",
        "CREATE VIEW seen AS SELECT 1",
        "LOAD DATA INFILE 'x' REPLACE INTO TABLE books",
        "WITH x AS (SELECT 1) DELETE FROM books",
        "UPDATE books SET id = 1; CALL act()",
        "/* why */ ALTER TABLE books ADD x INT",
    ],
)
def test_other_kinds_may_reach_everything(text: str) -> None:
    """What is not known here is not guessed."""
    assert told(text) is None
