"""A cell of the tests' own: the real tool in a real repository, step by step."""

from __future__ import annotations

from pathlib import Path

import msgspec

from adapters.alembic import ADAPTER
from harness.contract import Authoring, Database, History, Losing
from harness.databases import Databases
from harness.databases.oracle import expected
from harness.databases.snapshot import take
from harness.driving import Driver, ForkDriver, Launch
from harness.execution.repository import (
    Repository,
    authoring,
    completed_line,
    schema_after,
)
from harness.execution.session import CellSession
from harness.judgement.difference import compare
from harness.model.cell import Candidate
from harness.model.difference import Difference
from harness.model.evidence import Command, FileChange, Merge, Outcome
from harness.model.steps import Migration, Resource
from harness.model.toolchain import Environment

VERSIONS = Path("migrations/versions")
NO_URL = "sqlite:////nowhere/at/all.db"


class Runner:
    """The tool in one toolchain, loaded once."""

    def __init__(self, environment: Environment, toolchain: str) -> None:
        self.environment = environment
        self.toolchain = toolchain
        launching = ADAPTER.launching(ADAPTER.candidates[0], toolchain)
        self.driver: Driver = ForkDriver(
            Launch(python=environment.python, imports=launching.imports)
        )


class Bench:
    """A cell's session and history, and what a test does with both."""

    def __init__(
        self,
        runner: Runner,
        directory: Path,
        candidate: Candidate,
        backend: str = "sqlite",
    ) -> None:
        self.directory = directory / "cell"
        self.environment = runner.environment
        self.driver = runner.driver
        self.databases = Databases("sqlite", directory / "databases")
        self.session = CellSession(
            candidate=candidate,
            backend=backend,
            directory=self.directory,
            environment=runner.environment,
            driver=runner.driver,
            time_limit=60,
        )
        self.git = self.session.git
        self.git.initialise()
        self.history: History = ADAPTER.open(self.session)
        self.session.classify = self.history.classify
        self.story = Repository(self.git)
        self.history.initialise()
        self.commit()

    @property
    def commands(self) -> list[Command]:
        """The commands since the last `begin`."""
        return self.session.commands

    @property
    def line(self) -> tuple[Migration, ...]:
        """The migrations of the tree, oldest first."""
        return completed_line(self.story.line)

    def begin(
        self, *without: Resource, deployment: dict[str, str] | None = None
    ) -> None:
        """Forget the commands so far; from here on, do without some things."""
        self.session.begin(without, deployment=deployment)

    def database(self, name: str = "app") -> Database:
        """Return a database of the story, made when it is first spoken of."""
        try:
            url = self.databases.url(name)
        except LookupError:
            url = self.databases.create(name)
        return Database(name, url, "sqlite")

    def authoring(
        self, migration: Migration, behind: tuple[Migration, ...] | None = None
    ) -> Authoring:
        """Return what a history needs to write a migration at the end of a line."""
        return authoring(migration, self.story.line if behind is None else behind)

    def author(self, migration: Migration, identity_of: str | None = None) -> str:
        """Write a migration at the end of the line, commit; return its file's name."""
        line, files = self.story.line, set(self.files())
        given = msgspec.structs.replace(
            self.authoring(migration), identity_of=identity_of
        )
        self.history.author(given)
        self.commit((*line, migration))
        (new,) = set(self.files()) - files
        return new

    def commit(
        self, line: tuple[Migration, ...] | None = None
    ) -> tuple[FileChange, ...]:
        """Commit everything as a tree with these migrations; return the changes."""
        return self.story.commit("change", self.story.line if line is None else line)

    def outcome(self, *argv: str, environ: dict[str, str] | None = None) -> Outcome:
        """Run alembic and return what became of it, whether it went through or not."""
        script = Path(self.environment.root) / "bin/alembic"
        url = {"DATABASE_URL": self.database().url}
        return self._run(script, argv, url if environ is None else environ)

    def head_file(self, *argv: str) -> Outcome:
        """Run the policy's script and return what became of it."""
        script = self.session.repository / "migrations/head_file.py"
        return self._run(script, argv, {})

    def files(self) -> list[str]:
        """Return the names of the revision files in the tree."""
        return sorted(f.name for f in self._versions().glob("*.py"))

    def text(self, file: str) -> str:
        """Return a revision file's text."""
        return (self._versions() / file).read_text()

    def put(self, file: str, text: str) -> None:
        """Write a file among the revisions."""
        (self._versions() / file).write_text(text)

    def revision(self, own: str, parent: str | None, body: str = "    pass\n") -> None:
        """Write a revision file by hand, in which ids can be chosen."""
        self.put(
            f"{own}_{own}.py",
            f'"""{own}\n\nRevision ID: {own}\nRevises: {parent or ""}\n"""\n'
            "from alembic import op\nimport sqlalchemy as sa\n\n\n"
            f"revision = {own!r}\ndown_revision = {parent!r}\n\n\n"
            f"def upgrade():\n{body}\n\ndef downgrade():\n    pass\n",
        )

    def differences(
        self, after: tuple[Migration, ...] | None = None
    ) -> tuple[Difference, ...]:
        """Return how the database differs from what a line of migrations means."""
        schema = schema_after(self.story.line if after is None else after)
        there = take(self.database().url, self.history.bookkeeping)
        return compare(expected(schema, {}, "sqlite"), there)

    def race(self, *lost: Migration, landed: Migration) -> Merge:
        """Have one patch land, and a branch with others take it over."""
        line = self.story.line
        self.story.branch("loser", "main")
        for migration in lost:
            self.author(migration)
        self.story.checkout("main")
        self.author(landed)
        assert self.story.line == (*line, landed)
        merge, _ = self.story.take_over("main", "loser")
        return merge

    def losing(self, *lost: Migration, merge: Merge) -> Losing:
        """Return the branch that lost as its author sees it."""
        line = tuple(m for m in self.story.line if m not in lost)
        authorings = []
        for migration in lost:
            authorings.append(authoring(migration, line))
            line = (*line, migration)
        conflicts = tuple(self.session.repository / path for path in merge.conflicts)
        return Losing(tuple(authorings), "loser", conflicts)

    def _run(
        self, script: Path, argv: tuple[str, ...], environ: dict[str, str]
    ) -> Outcome:
        return self.session.run(script, argv, environ, self.driver).outcome

    def _versions(self) -> Path:
        return self.session.repository / VERSIONS
