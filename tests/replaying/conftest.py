"""Small histories of both tools, and the command line that plays them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from adapters.toolchains import COMMON
from harness import toolchains
from harness.cli import main
from harness.journal.replay import ReplayJournal
from harness.replaying import replay
from tests.running import Servers

CREATE = "CREATE TABLE books (id INTEGER NOT NULL PRIMARY KEY, title VARCHAR(20))"


class Script(NamedTuple):
    """A script of a history: what it runs upwards and downwards, as Python.

    `run(sql)` sends a statement; no `down` leaves the downgrade out.
    """

    up: str
    down: str | None = None


BOOKS = Script(f"run({CREATE!r})", "run('DROP TABLE books')")
ROWS = Script(
    "run(\"INSERT INTO books VALUES (1, 'a'), (2, 'b')\")", "run('DELETE FROM books')"
)
SHELF = Script(
    "run('ALTER TABLE books ADD COLUMN shelf VARCHAR(9)')",
    "run('ALTER TABLE books DROP COLUMN shelf')",
)


def write_alembic(folder: Path, scripts: tuple[Script, ...]) -> Path:
    """Write a repository whose environment script must not be run."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("raise SystemExit('env.py was run')\n")
    for number, script in enumerate(scripts, start=1):
        before = f"'r{number - 1}'" if number > 1 else "None"
        head = (
            f'"""step {number}"""\nfrom alembic import op\n'
            f"revision = 'r{number}'\ndown_revision = {before}\n"
            "run = op.execute\n"
        )
        text = head + functions(script, "")
        (folder / "versions" / f"r{number}_step.py").write_text(text)
    return folder


def write_migrate(folder: Path, scripts: tuple[Script, ...]) -> Path:
    """Write a repository whose first number is not 1."""
    (folder / "versions").mkdir(parents=True)
    (folder / "migrate.cfg").write_text(
        "[db_settings]\nrepository_id=mine\nversion_table=migrate_version\n"
        "required_dbs=[]\n"
    )
    for number, script in enumerate(scripts, start=7):
        text = "\n" * 5 + functions(script, "engine", "    run = engine.execute\n")
        (folder / "versions" / f"{number:03}_step.py").write_text(text)
    return folder


def functions(script: Script, argument: str, begin: str = "") -> str:
    """Return the source of the two functions, or of one."""
    text = f"def upgrade({argument}):\n{begin}    {script.up}\n"
    if script.down is not None:
        text += f"def downgrade({argument}):\n{begin}    {script.down}\n"
    return text


Write = Callable[[Path, tuple[Script, ...]], Path]


@pytest.fixture(params=[write_alembic, write_migrate])
def write(request: pytest.FixtureRequest) -> Write:
    """Return what writes a history, for each tool in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def python() -> str:
    """Return a Python that has both tools."""
    return toolchains.build(COMMON).python


@pytest.fixture(autouse=True)
def _servers_run_already(monkeypatch: pytest.MonkeyPatch, servers: Servers) -> None:
    """Have replays use the servers of this worker, of which there is one a kind."""
    monkeypatch.setattr(replay, "serving", servers.serving)


class Played(NamedTuple):
    """What a command came to, and the journal it left."""

    result: Result
    journal: ReplayJournal


@pytest.fixture
def play(tmp_path: Path, python: str) -> Callable[..., Played]:
    """Return what plays a history by the command line."""

    def played(folder: Path | str, *options: str) -> Played:
        output = tmp_path / "output"
        arguments = [str(folder), "--python", python, "--output", str(output)]
        result = CliRunner().invoke(main, ["replay", *arguments, *options])
        return Played(result, ReplayJournal(output))

    return played
