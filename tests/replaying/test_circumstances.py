"""A replay in bad circumstances: what is told, what is kept, and what is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from harness.databases import DatabaseRefused, backend_named
from harness.journal.files import StorageError
from harness.journal.replay import ReplayJournal
from harness.model.replay import End, PlayedStep
from harness.replaying.lens import Lens
from tests.replaying.conftest import (
    BOOKS,
    SHELF,
    Played,
    Script,
    Write,
    write_alembic,
)
from tests.running import Servers

Play = Callable[..., Played]
ASIDE = "run('CREATE TABLE aside (id INTEGER)')"
FOR_EVER = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT max(x) FROM n"
)


@pytest.mark.parametrize(
    ("ends", "how"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import os; os.fork() or time.sleep(600); os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
    ],
)
def test_how_the_process_ended_is_told_at_once(
    tmp_path: Path, play: Play, ends: str, how: str
) -> None:
    """By which code or signal, what the step left behind, and where it crashed."""
    folder = write_alembic(
        tmp_path / "mine", (BOOKS, Script(f"import time; {ASIDE}; {ends}"))
    )

    result, journal = play(folder)

    step = journal.steps()[-1]
    assert result.exit_code == 3, result.output
    assert (step.end, step.seconds < 60) == (End.LOST, True)
    assert step.failure is not None
    assert how in step.failure.words
    assert [change.table for change in step.changes] == ["aside"]
    assert bool(step.failure.line) == (how == "SIGSEGV")


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise RuntimeError('\\udcff no text')", "no text"),
        ("raise type('Mute', (Exception,), {'__str__': None})", "Mute"),
        ("import os; os.fork(); raise RuntimeError('twice')", "twice"),
    ],
)
def test_whatever_a_script_raises_is_a_failed_step(
    tmp_path: Path, write: Write, play: Play, raised: str, said: str
) -> None:
    """Also what is no error, cannot be said, or is raised in a copy of the process."""
    folder = write(tmp_path / "mine", (BOOKS, Script(raised)))

    result, journal = play(folder)

    (*_, step) = journal.steps()
    assert result.exit_code == 3, result.output
    assert step.end is End.FAILED
    assert step.failure is not None
    assert said in step.failure.words
    assert step.failure.line


def test_where_a_step_hung_is_told(tmp_path: Path, write: Write, play: Play) -> None:
    """The line of its script, the statement under way, and the limit.

    Once it is mended, the replay goes on from there.
    """
    folder = write(tmp_path / "mine", (BOOKS, Script(f"run({FOR_EVER!r})")))

    result, journal = play(folder, "--step-limit", "4")

    failure = journal.steps()[-1].failure
    assert result.exit_code == 3
    assert failure is not None
    assert "longer than 4 s" in failure.words
    assert failure.statement == FOR_EVER
    source = Path(journal.steps()[-1].script).read_text().splitlines()
    assert FOR_EVER in source[failure.line - 1]
    script = Path(journal.steps()[-1].script)
    script.write_text(script.read_text().replace(FOR_EVER, "SELECT 1"))
    assert play(folder, "--resume").result.exit_code == 0


def test_what_a_script_starts_ends_with_it(tmp_path: Path, play: Play) -> None:
    """A process with a session and variables of its own is no way out."""
    away = tmp_path / "away"
    leaves = Script(
        "import subprocess; subprocess.Popen("
        f"['setsid', 'sh', '-c', 'echo $$ > {away}; exec sleep 600'], env={{}}); "
        f"import os, time; [time.sleep(.1) for _ in range(99) if not os.path.exists({str(away)!r})]"
    )

    result, _ = play(write_alembic(tmp_path / "mine", (leaves, BOOKS)))

    assert result.exit_code == 0, result.output
    assert not psutil.pid_exists(int(away.read_text()))


def test_scripts_that_change_their_own_folder_are_told(
    tmp_path: Path, play: Play
) -> None:
    """The repository is the user's: what a script writes there is named in a note."""
    writes = Script("import pathlib; pathlib.Path(__file__).with_name('new').touch()")

    _, journal = play(write_alembic(tmp_path / "mine", (BOOKS, writes)))

    assert "changed as it was played: new" in journal.record().notes[-1]


