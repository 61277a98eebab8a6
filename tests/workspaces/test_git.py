"""Git as the engine uses it: real repositories, real merges."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.model.evidence import FileChange
from harness.workspaces.git import Git, GitError, version


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Return a repository with one file on `main`."""
    git = Git(tmp_path / "repository")
    git.initialise()
    write(git, "shared.txt", "one\n")
    git.commit("A file")
    return git


def write(git: Git, name: str, text: str) -> None:
    """Write a file into the work tree."""
    (git.worktree / name).write_text(text)


def commit_on_branch(git: Git, branch: str, name: str, text: str) -> None:
    """Commit one file on a new branch off `main`."""
    git.branch(branch, "main")
    write(git, name, text)
    git.commit(f"{name} on {branch}")


class TestLand:
    """Merging one branch into another."""

    def test_other_files_merge(self, git: Git) -> None:
        """Two branches that touch different files merge without a conflict."""
        commit_on_branch(git, "left", "left.txt", "l\n")
        commit_on_branch(git, "right", "right.txt", "r\n")
        git.land("left", "main")

        merge = git.land("right", "main")

        assert (0, {}) == (merge.exit_code, merge.conflicts)
        assert (git.worktree / "left.txt").exists()

    @pytest.mark.parametrize(
        ("name", "kind"), [("shared.txt", "content"), ("new.txt", "add/add")]
    )
    def test_conflict_is_recorded_and_backed_out(
        self, git: Git, name: str, kind: str
    ) -> None:
        """A conflict is told by kind, and the branch is left as it was."""
        commit_on_branch(git, "left", name, "left\n")
        commit_on_branch(git, "right", name, "right\n")
        git.land("left", "main")
        before = git.run("rev-parse", "main")

        merge = git.land("right", "main")

        assert {name: kind} == merge.conflicts
        assert before == git.run("rev-parse", "main")
        assert git.run("status", "--porcelain") == ""

    def test_unknown_branch_is_an_error(self, git: Git) -> None:
        """A branch that is not there is the harness's error, not a conflict."""
        with pytest.raises(GitError, match="nowhere"):
            git.land("nowhere", "main")


class TestTakeOver:
    """Merging what landed into a branch."""

    def test_landed_side_wins_in_a_conflict(self, git: Git) -> None:
        """The work tree holds the landed text, and the merge is committed."""
        commit_on_branch(git, "left", "shared.txt", "left\n")
        commit_on_branch(git, "right", "shared.txt", "right\n")
        git.land("left", "main")

        merge = git.take_over("main", "right")

        assert {"shared.txt": "content"} == merge.conflicts
        assert (git.worktree / "shared.txt").read_text() == "left\n"
        assert git.run("status", "--porcelain") == ""

    def test_file_deleted_on_the_landed_side_goes(self, git: Git) -> None:
        """A file that landed deleted and was changed on the branch is deleted."""
        git.branch("left", "main")
        git.run("rm", "shared.txt")
        git.commit("Delete")
        commit_on_branch(git, "right", "shared.txt", "right\n")
        git.land("left", "main")

        merge = git.take_over("main", "right")

        assert {"shared.txt": "modify/delete"} == merge.conflicts
        assert not (git.worktree / "shared.txt").exists()


class TestPick:
    """Taking one commit to another branch."""

    @pytest.mark.parametrize(("keep", "kept"), [(True, "stable\n"), (False, "fix\n")])
    def test_one_side_of_a_conflict_is_taken(
        self, git: Git, keep: bool, kept: str
    ) -> None:
        """The branch's own, or the incoming one; other files come in either way."""
        commit_on_branch(git, "stable", "shared.txt", "stable\n")
        git.branch("work", "main")
        write(git, "shared.txt", "fix\n")
        write(git, "new.txt", "new\n")
        git.commit("A fix")

        merge = git.pick(git.commit_of("work"), "stable", keep=keep)

        assert {"shared.txt": "content"} == merge.conflicts
        assert kept == git.show("stable", "shared.txt")
        assert "new\n" == git.show("stable", "new.txt")

    def test_what_fits_is_taken(self, git: Git) -> None:
        """Without a conflict the commit is there as it is, and its branch is not."""
        commit_on_branch(git, "work", "first.txt", "1\n")
        write(git, "second.txt", "2\n")
        git.commit("The second")
        git.branch("stable", "main")

        merge = git.pick(git.commit_of("work"), "stable", keep=False)

        assert 0 == merge.exit_code
        assert git.show("stable", "first.txt") is None
        assert "2\n" == git.show("stable", "second.txt")


class TestChanges:
    """What git says of the difference between two commits."""

    def test_rename_edit_and_addition_are_told_apart(self, git: Git) -> None:
        """A rename is one file with its former path, not a deletion and an addition."""
        text = "".join(f"line {number}\n" for number in range(10))
        write(git, "old name.txt", text)
        git.commit("Before")
        before = git.head()
        git.run("mv", "old name.txt", "new name.txt")
        write(git, "shared.txt", "two\n")
        write(git, "added.txt", "a\nb\n")
        git.commit("After")

        found = git.changes(before, "HEAD")

        assert set(found) == {
            FileChange("added.txt", "A", 2, 0),
            FileChange("shared.txt", "M", 1, 1),
            FileChange("new name.txt", "R", 0, 0, "old name.txt"),
        }


def test_commit_tells_whether_there_was_anything(git: Git) -> None:
    """A commit of an unchanged tree makes none and says so."""
    assert not git.commit("Nothing")
    write(git, "shared.txt", "two\n")
    assert git.commit("Something")


def test_show_of_a_missing_file_is_none(git: Git) -> None:
    """A file that a commit does not have has no text."""
    assert git.show("main", "shared.txt") == "one\n"
    assert git.show("main", "missing.txt") is None


def test_user_settings_are_not_read(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user's own git settings do not change what the harness commits."""
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = somebody\n")
    monkeypatch.setenv("HOME", str(tmp_path))

    write(git, "shared.txt", "two\n")
    git.commit("By whom?")

    author = git.run("log", "-1", "--format=%an").strip()
    assert author == "migration-compare"


def test_version_is_a_number() -> None:
    """The version in the provenance is git's own, without words around it."""
    assert version()[0].isdigit()


def test_a_commit_is_copied_and_taken_back(git: Git) -> None:
    """As cherry-pick and revert do, each with a record like a merge's."""
    git.branch("other", "main")
    (git.worktree / "new").write_text("1\n")
    git.commit("new")
    git.checkout("main")

    assert git.copy("other").exit_code == 0
    assert (git.worktree / "new").exists()
    assert git.revert("HEAD").exit_code == 0
    assert not (git.worktree / "new").exists()


def test_a_copy_that_conflicts_is_backed_out(git: Git) -> None:
    """The conflict is recorded, and the tree is as it was."""
    for branch in ("one", "two"):
        git.branch(branch, "main")
        (git.worktree / "guard").write_text(branch)
        git.commit(branch)
    git.checkout("one")

    assert git.copy("two").conflicts == {"guard": "add/add"}
    assert (git.worktree / "guard").read_text() == "one"
    assert git.run("status", "--porcelain") == ""
