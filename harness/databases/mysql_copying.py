"""A database copied within a server of MySQL or MariaDB, which have no command for it."""

from __future__ import annotations

from typing import Any

from harness.databases.backend import DatabaseRefused

_BESIDE_TABLES = (
    "SELECT concat('the view ', TABLE_NAME) FROM information_schema.VIEWS "
    "WHERE TABLE_SCHEMA = %(of)s "
    "UNION SELECT concat('the trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS "
    "WHERE TRIGGER_SCHEMA = %(of)s "
    "UNION SELECT concat('the routine ', ROUTINE_NAME) FROM information_schema.ROUTINES "
    "WHERE ROUTINE_SCHEMA = %(of)s "
    "UNION SELECT concat('the event ', EVENT_NAME) FROM information_schema.EVENTS "
    "WHERE EVENT_SCHEMA = %(of)s"
)


def refuse_more(cursor: Any, database: str) -> None:  # noqa: ANN401
    """Raise `DatabaseRefused` if there is more in a database than tables."""
    cursor.execute(_BESIDE_TABLES, {"of": database})
    for (thing,) in cursor.fetchall():
        message = f"a database is copied with its tables only, and there is {thing}"
        raise DatabaseRefused(message)


def copy_tables(cursor: Any, database: str, into: str) -> None:  # noqa: ANN401
    """Make tables and rows in an empty database as they are in another one.

    What is beside tables is left out: see `refuse_more`. The session is good for nothing
    else afterwards.
    """
    cursor.execute(
        "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME "
        "FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = %s",
        (database,),
    )
    ((characters, collation),) = cursor.fetchall()
    cursor.execute(
        f"ALTER DATABASE {_quoted(into)} CHARACTER SET {characters} COLLATE {collation}"
    )
    cursor.execute(f"USE {_quoted(into)}")
    cursor.execute("SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'")
    for table in _tables(cursor, database):
        source = f"{_quoted(database)}.{_quoted(table)}"
        cursor.execute(f"SHOW CREATE TABLE {source}")
        cursor.execute(cursor.fetchone()[1])
        columns = ", ".join(map(_quoted, _stored(cursor, database, table)))
        cursor.execute(
            f"INSERT INTO {_quoted(table)} ({columns}) SELECT {columns} FROM {source}"  # noqa: S608
        )
    cursor.execute("COMMIT")


def _tables(cursor: Any, database: str) -> list[str]:  # noqa: ANN401
    cursor.execute(
        "SELECT TABLE_NAME FROM information_schema.TABLES "
        "WHERE TABLE_SCHEMA = %s ORDER BY TABLE_NAME",
        (database,),
    )
    return [name for (name,) in cursor.fetchall()]


def _stored(cursor: Any, database: str, table: str) -> list[str]:  # noqa: ANN401
    """Return the columns that a row is made of: all but those that are calculated."""
    cursor.execute(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %s "
        "AND TABLE_NAME = %s AND coalesce(GENERATION_EXPRESSION, '') = '' "
        "ORDER BY ORDINAL_POSITION",
        (database, table),
    )
    return [name for (name,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
