"""The story's repository: which migrations each commit holds, and in which order."""

from __future__ import annotations

import msgspec

from harness.contract import Authoring
from harness.model.evidence import FileChange, Merge
from harness.model.operations import apply_all, reverse_all
from harness.model.schema import Schema
from harness.model.steps import Migration
from harness.workspaces.git import Git

Line = tuple[Migration, ...]


class StoryError(ValueError):
    """A scenario is wrong in itself: it speaks of what is not there."""


class Repository:
    """Git, and beside every commit the migrations that the story put there."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._lines: dict[str, Line] = {}
        self._known: dict[str, Migration] = {}
        self._added: dict[str, str] = {}

    @property
    def line(self) -> Line:
        """The migrations of the commit that is checked out, oldest first."""
        return self._lines.get(self.git.head(), ())

    def commit(self, message: str, line: Line) -> tuple[FileChange, ...]:
        """Commit what changed as a tree with these migrations; return the changes."""
        before = self.git.head()
        if not self.git.commit(message):
            return ()
        self._record(line)
        return self.git.changes(before, "HEAD")

    def branch(self, name: str, at: str) -> None:
        """Create a branch and check it out."""
        self.git.branch(name, at)

    def checkout(self, ref: str) -> None:
        """Check out a branch or a commit."""
        self.git.checkout(ref)

    def land(self, branch: str, into: str, *, blindly: bool) -> Merge:
        """Merge a branch into another; a conflict is backed out, or resolved blindly."""
        standing, coming = self._line_of(into), self._line_of(branch)
        merge_in = self.git.take_over if blindly else self.git.land
        merge = merge_in(branch, into)
        if blindly or merge.exit_code == 0:
            self._record(_joined(standing, coming))
        return merge

    def copy(self, branch: str) -> Merge:
        """Copy a branch's newest commit onto the current one, or back out of it."""
        standing, more = self.line, self._newest(branch)
        merge = self.git.copy(branch)
        if merge.exit_code == 0:
            self._record(_joined(standing, more))
        return merge

    def revert(self, branch: str) -> Merge:
        """Take a branch's newest commit back on the current one, or back out of it."""
        gone = {migration.name for migration in self._newest(branch)}
        standing = tuple(m for m in self.line if m.name not in gone)
        merge = self.git.revert(branch)
        if merge.exit_code == 0:
            self._record(standing)
        return merge

    def _newest(self, branch: str) -> Line:
        """Return the migrations that a branch's newest commit brought."""
        before = {migration.name for migration in self._line_of(f"{branch}~1")}
        return tuple(m for m in self._line_of(branch) if m.name not in before)

    def take_over(self, landed: str, branch: str) -> tuple[Merge, Line]:
        """Merge what has landed into a branch; also return the branch's own line."""
        ours, theirs = self._line_of(branch), self._line_of(landed)
        merge = self.git.take_over(landed, branch)
        self._record(_joined(theirs, ours))
        names = {migration.name for migration in theirs}
        return merge, tuple(m for m in ours if m.name not in names)

    def added(self, name: str) -> str:
        """Return the commit that a migration came with."""
        self.migration(name)
        return self._added[name]

    def pick(self, name: str, onto: str, *, keep: bool) -> tuple[Merge, Line]:
        """Cherry-pick a migration onto a branch; also return what stood there."""
        migration, standing = self.migration(name), self._line_of(onto)
        merge = self.git.pick(self.added(name), onto, keep=keep)
        self._record((*standing, migration))
        return merge, standing

    def migration(self, name: str) -> Migration:
        """Return the migration as the tree has it, or else as it was last written."""
        for migration in self.line:
            if migration.name == name:
                return migration
        if name not in self._known:
            message = f"no migration {name!r} has been authored in this scenario"
            raise StoryError(message)
        return self._known[name]

    def up_to(self, name: str | None) -> Line:
        """Return the line up to and with a migration; all of it for None."""
        line = self.line
        if name is None:
            return line
        names = [migration.name for migration in line]
        return line[: names.index(name) + 1] if name in names else line

    def _line_of(self, ref: str) -> Line:
        return self._lines.get(self.git.commit_of(ref), ())

    def _record(self, line: Line) -> None:
        head = self.git.head()
        self._lines[head] = line
        for migration in line:
            self._added.setdefault(migration.name, head)
        self._known.update({migration.name: migration for migration in line})


def schema_after(line: Line) -> Schema:
    """Return the schema that a line of migrations leads to; `SchemaError` if none."""
    return apply_all((o for m in line for o in m.upgrade), Schema())


def completed(migration: Migration, before: Schema) -> Migration:
    """Return a migration with its downgrade worked out where it is not given."""
    if migration.downgrade is not None:
        return migration
    undo = reverse_all(migration.upgrade, before)
    return msgspec.structs.replace(migration, downgrade=undo)


def completed_line(line: Line) -> Line:
    """Return a line whose migrations all have their downgrade filled in."""
    return tuple(
        migration
        if migration.downgrade is not None
        else completed(migration, schema_after(line[:number]))
        for number, migration in enumerate(line)
    )


def authoring(migration: Migration, line: Line) -> Authoring:
    """Return what an adapter needs to write a migration at the end of a line."""
    before = schema_after(line)
    return Authoring(completed(migration, before), before)


def _joined(first: Line, then: Line) -> Line:
    names = {migration.name for migration in first}
    return (*first, *(m for m in then if m.name not in names))