def test_a_lock_that_a_step_leaves_is_told(
    tmp_path: Path, write: Write, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the database cannot be read after a step, that step failed, and says why."""
    look = Lens.look
    tried: list[str] = []

    def locked(self: Lens, *heard: object) -> object:
        tried.append("look")
        if len(tried) == 2:
            message = "no answer from the server"
            raise DatabaseRefused(message)
        return look(self, *heard)  # type: ignore[arg-type]

    monkeypatch.setattr(Lens, "look", locked)

    result, journal = play(write(tmp_path / "mine", (BOOKS, Script(ASIDE), SHELF)))

    (*_, step) = journal.steps()
    assert result.exit_code == 3
    assert step.number == 2
    assert step.failure is not None
    assert "no answer from the server. A session" in step.failure.words
    assert [change.table for change in step.changes] == ["aside"]


def test_a_disk_that_fills_up_loses_nothing_that_was_played(
    tmp_path: Path, write: Write, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is named, and the replay goes on from there when there is room."""
    append = ReplayJournal.append

    def full(self: ReplayJournal, step: PlayedStep) -> None:
        if step.number == 2:
            message = "steps.jsonl cannot be written: No space left on device"
            raise StorageError(message)
        append(self, step)

    folder = write(tmp_path / "mine", (BOOKS, SHELF))
    with monkeypatch.context() as there:
        there.setattr(ReplayJournal, "append", full)
        result, journal = play(folder)
        assert result.exit_code == 1
        assert "No space left" in result.output
        assert journal.record().status == "interrupted"

    resumed, journal = play(folder, "--resume")

    assert resumed.exit_code == 0, resumed.output
    assert [step.number for step in journal.steps()] == [1, 2]


def test_a_folder_without_a_replay_cannot_be_resumed(
    tmp_path: Path, play: Play
) -> None:
    """It is named before anything is set up, and not made."""
    result, journal = play(write_alembic(tmp_path / "mine", (BOOKS,)), "--resume")

    assert result.exit_code == 2
    assert "holds no replay: leave out --resume" in result.output
    assert not journal.directory.exists()


def test_an_interrupted_replay_keeps_what_was_played(
    tmp_path: Path, python: str, play: Play
) -> None:
    """Asked twice to end, it tells what there is, leaves nothing, and goes on later."""
    slow = Script(
        "import os, time; open(os.environ['MARK'], 'w').close(); time.sleep(60)"
    )
    folder = write_alembic(tmp_path / "mine", (BOOKS, slow))
    output, mark = tmp_path / "output", tmp_path / "mark"
    command = Path(sys.executable).with_name("migration-compare")
    argv = [command, "replay", folder, "--python", python, "--output", output]
    process = subprocess.Popen(
        [*argv, "--env", f"MARK={mark}"], stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    started = psutil.Process(process.pid).children(recursive=True)

    for _ in range(2):
        process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "--resume" in said
    assert not any(one.is_running() for one in started)
    assert "interrupted" in (output / "replay.md").read_text()
    script = folder / "versions" / "r2_step.py"
    script.write_text(script.read_text().replace("sleep(60)", "sleep(0)"))
    result, journal = play(folder, "--resume", "--env", f"MARK={mark}")
    assert result.exit_code == 0, result.output
    assert [step.number for step in journal.steps()] == [1, 2]


def test_a_server_that_ends_is_not_held_against_the_history(
    tmp_path: Path, python: str, servers: Servers
) -> None:
    """No step failed; the replay could not be played on, and says where and why."""
    if backend_named("postgresql").absence is None:
        servers.backend("postgresql")
    kills = Script("run(\"COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'\")")
    folder = write_alembic(tmp_path / "mine", (BOOKS, kills))
    output = tmp_path / "output"
    command = Path(sys.executable).with_name("migration-compare")
    argv = [command, "replay", folder, "--python", python, "--output", output]

    ended = subprocess.run(
        [*argv, "--backend", "postgresql"],
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("MIGRATION_C")},
    )

    journal = ReplayJournal(output)
    assert ended.returncode == 1, ended.stderr
    assert "up r2" in ended.stderr
    assert "the postgresql server ended" in ended.stderr
    assert journal.record().status == "interrupted"
    assert [step.end for step in journal.steps()] == [End.DONE]
