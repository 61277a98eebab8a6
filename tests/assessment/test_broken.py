"""Repositories that are broken: each is named, none ends in a traceback or is changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.assessment.broken import BROKEN, FIRST, SECOND, alembic, manifest, settings
from tests.assessment.repositories import (
    SETTINGS,
    assessed,
    digest,
    kinds,
    linked,
    revision,
    run,
)


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
    alembic(
        b__py="revision = 'b2e8d41c0a95'\n(",
        c__py=revision("c3d7e52b1f86", "b2e8d41c0a95"),
    )(tmp_path)

    _, repository = assessed(tmp_path)

    assert kinds(repository, "fault") == ["unreadable"]
    assert "missing-parent" in kinds(repository, "warning")


def test_the_place_of_a_script_for_python_2_is_read(tmp_path: Path) -> None:
    """Its lines say which it is and what it follows; what it does is not counted."""
    alembic(
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
    settings("[alembic]\nroot = %(here)s/migrations\nscript_location = %(root)s\n")(
        tmp_path
    )
    (tmp_path / "migrations" / "env.py").touch()

    assert kinds(assessed(tmp_path)[1], "fault") == []


def test_settings_that_an_application_fills_in_are_not_broken(tmp_path: Path) -> None:
    """An application like jupyterhub writes the place of its scripts over it when it runs."""
    linked(tmp_path, FIRST)
    settings = tmp_path / "alembic.ini"
    settings.write_text("[alembic]\nscript_location = {alembic_dir}\n")

    result, found = assessed(tmp_path)

    assert result.exit_code == 0, result.output
    assert found["shape"]["revisions"] == 1


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
    manifest('{"2": ["add.py"], "1": ["001_first.py"]}', "add.py")(tmp_path)

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
