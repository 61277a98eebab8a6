"""A history is played with the project's own env.py, and in an environment built for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.replaying import environment as building
from harness.replaying import replay
from harness.replaying.environment import Established, Wanted, environment
from harness.replaying.place import ReplayError
from harness.toolchains import CACHE_VARIABLE
from tests.replaying.conftest import (
    BOOKS,
    CREATE,
    ROWS,
    Played,
    Script,
    write_alembic,
    write_migrate,
)
from tests.toolchains.conftest import no_settings, wheelhouse
from tests.toolchains.packages import make_wheel

__all__ = ["no_settings", "wheelhouse"]

Play = Callable[..., Played]

ENV = """\
import os
from logging.config import fileConfig
from alembic import context
from sqlalchemy import create_engine
import library

fileConfig(context.config.config_file_name, disable_existing_loggers=False)
with create_engine(os.environ["LIBRARY_DATABASE"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
SETTINGS = """\
[alembic]
script_location = migrations
sqlalchemy.url = sqlite:///never.db
[loggers]
keys = root
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = WARN
handlers =
"""
CREATES_COUNTS = (
    "from sqlalchemy import text\n"
    "with engine.begin() as connection:\n"
    "    connection.execute(text('CREATE TABLE counts (books INTEGER)'))"
)
COUNTS = Script("import library; run(library.COUNT)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project: settings, an env.py of its own, and a module that lies aside."""
    folder = tmp_path / "project"
    write_alembic(folder / "migrations", (BOOKS, ROWS, COUNTS))
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "alembic.ini").write_text(SETTINGS)
    (folder / "lib").mkdir()
    (folder / "lib" / "library.py").write_text(
        'COUNT = "INSERT INTO counts SELECT count(*) FROM books"\n'
    )
    return folder


@pytest.mark.parametrize(
    ("backend", "below"), [("sqlite", ""), ("postgresql", "migrations")]
)
def test_a_projects_own_env_py_is_run(
    project: Path, play: Play, backend: str, below: str
) -> None:
    """It finds its settings, its modules, the database, and what was there before."""
    result, journal = play(
        project / below,
        *("--own-environment", "--backend", backend),
        *("--env", "LIBRARY_DATABASE={url}"),
        *("--python-path", str(project / "lib")),
        *("--before", CREATES_COUNTS),
    )

    assert result.exit_code == 0, result.output
    assert [step.rows_changed for step in journal.steps()] == [0, 2, 1]
    assert not list(project.rglob("never.db"))


def test_what_goes_wrong_in_an_env_py_is_told_by_its_line(
    project: Path, play: Play
) -> None:
    """No script is blamed for it: the file of the project is named, and the line."""
    lib = ("--python-path", str(project / "lib"))
    result, journal = play(project, "--own-environment", *lib)

    failure = journal.steps()[0].failure
    assert result.exit_code == 3
    assert failure is not None
    assert (failure.kind, failure.line) == ("KeyError", 0)
    assert f"{project / 'migrations' / 'env.py'}, line 8" in failure.words
    told = (journal.directory / "replay.md").read_text()
    assert "--env LIBRARY_DATABASE=VALUE; {url} in it" in told
    assert "--before" not in told


FALLS_BACK = """\
import os
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(os.environ.get("SHOP_DATABASE_URL", {url!r}))
try:
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
except Exception:
    if {loud}:
        raise
"""


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Path, Path]:
    """Write a repository that falls back to a database which has taken its migrations."""
    file = tmp_path / "prod.db"
    with closing(sqlite3.connect(file)) as there:
        there.executescript(
            f"{CREATE}; CREATE TABLE alembic_version (version_num VARCHAR(32));"
            "INSERT INTO books VALUES (7, 'kept'); INSERT INTO alembic_version VALUES ('r1')"
        )
    folder = write_alembic(tmp_path / "shop", (BOOKS, ROWS))
    (folder / "env.py").write_text(FALLS_BACK.format(url=f"sqlite:///{file}", loud=1))
    return folder, file


@pytest.mark.parametrize("loud", [True, False])
def test_an_env_py_that_connects_elsewhere_is_refused_before_a_step(
    shop: tuple[Path, Path], play: Play, loud: bool
) -> None:
    """The user's database stays as it is, also where env.py swallows the refusal."""
    folder, file = shop
    (folder / "env.py").write_text(
        FALLS_BACK.format(url=f"sqlite:///{file}", loud=loud)
    )
    before = file.read_bytes()

    result, journal = play(folder, "--own-environment", "--walk")

    assert result.exit_code == 3
    assert file.read_bytes() == before
    assert f"connects to {file}, not to the database of this replay" in result.output
    assert "--env NAME={url}" in result.output
    assert "--before" not in (journal.directory / "replay.md").read_text()


def test_a_single_step_does_not_reach_another_database_either(
    shop: tuple[Path, Path], python: str
) -> None:
    """Looked at by `step`, the history is held to its own database, too."""
    folder, file = shop
    before = file.read_bytes()
    options = ("--python", python, "--own-environment", "--at", "r2", "--back")

    result = CliRunner().invoke(main, ["step", str(folder), *options])

    assert result.exit_code == 3
    assert file.read_bytes() == before
    assert f"connects to {file}" in result.output


@pytest.mark.parametrize("backend", ["postgresql", "mysql"])
def test_an_env_py_on_a_server_is_held_to_the_database_of_the_replay(
    shop: tuple[Path, Path], play: Play, backend: str
) -> None:
    """Another database of the same server is another one; the replay's own will do."""
    folder, _ = shop
    other = {"postgresql": "postgres", "mysql": "information_schema"}[backend]
    asks = """os.environ.get("SHOP_DATABASE_URL", '')"""
    url = 'os.environ["URL"]'
    elsewhere = f'{url}.replace("/" + make_url({url}).database, "/{other}")'
    text = "from sqlalchemy.engine.url import make_url\n"
    text += FALLS_BACK.format(url="", loud=True)
    given = ("--own-environment", "--backend", backend, "--env", "URL={url}")

    (folder / "env.py").write_text(text.replace(asks, elsewhere))
    refused, _ = play(folder, *given)
    (folder / "env.py").write_text(text.replace(asks, url))
    taken, _ = play(folder, *given, "--walk")

    assert refused.exit_code == 3
    assert f"/{other}" in refused.output
    assert "not to the database of this replay" in refused.output
    assert taken.exit_code == 0, taken.output


def test_scripts_find_loaded_what_models_would_have_loaded(
    tmp_path: Path, play: Play
) -> None:
    """Many name sqlalchemy.orm without an import: their env.py imports the models."""
    uses = Script("import sqlalchemy as sa; sa.orm.Session(op.get_bind()).flush()")

    result, _ = play(write_alembic(tmp_path / "mine", (uses,)))

    assert result.exit_code == 0, result.output


def test_scripts_that_no_env_py_lies_beside_are_played_bare(
    tmp_path: Path, play: Play
) -> None:
    """An application that brings its env.py when it runs has a folder of scripts only."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS)) / "versions"
    alone = folder.rename(tmp_path / "alone")

    whole, _ = play(alone)
    own, _ = play(alone, "--own-environment")

    assert whole.exit_code == 0, whole.output
    assert own.exit_code == 2
    assert "no env.py" in own.output


def test_a_tool_without_an_environment_script_says_so(
    tmp_path: Path, play: Play
) -> None:
    """What is asked for and cannot be had is refused, and not passed over."""
    folder = write_migrate(tmp_path / "mine", (BOOKS,))

    result, _ = play(folder, "--own-environment")

    assert result.exit_code == 2
    assert "leave out --own-environment" in result.output


def test_an_environment_is_asked_for_as_the_options_say(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requirements, date and interpreter reach what builds it, and the record."""
    asked: list[Wanted] = []

    def built(wanted: Wanted) -> Established:
        asked.append(wanted)
        return Established(python)

    monkeypatch.setattr(replay, "environment", built)
    folder = write_alembic(tmp_path / "mine", (BOOKS,))
    said = ("--requirement=library==1", "--requirement=six", "--until=2020-05-01")
    output = ("--interpreter=3.8", f"--output={tmp_path / 'out'}")

    result = CliRunner().invoke(main, ["replay", str(folder), *said, *output])

    assert result.exit_code == 0, result.output
    assert asked == [Wanted("", ("library==1", "six"), "2020-05-01", "3.8")]


@pytest.mark.parametrize(
    ("words", "until", "said"),
    [
        ("no_such_module", "", "--until"),
        ("no_such_module", "2020-05-01", "--python-path"),
        ("pkg_resources", "2020-05-01", "setuptools<81"),
    ],
)
def test_what_an_environment_lacks_is_told_with_a_remedy(
    tmp_path: Path,
    python: str,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    until: str,
    said: str,
) -> None:
    """It depends on how the environment was asked for."""
    monkeypatch.setattr(replay, "environment", lambda _: Established(python))
    folder = write_alembic(tmp_path / "mine", (BOOKS,))
    before = f"raise ModuleNotFoundError({f'No module named {words!r}'!r})"
    options = ("--requirement=library==1", f"--until={until}", f"--before={before}")

    result = CliRunner().invoke(
        main, ["replay", str(folder), *options, f"--output={tmp_path / 'out'}"]
    )

    assert result.exit_code == 2
    assert said in result.output


def test_an_environment_is_built_of_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wheelhouse: Path
) -> None:
    """It holds what was required; what there is not is refused with a remedy."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(building, "_DRIVERS", ())
    make_wheel(wheelhouse, "library")

    built = environment(Wanted(requirements=("library==1.0",)))

    assert [one.name for one in built.distributions] == ["library"]
    with pytest.raises(ReplayError, match=r"library==2.*--until.*often helps"):
        environment(Wanted(requirements=("library==2",)))
    with pytest.raises(ReplayError, match=r"library==2.*after 2020-05-01 was taken"):
        environment(Wanted(requirements=("library==2",), until="2020-05-01"))
