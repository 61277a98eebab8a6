"""The names of migrations' files, as a directory shows them."""

from __future__ import annotations

from harness.judgement.listing import files
from harness.model.cell import Cell
from harness.model.evidence import OK, Evidence, FileChange, Observation, Status
from harness.model.steps import Author, Delete, Migration, Redo, Step


def seen(step: Step, *changes: tuple[str, ...]) -> Observation:
    """Return an observation with changes: status, path, and the former path."""
    made = tuple(FileChange(c[1], c[0], 1, 0, *c[2:]) for c in changes)
    return Observation(step, OK, 0.1, changes=made)


def listed(*observations: Observation) -> tuple[str, ...]:
    """Return the files that a story leaves."""
    return files(
        Evidence(
            cell=Cell("changes/a", "one", "t", "sqlite"),
            digest="d",
            status=Status.ESTABLISHED,
            mode="forked",
            observations=observations,
            seconds=1.0,
        )
    )


WRITE = Author(Migration("a"))


def test_each_migration_is_one_file_in_the_order_of_writing() -> None:
    """Tests, SQL files beside a script, and files that are changed do not count."""
    found = listed(
        seen(WRITE, ("A", "h/versions/2_a.py"), ("M", "h/versions/HEAD")),
        seen(WRITE, ("A", "tests/test_b.py"), ("A", "h/versions/1_b.py")),
        seen(WRITE, ("A", "h/versions/3_c.py"), ("A", "h/versions/3_c_up.sql")),
    )

    assert found == ("2_a.py", "1_b.py", "3_c.py")


def test_what_is_deleted_is_gone_and_what_is_renamed_keeps_its_place() -> None:
    """The listing is that of the end."""
    found = listed(
        seen(WRITE, ("A", "v/1_a.py")),
        seen(WRITE, ("A", "v/2_b.py")),
        seen(WRITE, ("A", "v/2_c.py")),
        seen(Redo("c"), ("R", "v/3_c.py", "v/2_c.py")),
        seen(Delete("b"), ("D", "v/2_b.py")),
    )

    assert found == ("1_a.py", "3_c.py")


def test_a_story_without_files_has_no_listing() -> None:
    """Nothing was written."""
    assert listed() == ()
