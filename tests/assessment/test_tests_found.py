"""Which migrations have a test: what a team that moves them beside would see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assessment.repositories import assessed, linked, numbered, revision, step

SCRIPTS = {
    "a_first.py": revision("a1f09c3e77b2", None),
    "b_second.py": revision("b2e8d41c0a95", "a1f09c3e77b2", "op.drop_table('users')"),
}


def project(directory: Path) -> Path:
    """Make a project with two revisions, and return its folder of tests."""
    linked(directory, SCRIPTS)
    (directory / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (directory / "tests").mkdir()
    return directory / "tests"


def test_a_revision_without_a_test_is_told(tmp_path: Path) -> None:
    """Without any test file, every revision that does something lacks one."""
    project(tmp_path)

    found = assessed(tmp_path)[1]["tests"]

    assert found["lacking"] == ["a1f09c3e77b2", "b2e8d41c0a95"]
    assert found["tested"] == {}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tests/test_all.py", "def _check_b2e8d41c0a95(engine, data): ..."),
        ("tests/test_all.py", "def _pre_upgrade_b2e8d41c0a95(self, engine): ..."),
        ("tests/test_all.py", "alembic_runner.migrate_up_before('b2e8d41c0a95')"),
        ("tests/test_all.py", 'upgrade_to("b2e8d41c0a95")'),
        ("tests/test_all.py", "from app.migrations.versions.b_second import helper"),
        ("tests/test_b_second.py", ""),
        ("migrations/versions/test_b_second.py", "revision = None"),
        ("migrations/tests/b_second_test.py", ""),
    ],
)
def test_a_test_of_its_own_is_found(file: str, text: str, tmp_path: Path) -> None:
    """By hooks, by pytest-alembic, by the id, by an import, and beside the script."""
    project(tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)

    found = assessed(tmp_path)[1]["tests"]

    assert set(found["tested"]) == {"b2e8d41c0a95"}
    assert found["lacking"] == ["a1f09c3e77b2"]


@pytest.mark.parametrize(
    "text",
    [
        "self.walk_versions(engine)",
        "class TestSync(test_migrations.ModelsMigrationsSync, base.TestCase): ...",
        "from pytest_alembic.tests import test_upgrade",
    ],
)
def test_a_walk_is_no_test_of_one_revision(text: str, tmp_path: Path) -> None:
    """It is listed beside: it runs every migration and knows of none."""
    tests = project(tmp_path)
    (tests / "test_walk.py").write_text(text)

    found = assessed(tmp_path)[1]["tests"]

    assert [walk["file"] for walk in found["walks"]] == ["../tests/test_walk.py"]
    assert len(found["lacking"]) == 2


def test_hooks_by_number_may_have_zeros_or_not(tmp_path: Path) -> None:
    """`_check_002` and `_check_3` are for the versions 2 and 3; placeholders need none."""
    numbered(
        tmp_path,
        {
            "001_a.py": step("x = 1"),
            "002_b.py": step("x = 1"),
            "003_c.py": step("x = 1"),
            "004_placeholder.py": step(),
        },
    )
    (tmp_path / "test_walk.py").write_text(
        "def _check_002(self, engine, data): ...\ndef _check_3(self, engine, data): ...\n"
    )

    found = assessed(tmp_path, "--tests", str(tmp_path))[1]["tests"]

    assert set(found["tested"]) == {"2", "3"}
    assert found["lacking"] == ["1"]
    assert found["idle"] == ["4"]


def test_an_id_in_code_that_is_no_test_does_not_count(tmp_path: Path) -> None:
    """Only files of tests are searched, unless a folder is named."""
    project(tmp_path)
    (tmp_path / "tool.py").write_text("stamp('b2e8d41c0a95')")

    assert assessed(tmp_path)[1]["tests"]["tested"] == {}
