"""A real history is played under its own tool, and every step is told."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.difference import DifferenceKind
from harness.model.replay import Direction, End
from harness.replaying import place
from tests.replaying.conftest import (
    BOOKS,
    CREATE,
    ROWS,
    SHELF,
    Played,
    Script,
    Write,
    write_alembic,
)

Play = Callable[..., Played]


def content(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files}


def test_each_step_tells_statements_rows_and_changes(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """What a step sent, wrote and changed is recorded, and the repository is as it was."""
    folder = write(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    before = content(folder)

    result, journal = play(folder)

    steps = journal.steps()
    assert result.exit_code == 0, result.output
    assert journal.record().status == "whole"
    assert [step.end for step in steps] == [End.DONE] * 3
    assert [c.kind for c in steps[0].changes] == [DifferenceKind.UNEXPECTED_TABLE]
    assert steps[1].rows_changed == 2
    assert steps[1].rows == {"books": (0, 2)}
    assert next((c.kind, c.subject) for c in steps[2].changes) == (
        DifferenceKind.UNEXPECTED_COLUMN,
        "shelf",
    )
    assert any("ALTER TABLE books" in one.text for one in steps[2].statements)
    assert content(folder) == before


@pytest.mark.parametrize("backend", ["postgresql", "mysql"])
def test_servers_play_it_too(
    tmp_path: Path, write: Write, play: Play, backend: str
) -> None:
    """On a server the same steps make the same changes."""
    folder = write(tmp_path / "mine", (BOOKS, ROWS, SHELF))

    result, journal = play(folder, "--backend", backend)

    assert result.exit_code == 0, result.output
    assert [step.rows_changed for step in journal.steps()] == [0, 2, 0]
    state = journal.state()
    assert state is not None
    (table,) = state.tables
    assert [column.name for column in table.columns] == ["id", "title", "shelf"]


def test_types_are_made_as_often_as_by_the_tool_itself(
    tmp_path: Path, play: Play
) -> None:
    """One run over several makes a type once, commands of one step each make it again."""
    makes = "import sqlalchemy as sa; op.create_table({!r}, sa.Column('a', {}))"
    kind = "sa.Enum('x', 'y', name='kind')"
    first = Script(
        makes.format("a", kind), "run('DROP TABLE a'); run('DROP TYPE kind')"
    )
    second = Script(makes.format("b", kind), "run('DROP TABLE b')")
    folder = write_alembic(tmp_path / "mine", (first, second))

    whole, _ = play(folder, "--backend", "postgresql")
    walked, journal = play(folder, "--backend", "postgresql", "--walk")

    assert whole.exit_code == 0, whole.output
    assert walked.exit_code == 3
    failure = journal.steps()[-1].failure
    assert failure is not None
    assert 'type "kind" already exists' in failure.words


def test_what_goes_past_sqlalchemy_is_seen(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """A statement on the driver's own cursor is the only one of its step."""
    past = Script(
        "raw = engine.raw_connection() if 'engine' in dir() "
        "else op.get_bind().connection; "
        "raw.cursor().execute(\"INSERT INTO books VALUES (3, 'c')\"); raw.commit()"
    )
    folder = write(tmp_path / "mine", (BOOKS, past))

    result, journal = play(folder, "--backend", "mysql")

    assert result.exit_code == 0, result.output
    assert journal.steps()[1].rows == {"books": (0, 1)}


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("mysql", "SET @n = 3; INSERT INTO books VALUES (@n, 'c')"),
        (
            "postgresql",
            "WITH one AS (INSERT INTO books VALUES (3, 'c') RETURNING id) "
            "SELECT id FROM one",
        ),
    ],
)
def test_what_begins_as_if_it_read_is_looked_at(
    tmp_path: Path, play: Play, backend: str, words: str
) -> None:
    """Several statements sent at once, and a query that writes, change something."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, Script(f"run({words!r})")))

    result, journal = play(folder, "--backend", backend)

    assert result.exit_code == 0, result.output
    assert journal.steps()[1].rows == {"books": (0, 1)}


def test_what_a_failed_statement_did_is_seen(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """A script that goes on after an error may have changed something with it."""
    half = Script(
        "import contextlib\n"
        "    with contextlib.suppress(Exception): run('DROP TABLE books, nil')\n"
        "    run('CREATE TABLE aside (id INTEGER)')"
    )
    folder = write(tmp_path / "mine", (BOOKS, half))

    result, journal = play(folder, "--backend", "mysql")

    assert result.exit_code == 0, result.output
    assert {c.table for c in journal.steps()[1].changes} == {"books", "aside"}


def test_a_failure_names_script_line_and_statement(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """A step that fails is told with all that is known, and what it left behind."""
    fails = Script(
        "run('CREATE TABLE left_behind (id INTEGER)'); run('DROP TABLE nil')"
    )
    folder = write(tmp_path / "mine", (BOOKS, fails, SHELF))

    result, journal = play(folder)

    assert result.exit_code == 3
    step = journal.steps()[-1]
    failure = step.failure
    assert failure is not None
    source = Path(step.script).read_text().splitlines()
    assert "DROP TABLE nil" in source[failure.line - 1]
    assert failure.statement == "DROP TABLE nil"
    assert "nil" in failure.words
    assert "DROP TABLE nil" in (journal.directory / "replay.md").read_text()
    assert [c.table for c in step.changes] == ["left_behind"]


def test_a_history_that_does_not_begin_at_nothing_is_helped(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """Where the first step fails, it is said how tables from elsewhere are made."""
    folder = write(tmp_path / "mine", (SHELF, ROWS))

    fails, _ = play(folder)
    helped, _ = play(
        folder,
        "--before",
        "from sqlalchemy import text\nwith engine.begin() as connection:\n"
        f"    connection.execute(text({CREATE!r}))",
    )

    assert (fails.exit_code, "--before" in fails.output) == (3, True)
    assert "--before" not in helped.output


@pytest.mark.parametrize(
    "ends", ["raise SystemExit(3)", "import os; os._exit(3)", "raise KeyError('x')"]
)
def test_a_script_that_ends_the_process_is_a_failed_step(
    tmp_path: Path, write: Write, play: Play, ends: str
) -> None:
    """However a script ends, the step is told as failed, and the command ends well."""
    folder = write(tmp_path / "mine", (BOOKS, Script(ends)))

    result, journal = play(folder)

    assert result.exit_code == 3
    assert journal.steps()[-1].end in (End.FAILED, End.LOST)
    assert "Traceback" not in result.output


def test_a_step_that_takes_too_long_is_ended(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """The limit on a step ends its process, and the step says so."""
    folder = write(tmp_path / "mine", (BOOKS, Script("import time; time.sleep(600)")))

    result, journal = play(folder, "--step-limit", "10")

    assert result.exit_code == 3
    assert journal.steps()[-1].end is End.TIMED_OUT


def test_a_walk_tells_what_a_downgrade_does_not_undo(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """Down and up again: what is not as it was before is listed with the step."""
    forgets = Script(SHELF.up, "pass")
    folder = write(tmp_path / "mine", (BOOKS, ROWS, forgets))

    _, journal = play(folder, "--walk")

    steps = journal.steps()
    ways = [(step.direction, bool(step.uneven)) for step in steps[:7]]
    assert (
        ways[:6]
        == [
            (Direction.UP, False),
            (Direction.DOWN, False),
            (Direction.UP, False),
        ]
        * 2
    )
    down = steps[7]
    assert next((c.kind, c.subject) for c in down.uneven) == (
        DifferenceKind.UNEXPECTED_COLUMN,
        "shelf",
    )
    assert "Not as it was before" in (journal.directory / "replay.md").read_text()


def test_a_walk_goes_all_the_way_down_where_there_is_a_way(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """In the end the database is empty again, if every step has a downgrade."""
    _, journal = play(write(tmp_path / "mine", (BOOKS, ROWS, SHELF)), "--walk")

    assert len(journal.steps()) == 3 * 3 + 3
    state = journal.state()
    assert state is not None
    assert (state.tables, state.rows) == ((), ())


def test_a_missing_downgrade_is_no_failure(
    tmp_path: Path, write: Write, play: Play
) -> None:
    """A history without ways back is walked as far as it goes."""
    folder = write(tmp_path / "mine", (BOOKS, Script(ROWS.up)))

    result, journal = play(folder, "--walk")

    assert result.exit_code == 0
    assert journal.record().status == "whole"
    assert journal.steps()[-1].end is End.NO_WAY_BACK


def test_a_replay_stops_and_goes_on(tmp_path: Path, write: Write, play: Play) -> None:
    """Stopped and resumed, it comes to the same database as in one go."""
    folder = write(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    second = play(folder).journal.record().steps[1].id
    whole = play(folder).journal.state()

    _, stopped = play(folder, "--stop-at", second)
    halfway = stopped.record().status, len(stopped.steps())
    result, journal = play(folder, "--resume")

    assert halfway == ("stopped", 2)
    assert result.exit_code == 0, result.output
    assert journal.state() == whole
    assert [step.number for step in journal.steps()] == [1, 2, 3]


def test_a_step_that_is_not_there_is_refused_before_anything_is_written(
    tmp_path: Path, play: Play
) -> None:
    """No earlier replay is lost by it, and nobody is told to go on with one."""
    result, journal = play(
        write_alembic(tmp_path / "mine", (BOOKS,)), "--stop-at", "zz"
    )

    assert result.exit_code == 2
    assert "'zz' is no step of the history" in result.output
    assert "--resume" not in result.output
    assert not journal.begun


def test_a_history_that_changed_is_not_gone_on_with(tmp_path: Path, play: Play) -> None:
    """What was played before stays as it was, and one remedy is named, not two."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, SHELF))
    _, journal = play(folder, "--stop-at", "r1")
    script = folder / "versions" / "r1_step.py"
    script.write_text(script.read_text().replace("books", "booklets"))
    before = journal.record()

    result, journal = play(folder, "--resume")

    assert result.exit_code != 0
    assert "Leave out --resume" in result.output
    assert "--resume goes on" not in result.output
    assert journal.record() == before


