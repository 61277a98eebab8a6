"""Real git, run as a person would, away from that person's settings."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.model.evidence import FileChange, Merge

_CONFLICTS = {
    "AA": "add/add",
    "UU": "content",
    "AU": "add/rename",
    "UA": "add/rename",
    "DU": "delete/modify",
    "UD": "modify/delete",
    "DD": "rename/rename",
}
_SETTINGS = {
    "user.name": "migration-compare",
    "user.email": "migration-compare@example.invalid",
    "init.defaultBranch": "main",
    "commit.gpgsign": "false",
    "core.autocrlf": "false",
    "core.fsync": "none",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
}


class GitError(RuntimeError):
    """Git refused something that a scenario takes for granted."""


def _settings_environ() -> dict[str, str]:
    """Return git's settings as environment variables: no file of a user is read."""
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
    }
    for number, (key, value) in enumerate(_SETTINGS.items()):
        environ[f"GIT_CONFIG_KEY_{number}"] = key
        environ[f"GIT_CONFIG_VALUE_{number}"] = value
    return environ


def version() -> str:
    """Return the version of the git that is used; `GitError` if there is none."""
    return Git(Path.cwd()).run("version").removeprefix("git version ").strip()


class Git:
    """One repository; `seconds` adds up the time spent in git's processes."""

    def __init__(self, worktree: Path) -> None:
        self.worktree = worktree
        self.seconds = 0.0
        self._environ: Mapping[str, str] = _settings_environ()

    def run(self, *argv: str) -> str:
        """Run git and return what it prints; `GitError` if it fails."""
        done = self._call(*argv)
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip()
            message = f"git {' '.join(argv)}: {words}"
            raise GitError(message)
        return done.stdout

    def initialise(self) -> None:
        """Make the repository, with what every Python project ignores."""
        self.worktree.mkdir(parents=True)
        self.run("init", "--quiet", "--template=")
        (self.worktree / ".gitignore").write_text("__pycache__/\n*.pyc\n")
        self.commit("An empty project")

    def commit(self, message: str) -> bool:
        """Commit everything that changed; tell whether there was anything."""
        self.run("add", "--all")
        done = self._call("commit", "--quiet", "--no-verify", "--message", message)
        if done.returncode != 0 and "nothing to commit" not in done.stdout:
            complaint = f"git commit: {(done.stderr or done.stdout).strip()}"
            raise GitError(complaint)
        return done.returncode == 0

    def put_back(self) -> None:
        """Undo whatever was not committed; files that git ignores stay."""
        self.run("reset", "--quiet", "--hard")
        self.run("clean", "--quiet", "--force", "-d")

    def branch(self, name: str, at: str) -> None:
        """Create a branch at a commit and check it out."""
        self.run("checkout", "--quiet", "-b", name, at)

    def checkout(self, ref: str) -> None:
        """Check out a branch or a commit."""
        self.run("checkout", "--quiet", ref)

    def head(self) -> str:
        """Return the hash of the commit that is checked out."""
        return self.commit_of("HEAD")

    def commit_of(self, ref: str) -> str:
        """Return the hash of the commit that a branch, a hash or HEAD stands for.

        Git keeps HEAD and each branch in a file of its own (gitrepository-layout(5)).
        Where there is none, git is asked, which takes fifty times as long.
        """
        file = "HEAD" if ref == "HEAD" else f"refs/heads/{ref}"
        try:
            text = (self.worktree / ".git" / file).read_text().strip()
        except OSError:
            return self.run("rev-parse", f"{ref}^{{commit}}").strip()
        branch = text.removeprefix("ref: refs/heads/")
        return text if branch == text else self.commit_of(branch)

    def land(self, branch: str, into: str) -> Merge:
        """Merge a branch into another; a conflict is recorded and backed out."""
        self.checkout(into)
        merge = self._merge(branch, into)
        if merge.exit_code != 0:
            self.run("merge", "--abort")
        return merge

    def copy(self, ref: str) -> Merge:
        """Copy a commit onto the current one; a conflict is recorded and backed out."""
        return self._replay("cherry-pick", ref)

    def revert(self, ref: str) -> Merge:
        """Take a commit back; a conflict is recorded and backed out."""
        return self._replay("revert", ref)

    def _replay(self, verb: str, ref: str) -> Merge:
        done = self._call(verb, "--no-edit" if verb == "revert" else "-x", ref)
        conflicts = self._conflicts() if done.returncode != 0 else {}
        if done.returncode != 0 and not conflicts:
            complaint = f"git {verb} {ref}: {(done.stderr or done.stdout).strip()}"
            raise GitError(complaint)
        if conflicts:
            self.run(verb, "--abort")
        return Merge(ref, "HEAD", done.returncode, done.stdout.strip(), conflicts)

    def take_over(self, landed: str, branch: str) -> Merge:
        """Merge what has landed into a branch, taking its side in every conflict."""
        self.checkout(branch)
        merge = self._merge(landed, branch)
        self._settle(merge, "--theirs")
        return merge

    def pick(self, commit: str, onto: str, *, keep: bool) -> Merge:
        """Cherry-pick a commit onto a branch; `keep` the branch's side in conflicts."""
        self.checkout(onto)
        merge = self._joining("cherry-pick", commit, onto)
        self._settle(merge, "--ours" if keep else "--theirs")
        return merge

    def changes(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Return the files that differ between two commits, renames recognised."""
        both = self.run("diff", "--raw", "--numstat", "-M", "-z", old, new)
        return tuple(_changes(both))

    def show(self, ref: str, path: str) -> str | None:
        """Return a file's text at a commit; None if it is not there."""
        done = self._call("show", f"{ref}:{path}")
        return done.stdout if done.returncode == 0 else None

    def _merge(self, branch: str, into: str) -> Merge:
        return self._joining("merge", branch, into, "--no-ff", "--no-edit")

    def _joining(self, verb: str, what: str, into: str, *options: str) -> Merge:
        """Merge or cherry-pick into the branch that is checked out."""
        done = self._call(verb, *options, what)
        conflicts = self._conflicts() if done.returncode != 0 else {}
        if done.returncode != 0 and not conflicts:
            complaint = f"git {verb} {what}: {(done.stderr or done.stdout).strip()}"
            raise GitError(complaint)
        return Merge(what, into, done.returncode, done.stdout.strip(), conflicts)

    def _settle(self, merge: Merge, side: str) -> None:
        """Take one side of every conflict, and commit."""
        deleted = {"--theirs": "modify/delete", "--ours": "delete/modify"}[side]
        for path, kind in merge.conflicts.items():
            if kind == deleted:
                self.run("rm", "--quiet", "--", path)
            else:
                self.run("checkout", "--quiet", side, "--", path)
        if merge.exit_code != 0:
            self.run("add", "--all")
            self.run("commit", "--quiet", "--no-verify", "--no-edit")

    def _conflicts(self) -> dict[str, str]:
        status = self.run("status", "--porcelain", "-z")
        return {
            entry[3:]: _CONFLICTS[entry[:2]]
            for entry in status.split("\0")
            if entry[:2] in _CONFLICTS
        }

    def _call(self, *argv: str) -> subprocess.CompletedProcess[str]:
        begun = time.monotonic()
        try:
            return subprocess.run(
                ["git", *argv],
                cwd=self.worktree,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                # Ctrl-C is for the harness, which lets git finish.
                start_new_session=True,
            )
        except FileNotFoundError as error:
            message = "git is not installed, or not on PATH: install git"
            raise GitError(message) from error
        finally:
            self.seconds += time.monotonic() - begun


def _changes(output: str) -> Iterator[FileChange]:
    """Read `git diff --raw --numstat -z`: first a part a file, then the counts."""
    fields = iter(output.split("\0"))
    statuses: dict[str, str] = {}
    for field in fields:
        if field.startswith(":"):
            status, path = field.rsplit(" ", 1)[1][0], next(fields)
            statuses[next(fields) if status in "RC" else path] = status
        elif field:
            added, deleted, path = field.split("\t")
            was = None if path else next(fields)
            path = path or next(fields)
            yield FileChange(path, statuses[path], _lines(added), _lines(deleted), was)


def _lines(count: str) -> int:
    """Read a count of lines, which is `-` for a file that is not text."""
    return 0 if count == "-" else int(count)
