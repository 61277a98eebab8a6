"""A small session of the tests' own: the real tool in a real repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters.migrate import ADAPTER
from harness.contract import Authoring, Database, History, NotCarriedOut
from harness.driving import ForkDriver, Launch, Request
from harness.model.cell import Candidate
from harness.model.evidence import Command, Outcome
from harness.model.operations import apply_all, reverse_all
from harness.model.schema import Schema
from harness.model.steps import Migration, Resource
from harness.toolchains.installed import installed


class Runner:
    """The tool of one candidate, loaded once."""

    def __init__(
        self, root: Path, candidate: Candidate, toolchain: str = "common"
    ) -> None:
        self.root = root
        self.candidate = candidate
        launching = ADAPTER.launching(candidate, toolchain)
        launch = Launch(
            python=str(root / "bin" / "python"),
            imports=launching.imports,
            startup=launching.startup,
            environ=(("PYTHONDONTWRITEBYTECODE", "1"),),
        )
        self._driver = ForkDriver(launch)

    def run(
        self,
        script: Path,
        argv: tuple[str, ...],
        directory: Path,
        environ: Mapping[str, str],
    ) -> Command:
        """Run a script and return what it printed, and its exit code."""
        out, err = directory / "stdout", directory / "stderr"
        request = Request(
            script=str(script),
            argv=argv,
            cwd=str(directory / "repository"),
            environ={"PATH": os.defpath, **environ},
            stdout=str(out),
            stderr=str(err),
            time_limit=60,
        )
        result = self._driver.run(request)
        return Command(
            argv=(script.name, *argv),
            exit_code=result.exit_code,
            stdout=out.read_text(),
            stderr=err.read_text(),
            seconds=result.seconds,
            cpu_seconds=result.cpu_seconds,
            max_rss_kib=result.max_rss_kib,
        )

    def close(self) -> None:
        """End the process."""
        self._driver.close()


class Bench:
    """The session that a history is given, and what a test does with both."""

    without: frozenset[Resource] = frozenset()

    def __init__(
        self, runner: Runner, directory: Path, backend: str = "sqlite"
    ) -> None:
        self.runner = runner
        self.candidate = runner.candidate
        self.backend = backend
        self.versions = {d.name.lower(): d.version for d in installed(runner.root)}
        self.directory = directory
        self.repository = directory / "repository"
        self.repository.mkdir()
        self.commands: list[Command] = []
        self.line: tuple[Migration, ...] = ()
        self.git("init", "--quiet", "--initial-branch", "main")
        (self.repository / ".gitignore").write_text("__pycache__/\n")
        self.history: History = ADAPTER.open(self)
        self.history.initialise()
        self.commit()

    # What a session does.

    def tool(
        self, script: str, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a console script."""
        return self._checked(self.runner.root / "bin" / script, argv, environ)

    def python(
        self, path: Path, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a Python file of the repository."""
        return self._checked(self.repository / path, argv, environ)

    def move(self, old: Path, new: Path) -> None:
        """Rename a file as `git mv` does."""
        self.git("mv", "--", str(old), str(new))

    def remove(self, path: Path) -> None:
        """Delete a file as `git rm` does."""
        self.git("rm", "--quiet", "-f", "--", str(path))

    def show(self, ref: str, path: Path) -> str | None:
        """Return a file's text at a commit."""
        done = self._git("show", f"{ref}:{path.as_posix()}")
        return done.stdout if done.returncode == 0 else None

    # What a test does.

    def run(self, *argv: str, script: str = "migrate") -> Command:
        """Run the tool and return the classified command, whatever became of it."""
        path = self.runner.root / "bin" / script
        command = self.runner.run(path, argv, self.directory, {})
        return msgspec.structs.replace(command, outcome=self.history.classify(command))

    def outcome(self, *argv: str) -> Outcome:
        """Run the tool and return what became of it."""
        return self.run(*argv).outcome

    def database(self, name: str = "app") -> Database:
        """Return a database of the story."""
        return Database(name, f"sqlite:///{self.directory / name}.db", "sqlite")

    def authoring(
        self,
        migration: Migration,
        sql_for: tuple[str, ...] = (),
        identity_of: str | None = None,
        behind: tuple[Migration, ...] | None = None,
    ) -> Authoring:
        """Return what a history needs to write a migration at the end of the line."""
        line = self.line if behind is None else behind
        before = apply_all((o for m in line for o in m.upgrade), Schema())
        if migration.downgrade is None:
            undo = reverse_all(migration.upgrade, before)
            migration = msgspec.structs.replace(migration, downgrade=undo)
        return Authoring(migration, before, sql_for, identity_of)

    def author(
        self,
        migration: Migration,
        sql_for: tuple[str, ...] = (),
        identity_of: str | None = None,
    ) -> None:
        """Write a migration at the end of the line, and commit."""
        self.history.author(self.authoring(migration, sql_for, identity_of))
        self.line = (*self.line, migration)
        self.commit()

    def files(self) -> list[str]:
        """Return the names of the scripts in the tree."""
        names = (
            path.name for path in (self.repository / "migrations/versions").iterdir()
        )
        return sorted(n for n in names if n not in {"__init__.py", "__pycache__"})

    def text(self, file: str) -> str:
        """Return a script's text."""
        return (self.repository / "migrations" / "versions" / file).read_text()

    def put(self, file: str, text: str) -> None:
        """Write a file among the scripts."""
        (self.repository / "migrations" / "versions" / file).write_text(text)

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")

    def changes(self) -> list[str]:
        """Commit everything; return what git says changed, a line for each file."""
        self.commit()
        return self.git("diff", "--numstat", "-M", "HEAD~1", "HEAD").splitlines()

    def git(self, *argv: str) -> str:
        """Run git and return its output."""
        done = self._git(*argv)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def take_over(self, branch: str, landed: str) -> tuple[Path, ...]:
        """Merge what has landed into a branch, its side winning; return conflicts."""
        self.git("checkout", "--quiet", branch)
        done = self._git("merge", "--no-edit", landed)
        status = self.git("status", "--porcelain")
        conflicts = [
            row[3:]
            for row in status.splitlines()
            if row[:2] in {"AA", "UU", "AU", "UA"}
        ]
        for path in conflicts:
            self.git("checkout", "--quiet", "--theirs", "--", path)
        if done.returncode != 0:
            self.git("add", "--all")
            self.git("commit", "--quiet", "--no-edit")
        return tuple(self.repository / path for path in conflicts)

    def _checked(
        self, script: Path, argv: tuple[str, ...], environ: Mapping[str, str] | None
    ) -> Command:
        command = self.runner.run(script, argv, self.directory, environ or {})
        command = msgspec.structs.replace(
            command, outcome=self.history.classify(command)
        )
        self.commands.append(command)
        if not command.outcome.kind.went_through:
            raise NotCarriedOut(command)
        return command

    def _git(self, *argv: str) -> subprocess.CompletedProcess[str]:
        person = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
        return subprocess.run(
            ["git", *person, *argv],
            cwd=self.repository,
            capture_output=True,
            text=True,
            check=False,
        )