def test_stopping_in_a_branch_plays_what_the_step_rests_on(
    tmp_path: Path, play: Play
) -> None:
    """Steps of another branch are left out, as the tool itself leaves them out."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    last = folder / "versions" / "r3_step.py"
    last.write_text(last.read_text().replace("'r2'", "'r1'"))

    for end in ("r2", "r3"):
        _, journal = play(folder, "--stop-at", end)
        assert [step.id for step in journal.steps()] == ["r1", end]


def test_scripts_have_no_network_and_no_home(tmp_path: Path, play: Play) -> None:
    """A script reaches neither this machine's sockets nor the user's home."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reaches = Script(
            f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        )
        folder = write_alembic(tmp_path / "mine", (reaches,))
        result, journal = play(folder)
        failure = journal.steps()[0].failure
    homely = Script(f"import os; assert os.environ['HOME'] != {str(Path.home())!r}")
    home, _ = play(write_alembic(tmp_path / "other", (homely,)))

    assert result.exit_code == 3
    assert failure is not None
    assert "unreachable" in failure.words or "taken away" in failure.words
    assert home.exit_code == 0, home.output


def test_a_package_is_found_and_not_imported(
    tmp_path: Path, python: str, play: Play
) -> None:
    """PACKAGE:FOLDER is looked for on the path of the environment."""
    there, _ = play("json:tool.py")
    gone, _ = play("no_such_package:folder")

    assert (there.exit_code, gone.exit_code) == (2, 2)
    assert "has the package json" in there.output
    assert "install the package" in gone.output
    assert python in gone.output


