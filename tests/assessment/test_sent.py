"""What statements lock or rewrite, going by the form in which they were sent."""

from __future__ import annotations

import pytest

from harness.assessment.sent import sent_locks
from harness.model.difference import Difference, DifferenceKind
from harness.model.locks import Effect, Lock
from harness.model.replay import Direction, End, PlayedStep, Statement


def locks(
    backend: str,
    *statements: str,
    direction: str = "up",
    end: End = End.DONE,
    changed: tuple[str, ...] = (),
) -> list[Lock]:
    """Return what one step's statements come to; `changed` is what became of a.b."""
    step = PlayedStep(
        number=1,
        id="2",
        direction=Direction(direction),
        script="002.py",
        end=end,
        statements=tuple(Statement(text, 0.0) for text in statements),
        changes=tuple(Difference(DifferenceKind(kind), "a", "b") for kind in changed),
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


_ANEW = "ALTER TABLE a MODIFY b BIGINT NOT NULL DEFAULT '0'"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("type",), "another type copies the table and keeps writers out"),
        (("type", "nullability"), "another type copies the table"),
        (("nullability", "default"), "rebuilds the table in place; writers go on"),
        (("nullability", "collation"), "may copy the table and keep writers out"),
        ((), "may copy the table and keep writers out"),
    ],
)
@pytest.mark.parametrize("statement", [_ANEW, _ANEW.replace("MODIFY", "CHANGE b")])
def test_a_column_said_anew_is_told_by_what_changed_of_it(
    statement: str, changed: tuple[str, ...], words: str
) -> None:
    """NOT NULL is in the statement either way; what changed is not, or is not known."""
    (found,) = locks("mysql", statement, changed=changed)

    assert words in found.words
    assert found.effect is Effect.REWRITES


def test_a_column_said_anew_for_its_default_holds_nobody_up() -> None:
    """Nor for its comment: both are instant."""
    assert locks("mysql", _ANEW, changed=("default", "comment")) == []


@pytest.mark.parametrize(
    "statements",
    [
        (f"{_ANEW} FIRST",),
        (f"{_ANEW}, ADD c INT",),
        (_ANEW, "ALTER TABLE a MODIFY b BIGINT NULL"),
    ],
)
def test_what_changes_do_not_tell_may_copy_the_table(
    statements: tuple[str, ...],
) -> None:
    """A statement that does more, and a column that a step says anew twice."""
    found = locks("mysql", *statements, changed=("nullability",))

    assert all("may copy the table" in one.words for one in found)
    assert len(found) == len(statements)


def test_a_failed_step_does_not_tell_what_its_statement_would_have_changed() -> None:
    """What is left behind is no measure of what was asked for."""
    (found,) = locks("mysql", _ANEW, end=End.FAILED, changed=("nullability",))

    assert "may copy the table" in found.words
