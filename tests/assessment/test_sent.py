"""What statements lock or rewrite, going by the form in which they were sent."""

from __future__ import annotations

import pytest

from harness.assessment.sent import sent_locks
from harness.model.locks import Effect, Lock
from harness.model.replay import Direction, End, PlayedStep, Statement


def locks(backend: str, *statements: str, direction: str = "up") -> list[Lock]:
    """Return what one step's statements come to."""
    step = PlayedStep(
        number=1,
        id="2",
        direction=Direction(direction),
        script="002.py",
        end=End.DONE,
        statements=tuple(Statement(text, 0.0) for text in statements),
    )
    return list(sent_locks(backend, step))


@pytest.mark.parametrize(
    ("backend", "statement", "effect"),
    [
        ("postgresql", "ALTER TABLE a ALTER COLUMN b TYPE BIGINT", Effect.REWRITES),
        ("postgresql", "ALTER TABLE a ALTER COLUMN b SET NOT NULL", Effect.SCANS),
        ("postgresql", "CREATE INDEX i ON a (b)", Effect.BLOCKS),
        ("mysql", "ALTER TABLE a MODIFY b BIGINT", Effect.REWRITES),
        ("sqlite", "CREATE INDEX i ON a (b)", Effect.BLOCKS),
    ],
)
def test_a_statement_on_a_table_that_was_there(
    backend: str, statement: str, effect: Effect
) -> None:
    """Each is told with its table, and the page of the manual."""
    (found,) = locks(backend, statement)

    assert (found.table, found.effect) == ("a", effect)
    assert found.source.startswith("https://")


@pytest.mark.parametrize(
    "statements",
    [
        (
            "CREATE TABLE _alembic_tmp_a (id INTEGER)",
            "INSERT INTO _alembic_tmp_a (id) SELECT a.id FROM a",
            "DROP TABLE a",
            "ALTER TABLE _alembic_tmp_a RENAME TO a",
        ),
        (
            "ALTER TABLE a RENAME TO migration_tmp",
            "CREATE TABLE a (id INTEGER)",
            "INSERT INTO a SELECT * from migration_tmp",
            "DROP TABLE migration_tmp",
        ),
    ],
)
def test_a_table_that_is_copied_is_rewritten(statements: tuple[str, ...]) -> None:
    """Both tools' ways of changing a table on SQLite are told with the table's name."""
    (found,) = locks("sqlite", *statements)

    assert (found.table, found.effect) == ("a", Effect.REWRITES)


def test_what_holds_nobody_up_is_left_out() -> None:
    """A table that the step made itself, a way back, and CONCURRENTLY."""
    made = ("CREATE TABLE a (b INT)", "CREATE INDEX i ON a (b)")

    assert locks("postgresql", *made) == []
    assert locks("postgresql", "CREATE INDEX CONCURRENTLY i ON a (b)") == []
    assert locks("postgresql", "CREATE INDEX i ON a (b)", direction="down") == []
