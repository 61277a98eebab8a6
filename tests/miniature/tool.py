"""The tiny tool: `tool.py new NAME`, `list`, `up DB [N]`, `down DB N`, `at DB`, `stamp DB N`."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

FOLDER = Path("steps")


def files() -> dict[int, Path]:
    """Return the numbered files; two of the same number are refused."""
    found: dict[int, Path] = {}
    for path in sorted(FOLDER.glob("*.json")):
        number = int(path.name.split("_")[0])
        if number in found:
            sys.exit(f"miniature: two files of number {number}")
        found[number] = path
    return found


def connect(database: str) -> sqlite3.Connection:
    """Open a database and see that it has the table of the tool."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("CREATE TABLE IF NOT EXISTS miniature (number INTEGER)")
    return connection


def standing(connection: sqlite3.Connection) -> int:
    """Return the number that a database stands at; 0 before the first."""
    row = connection.execute("SELECT number FROM miniature").fetchone()
    return row[0] if row else 0


def record(connection: sqlite3.Connection, number: int) -> None:
    """Write down where a database stands."""
    connection.execute("DELETE FROM miniature")
    if number:
        connection.execute("INSERT INTO miniature VALUES (?)", (number,))


def run(connection: sqlite3.Connection, path: Path, direction: str) -> None:
    """Run the statements of a file, all or none."""
    connection.execute("BEGIN")
    for statement in json.loads(path.read_text())[direction]:
        try:
            connection.execute(statement)
        except sqlite3.Error as error:
            sys.exit(f"miniature: {path.name}: {error}")


def move(database: str, target: int) -> None:
    """Take a database to a number, one file at a time."""
    steps, connection = files(), connect(database)
    at = standing(connection)
    if at and at not in steps:
        sys.exit(f"miniature: the database is at {at}, which is not there")
    going_up = target > at
    numbers = range(at + 1, target + 1) if going_up else range(at, target, -1)
    for number in numbers:
        if number not in steps:
            sys.exit(f"miniature: there is no file of number {number}")
    for number in numbers:
        run(connection, steps[number], "up" if going_up else "down")
        record(connection, number if going_up else number - 1)
        connection.execute("COMMIT")


def main(argv: list[str]) -> None:
    """Do what the command line says."""
    command, *rest = argv
    last = max(files(), default=0)
    if command == "new":
        FOLDER.mkdir(exist_ok=True)
        path = FOLDER / f"{last + 1:03}_{rest[0]}.json"
        path.write_text('{"up": [], "down": []}\n')
        print(path)
    elif command == "list":
        print("\n".join(path.stem for path in files().values()))
    elif command in {"up", "down"}:
        move(rest[0], int(rest[1]) if len(rest) > 1 else last)
    elif command == "at":
        print(standing(connect(rest[0])))
    elif command == "stamp":
        record(connect(rest[0]), int(rest[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
