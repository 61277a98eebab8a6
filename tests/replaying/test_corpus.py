"""The histories of real projects: a catalogue, and playing what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.cli import corpus as command
from harness.cli import main
from harness.journal.corpus import read_corpus_run
from harness.model.corpus import Lineage
from harness.model.replay import Replay
from harness.replaying import corpus, replay
from harness.replaying.corpus import read, shipped
from harness.replaying.environment import Established, Wanted
from harness.replaying.replay import Asked
from tests.replaying.conftest import (
    BOOKS,
    ROWS,
    SHELF,
    Script,
    write_alembic,
    write_migrate,
)

ENTRY = """
[[histories]]
name = "{name}"
tool = "{tool}"
requirements = ["project==1.0"]
place = "{place}"
steps = {steps}
backends = ["sqlite"]
same_end = "{same_end}"
"""


@pytest.fixture(autouse=True)
def _common(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    """Have every history played in an environment that is there."""

    def environment(_: Wanted) -> Established:
        return Established(python)

    monkeypatch.setattr(replay, "environment", environment)


def run(tmp_path: Path, entries: str, *arguments: str) -> Result:
    """Play histories of a catalogue with these entries."""
    catalogue = tmp_path / "corpus.toml"
    catalogue.write_text(entries)
    options = ("--catalogue", str(catalogue), "--output", str(tmp_path / "out"))
    return CliRunner().invoke(main, ["corpus", "run", *arguments, *options])


def test_the_shipped_catalogue_has_histories_of_both_tools() -> None:
    """Every history says where it lies, what it needs, and up to which date."""
    entries = read(shipped())

    assert len({entry.tool for entry in entries}) == 2
    assert all(entry.until and entry.steps and entry.backends for entry in entries)
    listed = CliRunner().invoke(main, ["corpus", "list"])
    assert [line for line in listed.output.splitlines() if line.startswith("nova20:")]


def test_ends_that_are_to_be_alike_are_compared(tmp_path: Path) -> None:
    """Two histories of one project are played, and how their ends differ is told."""
    old = write_migrate(tmp_path / "old", (BOOKS, SHELF))
    new = write_alembic(tmp_path / "new", (BOOKS, ROWS))
    entries = ENTRY.format(
        name="old", tool="sqlalchemy-migrate", place=old, steps=2, same_end="new"
    ) + ENTRY.format(name="new", tool="alembic", place=new, steps=2, same_end="")

    result = run(tmp_path, entries, "old", "new")

    page = (tmp_path / "out" / "corpus.md").read_text()
    assert result.exit_code == 0, result.output
    assert "old and new on sqlite: 1 differences" in page
    assert "`− column books.shelf`" in page


def test_what_played_histories_are_like_is_recorded(tmp_path: Path) -> None:
    """The shape as it is read, each step's cost, and what the ends differ in."""
    old = write_migrate(tmp_path / "old", (BOOKS, SHELF))
    new = write_alembic(tmp_path / "new", (BOOKS, ROWS))
    second, merging = (new / "versions" / f"{name}.py" for name in ("aside", "merging"))
    second.write_text(
        "revision = 'aside'\ndown_revision = 'r1'\ndef upgrade():\n    pass\n"
    )
    merging.write_text(
        "revision = 'merging'\ndown_revision = ('r2', 'aside')\n"
        "def upgrade():\n    pass\n"
    )
    entries = ENTRY.format(
        name="old", tool="sqlalchemy-migrate", place=old, steps=2, same_end="new"
    ) + ENTRY.format(name="new", tool="alembic", place=new, steps=4, same_end="")

    result = run(tmp_path, entries, "old", "new")

    record = read_corpus_run(tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert record is not None
    assert [one.lineage for one in record.played] == [
        Lineage(revisions=2, merges=0, branch_points=0, heads=1, bases=1),
        Lineage(revisions=4, merges=1, branch_points=1, heads=1, bases=1),
    ]
    assert [len(one.steps) for one in record.played] == [2, 4]
    assert all(step.seconds > 0 for one in record.played for step in one.steps)
    assert [(one.count, one.kinds) for one in record.ends] == [(1, {"column": 1})]


def test_a_record_is_added_to(tmp_path: Path) -> None:
    """What was played before stays, unless it is played again; both commands are told."""
    folders = [write_alembic(tmp_path / name, (BOOKS,)) for name in ("one", "two")]
    entries = "".join(
        ENTRY.format(name=f.name, tool="alembic", place=f, steps=1, same_end="")
        for f in folders
    )

    run(tmp_path, entries, "one")
    run(tmp_path, entries, "two", "--add")
    result = run(tmp_path, entries, "one", "--add")

    record = read_corpus_run(tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert record is not None
    assert [played.name for played in record.played] == ["two", "one"]
    assert len(record.earlier) == 2
    page = (tmp_path / "out" / "corpus.md").read_text()
    assert page.count(", then `") == 2


def test_the_tool_is_the_catalogues_where_a_folder_looks_like_two(
    tmp_path: Path,
) -> None:
    """A project kept its migrate.cfg beside the env.py of the tool that it went to."""
    both = write_alembic(tmp_path / "both", (BOOKS,))
    (both / "migrate.cfg").write_text(
        "[db_settings]\nrepository_id=mine\nversion_table=alembic_version\n"
    )
    entry = ENTRY.format(name="both", tool="alembic", place=both, steps=1, same_end="")

    result = run(tmp_path, entry, "both")

    assert result.exit_code == 0, result.output
    assert "both on sqlite: went through" in result.output


def test_a_history_that_fails_does_not_keep_others_from_being_played(
    tmp_path: Path,
) -> None:
    """One that fails and one that is not there are told, and the next one is played."""
    fails = write_alembic(tmp_path / "fails", (BOOKS, Script("run('nonsense')")))
    works = write_alembic(tmp_path / "works", (BOOKS,))
    entries = "".join(
        ENTRY.format(name=name, tool="alembic", place=place, steps=steps, same_end="")
        for name, place, steps in (
            ("fails", fails, 2),
            ("gone", tmp_path / "gone", 1),
            ("works", works, 1),
        )
    )

    result = run(tmp_path, entries, "fails", "gone", "works")

    assert result.exit_code == 1
    assert "fails on sqlite: failed at r2" in result.output
    assert "gone on sqlite: not played" in result.output
    assert "works on sqlite: went through" in result.output


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("histories = 3", "no catalogue of histories"),
        ("[[histories]]\nname = 'a'", "missing required field"),
        (2 * ENTRY.format(name="a", tool="t", place="p", steps=1, same_end=""), "'a'"),
        ("histories = []", "there is no history"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused(
    tmp_path: Path, entries: str, said: str
) -> None:
    """A malformed catalogue and an unknown name are bad input."""
    result = run(tmp_path, entries, "b")

    assert result.exit_code == 2
    assert said in result.output


def test_every_command_takes_a_history_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`corpus:NAME` brings place, scripts and last step; the user's options come first."""
    place = write_alembic(tmp_path / "old", (BOOKS, SHELF, ROWS))
    entry = ENTRY.format(name="old", tool="alembic", place=place, steps=2, same_end="")
    catalogue = tmp_path / "corpus.toml"
    catalogue.write_text(entry + 'stop_at = "r2"\n')
    monkeypatch.setattr(corpus, "shipped", lambda: catalogue)

    def said(command: str, *options: str) -> str:
        result = CliRunner().invoke(main, [command, "corpus:old", *options])
        return f"{result.exit_code}: {result.output}"

    output = ("--output", str(tmp_path / "out"))
    assert "up r3" not in said("replay", *output)
    assert "up r3" in said("replay", "--stop-at", "r3", *output)
    assert said("step", "--at", "r2").startswith("0: ")
    assert "3 revisions" in said("assess")
    refused = said("replay", "--until", "2020-01-01", "--interpreter", "3.8")
    assert refused.startswith("2: ")
    assert "leave out --until and --interpreter" in refused


def test_what_was_played_is_recorded_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interruption loses the history that is played, and those before it are told."""
    folder = write_alembic(tmp_path / "one", (BOOKS, ROWS))
    one = ENTRY.format(name="one", tool="alembic", place=folder, steps=2, same_end="")
    two = ENTRY.format(name="two", tool="alembic", place=folder, steps=2, same_end="")
    play = command.replayed

    def interrupted(asked: Asked, *given: Any, **options: Any) -> Replay:
        if (tmp_path / "out" / "corpus.json").exists():
            raise KeyboardInterrupt
        return play(asked, *given, **options)

    monkeypatch.setattr(command, "replayed", interrupted)

    result = run(tmp_path, one + two, "one", "two")

    record = read_corpus_run(tmp_path / "out")
    assert result.exit_code == 130
    assert record is not None
    assert [played.name for played in record.played] == ["one"]
    assert "one" in (tmp_path / "out" / "corpus.md").read_text()
