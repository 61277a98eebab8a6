"""Repositories that are broken, by what is wrong: a writer, the kind, the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.assessment.repositories import (
    SETTINGS,
    linked,
    numbered,
    revision,
    step,
)

FIRST = {"a1_first.py": revision("a1f09c3e77b2", None)}
SECOND = revision(
    "b2e8d41c0a95", "a1f09c3e77b2", "op.add_column('users', sa.Column('n'))"
)
_HIDDEN = "__init__x.py"


def alembic(**scripts: str | bytes) -> Callable[[Path], None]:
    """Return what writes a repository of alembic with these scripts besides."""

    def write(directory: Path) -> None:
        versions = linked(directory, FIRST)
        for name, text in scripts.items():
            data = text if isinstance(text, bytes) else text.encode()
            file = _HIDDEN if name == "hidden" else name.replace("__", ".")
            (versions / file).write_bytes(data)

    return write


def _migrate(**scripts: str | bytes) -> Callable[[Path], None]:
    def write(directory: Path) -> None:
        versions = numbered(directory, {"001_first.py": step("x = 1")})
        for name, text in scripts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (versions / name.removeprefix("v").replace("__", ".")).write_bytes(data)

    return write


def settings(text: str) -> Callable[[Path], None]:
    """Return what writes these settings, and no env.py."""

    def write(directory: Path) -> None:
        linked(directory, FIRST)
        (directory / "alembic.ini").write_text(text)
        (directory / "migrations" / "env.py").unlink()

    return write


def _no_versions(directory: Path) -> None:
    versions = linked(directory, FIRST)
    for file in versions.iterdir():
        file.unlink()
    versions.rmdir()


def _no_versions_of_migrate(directory: Path) -> None:
    numbered(directory, {}).rmdir()


def _loop(directory: Path) -> None:
    versions = linked(directory, FIRST)
    (versions / "loop.py").symlink_to(versions / "loop.py")
    (versions / "around").symlink_to(versions)


def _pipe(directory: Path) -> None:
    os.mkfifo(linked(directory, FIRST) / "pipe.py")


def _recursive(directory: Path) -> None:
    """A folder that the tool does not look into, with a revision in it."""
    versions = linked(directory, FIRST)
    (versions / "more").mkdir()
    (versions / "more" / "lost.py").write_text(SECOND)


def _none(directory: Path) -> None:
    linked(directory, {})


def _nameless(directory: Path) -> None:
    """A name whose bytes are no UTF-8."""
    versions = os.fsencode(linked(directory, FIRST))
    Path(os.fsdecode(versions + b"/x\xff.py")).write_text("(")


def _cached(directory: Path) -> None:
    cache = linked(directory, {}) / "__pycache__"
    cache.mkdir()
    (cache / "a1_first.cpython-311.pyc").write_bytes(b"")


def _pyproject(text: str) -> Callable[[Path], None]:
    def write(directory: Path) -> None:
        settings("")(directory)
        (directory / "alembic.ini").unlink()
        (directory / "pyproject.toml").write_text(text)

    return write


def _configured(text: str) -> Callable[[Path], None]:
    def write(directory: Path) -> None:
        _migrate()(directory)
        (directory / "repository" / "migrate.cfg").write_text(text)

    return write


def _old_form(directory: Path) -> None:
    (numbered(directory, {"001_first.py": step()}) / "1").mkdir()


def manifest(text: str, *files: str) -> Callable[[Path], None]:
    """Return what writes a repository with versions.json, and these files."""

    def write(directory: Path) -> None:
        scripts = {"001_first.py": step(), **{name: step() for name in files}}
        (numbered(directory, scripts) / "versions.json").write_text(text)

    return write


BROKEN: dict[str, tuple[Callable[[Path], None], str, int]] = {
    "syntax error": (alembic(x__py="def upgrade(:\n"), "unreadable", 1),
    "Python 2": (alembic(x__py="print 'x'\n"), "python-2", 0),
    "a merge left unresolved": (
        alembic(x__py=f"<<<<<<< HEAD\n{SECOND}=======\n>>>>>>> b\n"),
        "unreadable",
        1,
    ),
    "not to be shown": (_nameless, "unreadable", 1),
    "no upgrade": (alembic(x__py=SECOND.replace("upgrade", "up")), "unreadable", 1),
    "async upgrade": (
        alembic(x__py=SECOND.replace("def up", "async def up")),
        "unreadable",
        1,
    ),
    "runs when imported": (
        alembic(x__py=f"import os\nos.remove(__file__)\n{SECOND}"),
        "runs-on-import",
        0,
    ),
    "ends the import": (
        alembic(x__py=f"{SECOND}raise SystemExit(3)\n"),
        "runs-on-import",
        0,
    ),
    "no parent": (
        alembic(x__py=SECOND.replace("down_revision", "down")),
        "no-parent",
        1,
    ),
    "parent that grows": (
        alembic(x__py=f"{SECOND}down_revision += 'x'\n"),
        "computed-id",
        0,
    ),
    "id under a condition": (
        alembic(x__py=SECOND.replace("revision =", "if 1: revision =", 1)),
        "computed-id",
        0,
    ),
    "empty id": (alembic(x__py=revision("", "a1f09c3e77b2")), "bad-id", 1),
    "id that is a command's word": (
        alembic(x__py=revision("head", "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "label that is an id": (
        alembic(
            x__py=revision(
                "b2e8d41c0a95",
                "a1f09c3e77b2",
                more="branch_labels = 'a1f09c3e77b2'",
            )
        ),
        "duplicate-label",
        1,
    ),
    "not UTF-8": (alembic(x__py=b"revision = '\xff\xfe'\n"), "unreadable", 1),
    "null bytes": (alembic(x__py=b"revision = 'b'\x00\n"), "unreadable", 1),
    "unknown encoding": (alembic(x__py=b"# coding: klingon\n"), "unreadable", 1),
    "deeply nested": (alembic(x__py="x = " + "(" * 500 + ")" * 500), "unreadable", 1),
    "links in a circle": (_loop, "unreadable", 1),
    "a pipe": (_pipe, "unreadable", 1),
    "empty file": (alembic(x__py=""), "no-id", 1),
    "no id": (alembic(x__py="def upgrade():\n    pass\n"), "no-id", 1),
    "computed id": (
        alembic(x__py="import os\nrevision = os.environ['R']\ndown_revision = 'x'\n"),
        "computed-id",
        0,
    ),
    "number for an id": (
        alembic(x__py="revision = 12\ndown_revision = None\n"),
        "no-id",
        1,
    ),
    "number for a parent": (
        alembic(x__py="revision = 'b2'\ndown_revision = 12\n"),
        "computed-id",
        0,
    ),
    "two of one id": (
        alembic(x__py=SECOND, y__py=SECOND.replace("users", "people")),
        "duplicate-id",
        1,
    ),
    "parent missing": (
        alembic(x__py=revision("b2e8d41c0a95", "ffffffffffff")),
        "missing-parent",
        1,
    ),
    "dependency missing": (
        alembic(
            x__py=revision("b2e8d41c0a95", "a1f09c3e77b2", more="depends_on = 'zz'")
        ),
        "missing-dependency",
        1,
    ),
    "two heads": (
        alembic(x__py=SECOND, y__py=revision("c3d7e52b1f86", "a1f09c3e77b2")),
        "several-heads",
        1,
    ),
    "circle": (
        alembic(
            x__py=revision("b2e8d41c0a95", "c3d7e52b1f86"),
            y__py=revision("c3d7e52b1f86", "b2e8d41c0a95"),
        ),
        "cycle",
        1,
    ),
    "follows itself": (
        alembic(x__py=revision("b2e8d41c0a95", "b2e8d41c0a95")),
        "cycle",
        1,
    ),
    "id with an at sign": (
        alembic(x__py=revision("b2@8d41c0a95", "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "id that is too long": (
        alembic(x__py=revision("b" * 33, "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "ignored by its name": (alembic(hidden=SECOND), "silent-loser", 1),
    "ignored by its ending": (alembic(x__py__bak=SECOND), "silent-loser", 1),
    "ignored by its folder": (_recursive, "silent-loser", 1),
    "no script_location": (settings("[alembic]\nx = y\n"), "settings", 2),
    "no section": (settings("[other]\n"), "settings", 2),
    "no ini file": (settings("script_location\n[alembic]\n"), "settings", 2),
    "script_location nowhere": (
        settings("[alembic]\nscript_location = nowhere\n"),
        "settings",
        2,
    ),
    "broken TOML": (_pyproject("[tool.alembic\n"), "settings", 2),
    "a list for a folder": (
        _pyproject("[tool.alembic]\nscript_location = ['migrations']\n"),
        "settings",
        2,
    ),
    "settings that name nothing": (
        settings("[alembic]\nscript_location = %(nowhere)s\n"),
        "settings",
        2,
    ),
    "a section twice": (settings(SETTINGS * 2), "settings", 2),
    "no env.py": (settings(SETTINGS), "settings", 1),
    "nothing but caches": (_cached, "no-scripts", 2),
    "no versions folder": (_no_versions, "no-scripts", 2),
    "numbers: no versions folder": (_no_versions_of_migrate, "no-scripts", 2),
    "numbers: syntax error": (_migrate(v002_x__py="def upgrade(:"), "unreadable", 1),
    "numbers: no upgrade": (_migrate(v002_x__py=""), "unreadable", 1),
    "numbers: not UTF-8": (_migrate(v002_x__py=b"x = '\xff'"), "unreadable", 1),
    "numbers: two of one": (
        _migrate(v002_a__py=step(), v002_b__py=step()),
        "duplicate-id",
        1,
    ),
    "numbers: gap": (_migrate(v004_x__py=step()), "gap", 1),
    "numbers: two digits": (_migrate(v02_x__py=step()), "silent-loser", 1),
    "numbers: no number": (_migrate(vmore__py=step()), "silent-loser", 1),
    "numbers: two in SQL": (
        _migrate(
            v002_a_sqlite_upgrade__sql="SELECT 1", v002_b_sqlite_upgrade__sql="SELECT 2"
        ),
        "silent-loser",
        1,
    ),
    "numbers: SQL before Python": (
        _migrate(v002_a__py=step(), v002_a_sqlite_upgrade__sql="SELECT 1"),
        "shadowed-script",
        0,
    ),
    "numbers: SQL for nothing": (_migrate(v002_a__sql="SELECT 1"), "bad-name", 1),
    "numbers: Python 2": (
        _migrate(v002_x__py=step("raise ValueError, 'x'")),
        "python-2",
        0,
    ),
    "numbers: SQL not UTF-8": (
        _migrate(v002_a_sqlite_upgrade__sql=b"SELECT '\xff'"),
        "unreadable",
        1,
    ),
    "numbers: SQL for one database": (
        _migrate(v002_a_sqlite_upgrade__sql="CREATE TABLE a (x int)"),
        "one-backend",
        0,
    ),
    "numbers: SQL only back": (
        _migrate(v002_a_sqlite_downgrade__sql="DROP TABLE a"),
        "unreadable",
        1,
    ),
    "numbers: never reached": (_migrate(v000_x__py=step("x = 1")), "silent-loser", 1),
    "numbers: a folder each": (_old_form, "bad-name", 1),
    "numbers: runs when imported": (
        _migrate(v002_x__py=f"import sys\nsys.exit(1)\n{step()}"),
        "runs-on-import",
        0,
    ),
    "numbers: no version table": (
        _configured("[db_settings]\nrepository_id = x\n"),
        "settings",
        1,
    ),
    "numbers: settings that name nothing": (
        _configured("[db_settings]\nrepository_id = %(x)s\nversion_table = v\n"),
        "settings",
        1,
    ),
    "manifest: not JSON": (manifest("{'1'"), "settings", 2),
    "manifest: another form": (manifest('{"1": "a.py"}'), "settings", 2),
    "manifest: a file missing": (
        manifest('{"1": ["001_first.py"], "2": ["gone.py"]}'),
        "settings",
        1,
    ),
    "manifest: a file too many": (manifest("{}"), "settings", 2),
    "manifest: two of one": (
        manifest('{"1": ["001_first.py"], "1": ["a.py"]}', "a.py"),
        "duplicate-id",
        1,
    ),
    "manifest: gap": (
        manifest('{"3": ["a.py"], "1": ["001_first.py"]}', "a.py"),
        "gap",
        1,
    ),
    "numbers: no script": (_migrate(v002_a__txt="x"), "bad-name", 1),
}
