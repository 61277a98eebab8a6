"""Renumbering and re-parenting, found in real git histories."""

from __future__ import annotations

import subprocess
from pathlib import Path

from harness.workspaces.git import Git
from tests.assessment.repositories import (
    assessed,
    digest,
    linked,
    numbered,
    revision,
    step,
)


def committed(directory: Path) -> Git:
    """Make a folder a repository of git, with everything in it committed."""
    git = Git(directory)
    subprocess.run(["git", "init", "--quiet", str(directory)], check=True)
    git.commit("All of it")
    return git


def test_another_number_is_found_with_its_commit(tmp_path: Path) -> None:
    """A script that was renamed to the next number was in somebody's way."""
    body = "\n    ".join(f"x = {n}" for n in range(20))
    versions = numbered(tmp_path, {"001_a.py": step("x = 1"), "002_b.py": step(body)})
    git = committed(tmp_path)
    (versions / "002_b.py").rename(versions / "003_b.py")
    (versions / "002_other.py").write_text(step("y = 2"))
    git.commit("Bumped migration number")

    conflicts = assessed(tmp_path)[1]["conflicts"]

    (moved,) = conflicts["repositioned"]
    assert (moved["was"], moved["became"]) == ("2", "3")
    assert moved["subject"] == "Bumped migration number"
    assert moved["file"] == "versions/003_b.py"
    assert git.head().startswith(moved["commit"])
    assert conflicts["commits"] == 2


def test_a_name_without_another_number_is_no_renumbering(tmp_path: Path) -> None:
    """A better name in the same place is nobody's conflict."""
    versions = numbered(tmp_path, {"001_a.py": step("x = 1")})
    git = committed(tmp_path)
    (versions / "001_a.py").rename(versions / "001_better.py")
    git.commit("A better name")

    assert assessed(tmp_path)[1]["conflicts"]["repositioned"] == []


def test_another_parent_is_found_with_its_commit(tmp_path: Path) -> None:
    """A `down_revision` that changes after the commit is a rebase by hand."""
    versions = linked(
        tmp_path,
        {
            "a.py": revision("a1f09c3e77b2", None),
            "b.py": revision("b2e8d41c0a95", "a1f09c3e77b2"),
        },
    )
    git = committed(tmp_path)
    (versions / "c.py").write_text(revision("c3d7e52b1f86", "a1f09c3e77b2"))
    (versions / "b.py").write_text(revision("b2e8d41c0a95", "c3d7e52b1f86"))
    git.commit("Somebody was faster")
    before = digest(tmp_path)

    conflicts = assessed(tmp_path)[1]["conflicts"]

    (moved,) = conflicts["repositioned"]
    assert moved["was"] == 'follows "a1f09c3e77b2"'
    assert moved["became"] == 'follows "c3d7e52b1f86"'
    assert digest(tmp_path) == before


def test_without_git_it_is_said_that_nothing_is_known(tmp_path: Path) -> None:
    """No history is not the same as a history without conflicts."""
    linked(tmp_path, {"a.py": revision("a1f09c3e77b2", None)})

    conflicts = assessed(tmp_path)[1]["conflicts"]

    assert conflicts["git"] == "the scripts are not in a git repository"
    assert conflicts["commits"] == 0


def test_programs_that_a_repository_names_are_not_run(tmp_path: Path) -> None:
    """A hostile `.git/config` may name programs for diffs: none of them is run."""
    versions = linked(tmp_path, {"a.py": revision("a1f09c3e77b2", None)})
    git = committed(tmp_path)
    ran = tmp_path / "ran"
    (tmp_path / ".gitattributes").write_text("*.py diff=evil\n")
    (versions / "a.py").write_text(revision("a1f09c3e77b2", None, date="2024-01-01"))
    git.commit("A change")
    for key in (
        "diff.evil.textconv",
        "diff.evil.command",
        "diff.external",
        "core.fsmonitor",
    ):
        git.run("config", key, f"touch {ran};true")
    ran.unlink(missing_ok=True)

    assessed(tmp_path)

    assert not ran.exists()