def test_settings_of_a_package_are_found(
    tmp_path: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PACKAGE:FILE.ini is looked for where PACKAGE:FOLDER is."""
    write_alembic(tmp_path / "project" / "migrations", (BOOKS,))
    settings = tmp_path / "project" / "alembic.ini"
    settings.write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    monkeypatch.setattr(place, "_search_path", lambda _: [str(tmp_path)])

    result, _ = play("project:alembic.ini")

    assert result.exit_code == 0, result.output


def test_what_the_tool_warns_of_is_told(tmp_path: Path, play: Play) -> None:
    """A file that the tool drops with a warning is not dropped without a word."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS))
    versions = folder / "versions"
    (versions / "other.py").write_text((versions / "r2_step.py").read_text())

    result, journal = play(folder)

    assert "r2 is present more than once" in result.output
    assert "more than once" in (journal.directory / "replay.md").read_text()


def test_a_parent_that_is_not_there_is_named(tmp_path: Path, play: Play) -> None:
    """The tool's warning comes with its error, which alone would say too little."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS))
    (folder / "versions" / "r1_step.py").unlink()

    result, _ = play(folder)

    assert result.exit_code == 2
    assert "Revision r1 referenced from r1 -> r2" in result.output


def test_settings_are_read_as_seen_from_their_folder(
    tmp_path: Path, play: Play
) -> None:
    """Relative places in an alembic.ini, and modules of the project, are found."""
    uses = Script("import mine_too; run(mine_too.WORDS)")
    write_alembic(tmp_path / "project" / "migrations", (BOOKS, uses))
    (tmp_path / "project" / "mine_too.py").write_text("WORDS = 'DROP TABLE books'\n")
    settings = tmp_path / "project" / "alembic.ini"
    settings.write_text(
        "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"
        "sqlalchemy.url = sqlite:///never.db\n"
    )

    for named in (settings, settings.parent):
        result, journal = play(named)
        assert result.exit_code == 0, result.output
        assert journal.record().status == "whole"
    assert not list(tmp_path.rglob("never.db"))


def test_a_folder_of_both_tools_needs_the_tool(tmp_path: Path, play: Play) -> None:
    """A repository with leftovers of another tool is played under the one named."""
    folder = write_alembic(tmp_path / "mine", (BOOKS,))
    (folder / "migrate.cfg").write_text("")

    unclear, _ = play(folder)
    clear, journal = play(folder, "--tool", "alembic")

    assert unclear.exit_code == 2
    assert "--tool" in unclear.output
    assert clear.exit_code == 0, clear.output
    assert journal.record().tool == "alembic"


@pytest.mark.parametrize("name", ["absent", "broken"])
def test_an_environment_without_the_tool_is_refused(
    tmp_path: Path, write: Write, name: str
) -> None:
    """A Python that lacks the tool, and a program that is none, are named."""
    folder = write(tmp_path / "mine", (BOOKS,))
    program = {"absent": sys.executable, "broken": str(tmp_path / "python")}[name]
    arguments = ["replay", str(folder), "--python", program]

    result = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path / "out")])

    assert result.exit_code == 2
    assert "--python" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("nothing", "does not exist"),
        ("empty", "no repository"),
        ("bare", "no migration"),
        ("broken", "SyntaxError"),
    ],
)
def test_what_cannot_be_played_is_refused(
    tmp_path: Path, play: Play, made: str, said: str
) -> None:
    """A folder without a history, or with a broken one, is named with the reason."""
    folder = tmp_path / "mine"
    if made == "empty":
        folder.mkdir()
    elif made != "nothing":
        write_alembic(folder, (BOOKS,) if made == "broken" else ())
    if made == "bare":
        (folder / "versions" / "__init__.py").write_text("")
    if made == "broken":
        (folder / "versions" / "r1_step.py").write_text("def upgrade(:\n")

    result, _ = play(folder)

    assert result.exit_code == 2
    assert said in result.output
    assert str(folder) in result.output
    assert "Traceback" not in result.output
