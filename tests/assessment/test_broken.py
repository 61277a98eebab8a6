"""Repositories that are broken: each is named, none ends in a traceback or is changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.assessment.repositories import (
    SETTINGS,
    assessed,
    digest,
    kinds,
    linked,
    numbered,
    revision,
    run,
    step,
)

FIRST = {"a1_first.py": revision("a1f09c3e77b2", None)}
SECOND = revision(
    "b2e8d41c0a95", "a1f09c3e77b2", "op.add_column('users', sa.Column('n'))"
)
_HIDDEN = "__init__x.py"


def _alembic(**scripts: str | bytes) -> Callable[[Path], None]:
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


def _settings(text: str) -> Callable[[Path], None]:
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
        _settings("")(directory)
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


def _manifest(text: str, *files: str) -> Callable[[Path], None]:
    def write(directory: Path) -> None:
        scripts = {"001_first.py": step(), **{name: step() for name in files}}
        (numbered(directory, scripts) / "versions.json").write_text(text)

    return write


BROKEN: dict[str, tuple[Callable[[Path], None], str, int]] = {
    "syntax error": (_alembic(x__py="def upgrade(:\n"), "unreadable", 1),
    "Python 2": (_alembic(x__py="print 'x'\n"), "python-2", 0),
    "a merge left unresolved": (
        _alembic(x__py=f"<<<<<<< HEAD\n{SECOND}=======\n>>>>>>> b\n"),
        "unreadable",
        1,
    ),
    "not to be shown": (_nameless, "unreadable", 1),
    "no upgrade": (_alembic(x__py=SECOND.replace("upgrade", "up")), "unreadable", 1),
    "async upgrade": (
        _alembic(x__py=SECOND.replace("def up", "async def up")),
        "unreadable",
        1,
    ),
    "runs when imported": (
        _alembic(x__py=f"import os\nos.remove(__file__)\n{SECOND}"),
        "runs-on-import",
        0,
    ),
    "ends the import": (
        _alembic(x__py=f"{SECOND}raise SystemExit(3)\n"),
        "runs-on-import",
        0,
    ),
    "no parent": (
        _alembic(x__py=SECOND.replace("down_revision", "down")),
        "no-parent",
        1,
    ),
    "parent that grows": (
        _alembic(x__py=f"{SECOND}down_revision += 'x'\n"),
        "computed-id",
        0,
    ),
    "id under a condition": (
        _alembic(x__py=SECOND.replace("revision =", "if 1: revision =", 1)),
        "computed-id",
        0,
    ),
    "empty id": (_alembic(x__py=revision("", "a1f09c3e77b2")), "bad-id", 1),
    "id that is a command's word": (
        _alembic(x__py=revision("head", "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "label that is an id": (
        _alembic(
            x__py=revision(
                "b2e8d41c0a95",
                "a1f09c3e77b2",
                more="branch_labels = 'a1f09c3e77b2'",
            )
        ),
        "duplicate-label",
        1,
    ),
    "not UTF-8": (_alembic(x__py=b"revision = '\xff\xfe'\n"), "unreadable", 1),
    "null bytes": (_alembic(x__py=b"revision = 'b'\x00\n"), "unreadable", 1),
    "unknown encoding": (_alembic(x__py=b"# coding: klingon\n"), "unreadable", 1),
    "deeply nested": (_alembic(x__py="x = " + "(" * 500 + ")" * 500), "unreadable", 1),
    "links in a circle": (_loop, "unreadable", 1),
    "a pipe": (_pipe, "unreadable", 1),
    "empty file": (_alembic(x__py=""), "no-id", 1),
    "no id": (_alembic(x__py="def upgrade():\n    pass\n"), "no-id", 1),
    "computed id": (
        _alembic(x__py="import os\nrevision = os.environ['R']\ndown_revision = 'x'\n"),
        "computed-id",
        0,
    ),
    "number for an id": (
        _alembic(x__py="revision = 12\ndown_revision = None\n"),
        "no-id",
        1,
    ),
    "number for a parent": (
        _alembic(x__py="revision = 'b2'\ndown_revision = 12\n"),
        "computed-id",
        0,
    ),
    "two of one id": (
        _alembic(x__py=SECOND, y__py=SECOND.replace("users", "people")),
        "duplicate-id",
        1,
    ),
    "parent missing": (
        _alembic(x__py=revision("b2e8d41c0a95", "ffffffffffff")),
        "missing-parent",
        1,
    ),
    "dependency missing": (
        _alembic(
            x__py=revision("b2e8d41c0a95", "a1f09c3e77b2", more="depends_on = 'zz'")
        ),
        "missing-dependency",
        1,
    ),
    "two heads": (
        _alembic(x__py=SECOND, y__py=revision("c3d7e52b1f86", "a1f09c3e77b2")),
        "several-heads",
        1,
    ),
    "circle": (
        _alembic(
            x__py=revision("b2e8d41c0a95", "c3d7e52b1f86"),
            y__py=revision("c3d7e52b1f86", "b2e8d41c0a95"),
        ),
        "cycle",
        1,
    ),
    "follows itself": (
        _alembic(x__py=revision("b2e8d41c0a95", "b2e8d41c0a95")),
        "cycle",
        1,
    ),
    "id with an at sign": (
        _alembic(x__py=revision("b2@8d41c0a95", "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "id that is too long": (
        _alembic(x__py=revision("b" * 33, "a1f09c3e77b2")),
        "bad-id",
        1,
    ),
    "ignored by its name": (_alembic(hidden=SECOND), "silent-loser", 1),
    "ignored by its ending": (_alembic(x__py__bak=SECOND), "silent-loser", 1),
    "ignored by its folder": (_recursive, "silent-loser", 1),
    "no script_location": (_settings("[alembic]\nx = y\n"), "settings", 2),
    "no section": (_settings("[other]\n"), "settings", 2),
    "no ini file": (_settings("script_location\n[alembic]\n"), "settings", 2),
    "script_location nowhere": (
        _settings("[alembic]\nscript_location = nowhere\n"),
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
        _settings("[alembic]\nscript_location = %(nowhere)s\n"),
        "settings",
        2,
    ),
    "a section twice": (_settings(SETTINGS * 2), "settings", 2),
    "no env.py": (_settings(SETTINGS), "settings", 1),
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
    "manifest: not JSON": (_manifest("{'1'"), "settings", 2),
    "manifest: another form": (_manifest('{"1": "a.py"}'), "settings", 2),
    "manifest: a file missing": (
        _manifest('{"1": ["001_first.py"], "2": ["gone.py"]}'),
        "settings",
        1,
    ),
    "manifest: a file too many": (_manifest("{}"), "settings", 2),
    "manifest: two of one": (
        _manifest('{"1": ["001_first.py"], "1": ["a.py"]}', "a.py"),
        "duplicate-id",
        1,
    ),
    "manifest: gap": (
        _manifest('{"3": ["a.py"], "1": ["001_first.py"]}', "a.py"),
        "gap",
        1,
    ),
    "numbers: no script": (_migrate(v002_a__txt="x"), "bad-name", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_and_left_alone(name: str, tmp_path: Path) -> None:
    """The kind of fault, its file or its revision, and not a byte on disk changed."""
    write, kind, code = BROKEN[name]
    write(tmp_path)
    before = digest(tmp_path)

    result, repository = assessed(tmp_path)

    found = [f for f in repository["findings"] if f["kind"] == kind]
    assert found, kinds(repository)
    assert all(finding["files"] for finding in found)
    assert result.exit_code == code
    assert digest(tmp_path) == before


@pytest.mark.parametrize("name", BROKEN)
def test_the_text_names_it_as_well(name: str, tmp_path: Path) -> None:
    """The report for people has the kind, and ends with the same exit code."""
    write, kind, code = BROKEN[name]
    write(tmp_path)

    result = run(tmp_path)

    assert f"**{kind}**" in result.output
    assert result.exit_code == code


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
@pytest.mark.parametrize(
    ("closed", "kind", "code"),
    [
        ("migrations/versions/secret.py", "unreadable", 1),
        ("migrations/versions", "no-scripts", 2),
        ("migrations", "no-scripts", 2),
        ("alembic.ini", "settings", 1),
    ],
)
def test_what_must_not_be_read_is_named(
    closed: str, kind: str, code: int, tmp_path: Path
) -> None:
    """A script, a folder or settings without the right to read them: no traceback."""
    linked(tmp_path, {**FIRST, "secret.py": SECOND})
    (tmp_path / closed).chmod(0)

    try:
        result, repository = assessed(tmp_path)
    finally:
        (tmp_path / closed).chmod(0o755)

    assert kind in kinds(repository)
    assert result.exit_code == code


def test_a_parent_in_a_script_that_cannot_be_read_is_doubtful(tmp_path: Path) -> None:
    """What follows from one fault is no second fault, but it is still told."""
    _alembic(
        b__py="revision = 'b2e8d41c0a95'\n(",
        c__py=revision("c3d7e52b1f86", "b2e8d41c0a95"),
    )(tmp_path)

    _, repository = assessed(tmp_path)

    assert kinds(repository, "fault") == ["unreadable"]
    assert "missing-parent" in kinds(repository, "warning")


def test_the_place_of_a_script_for_python_2_is_read(tmp_path: Path) -> None:
    """Its lines say which it is and what it follows; what it does is not counted."""
    _alembic(
        b__py=SECOND.replace("op.add", "print 'adding'\n    op.add"),
        c__py=revision("c3d7e52b1f86", "b2e8d41c0a95"),
    )(tmp_path)

    _, repository = assessed(tmp_path)

    assert kinds(repository, "fault") == []
    assert repository["shape"]["heads"] == ["c3d7e52b1f86"]
    assert repository["shape"]["unread"] == ["b2e8d41c0a95"]
    assert "b2e8d41c0a95" not in repository["tests"]["idle"]


def test_settings_may_build_on_other_settings(tmp_path: Path) -> None:
    """A value that names another is put together as the tool does."""
    _settings("[alembic]\nroot = %(here)s/migrations\nscript_location = %(root)s\n")(
        tmp_path
    )
    (tmp_path / "migrations" / "env.py").touch()

    assert kinds(assessed(tmp_path)[1], "fault") == []


def test_settings_that_lead_nowhere_are_told_with_the_repository(
    tmp_path: Path,
) -> None:
    """What lies below them is one repository with a fault, not two."""
    linked(tmp_path, FIRST)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = nowhere\n")

    _, repository = assessed(tmp_path)

    assert repository["shape"]["revisions"] == 1
    assert kinds(repository, "fault") == ["settings"]
    assert "repositories lie there" not in run(tmp_path).output


def test_a_manifest_says_which_files_make_a_version(tmp_path: Path) -> None:
    """Files without numbers are no losers where versions.json numbers them."""
    _manifest('{"2": ["add.py"], "1": ["001_first.py"]}', "add.py")(tmp_path)

    result, repository = assessed(tmp_path)

    assert result.exit_code == 0
    assert repository["shape"]["heads"] == ["2"]
    assert "versions.json" in repository["place"]["tool"]


def test_a_place_with_nothing_ends_with_2(tmp_path: Path) -> None:
    """An empty folder, a path that is not there, a link in a circle: no repository."""
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "circle", "no.such:folder"):
        result = run(path)

        assert result.exit_code == 2
        assert str(path) in result.stderr
        assert "Traceback" not in result.output


def test_code_that_speaks_of_revisions_is_no_repository(tmp_path: Path) -> None:
    """A template in a string is not taken for a folder of scripts; a script alone is."""
    (tmp_path / "writing.py").write_text("TEMPLATE = '''\ndown_revision = None\n'''\n")
    assert run(tmp_path).exit_code == 2

    (tmp_path / "first.py").write_text(FIRST["a1_first.py"])
    assert assessed(tmp_path)[1]["shape"]["revisions"] == 1


def test_settings_are_not_changed_either(tmp_path: Path) -> None:
    """A sound repository has no finding that fails a build, and stays as it is."""
    linked(tmp_path, {**FIRST, "b2_second.py": SECOND})
    before = digest(tmp_path)

    result, repository = assessed(tmp_path)

    assert result.exit_code == 0
    assert kinds(repository, "fault") == []
    assert (tmp_path / "alembic.ini").read_text() == SETTINGS
    assert digest(tmp_path) == before
