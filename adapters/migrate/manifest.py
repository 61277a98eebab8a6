"""A history that `versions.json` makes up: the proposal of 2013."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from adapters.migrate.files import VERSIONS, Version, name_of
from adapters.migrate.irregular import IrregularHistory, in_manifest
from adapters.migrate.rendering import python_script
from harness.contract import Authoring, Losing, Unsupported
from harness.model.departures import Naming
from harness.model.schema import Schema
from harness.model.steps import Migration

MANIFEST = VERSIONS / "versions.json"


class ManifestHistory(IrregularHistory):
    """What users of the manifest do: they edit one line where others rename files."""

    def initialise(self) -> None:
        """Create the repository of scripts, with an empty manifest in it."""
        super().initialise()
        self._record(())

    def reposition(self, losing: Losing) -> None:
        """Give the losing entries of the manifest the numbers after the landed ones.

        Files stay as they are, unless what has landed has one of the same name: then
        the loser's is written under another.
        """
        names = {authoring.migration.name for authoring in losing.migrations}
        lost = [
            version
            for version in read(self.session.show(losing.tip, MANIFEST) or "{}")
            if names.intersection(version.names)
        ]
        kept = {path.name for path in losing.conflicts}
        own = {file for version in lost for file in version.files} - kept
        landed = [v for v in self._versions() if not own.intersection(v.files)]
        last = max((version.number for version in landed), default=0)
        again = [
            Version(number, self._rescued(version.files, kept, losing.tip, number))
            for number, version in enumerate(lost, start=last + 1)
        ]
        self._record((*landed, *again))

    def rename(self, name: str, naming: Naming) -> None:
        """Rename the script, and say so in the manifest."""
        script = self.script(name)
        new = in_manifest(script, naming)
        self._gone[name] = self._number(name)
        self.session.move(script, new)
        self._record(
            _with_files(v, tuple(new.name if f == script.name else f for f in v.files))
            for v in self._versions()
        )

    def write_by_hand(self, authoring: Authoring) -> tuple[str, ...]:
        """Write a script without a number, and its entry in the manifest."""
        file = f"{authoring.migration.name}.py"
        number = self._newest() + 1
        self._write(file, python_script(authoring.migration, authoring.before))
        self._record((*self._versions(), Version(number, (file,))))
        return ("the next number: in the first entry of versions.json",)

    def _begin_line(self, line: str) -> None:
        super()._begin_line(line)
        manifest = self._path(Path(line) / "versions" / MANIFEST.name)
        manifest.write_text(written(()), encoding="utf-8")

    def guard(self) -> None:
        """Cannot be asked for: every command that loads the repository checks it."""
        reason = (
            "the manifest has no check of its own: "
            "every command of the tool that loads the repository reads it"
        )
        raise Unsupported(reason)

    def guard_files(self) -> tuple[Path, ...]:
        """Return the manifest."""
        return (MANIFEST,)

    def _versions(self) -> tuple[Version, ...]:
        return read(self._path(MANIFEST).read_text(encoding="utf-8"))

    def _record(self, versions: Iterable[Version]) -> None:
        self._path(MANIFEST).write_text(written(versions), encoding="utf-8")

    def _append(self, migrations: Iterable[Migration]) -> None:
        standing = self._versions()
        more: list[Version] = []
        for number, migration in enumerate(migrations, start=self._newest() + 1):
            more.append(Version(number, (f"{migration.name}.py",)))
            self._write(more[-1].files[0], python_script(migration, Schema()))
        self._record((*standing, *more))

    def _join(self, files: Iterable[str], number: int) -> None:
        joining = set(files)
        versions = self._versions()
        added = tuple(f for v in versions for f in v.files if f in joining)
        self._record(
            _with_files(version, (*version.files, *added))
            if version.number == number
            else version
            for version in versions
            if joining.isdisjoint(version.files)
        )

    def _copy_number(self, version: Version, number: int) -> None:
        self._record(
            _with_number(other, number) if other.files == version.files else other
            for other in self._versions()
        )

    def _make_room(self, number: int) -> None:
        self._record(
            _with_number(version, version.number + (version.number >= number))
            for version in self._versions()
        )

    def _rescued(
        self, files: Iterable[str], kept: set[str], tip: str, number: int
    ) -> tuple[str, ...]:
        """Return the loser's files, written anew where git kept the landed one."""
        rescued: list[str] = []
        for file in files:
            if file not in kept:
                rescued.append(file)
                continue
            name = name_of(file)
            rescued.append(file.replace(name, f"{name}_{number}", 1))
            self._write(rescued[-1], self.session.show(tip, VERSIONS / file) or "")
        return tuple(rescued)


def read(text: str) -> tuple[Version, ...]:
    """Return a manifest's entries by number; a number may be there twice."""
    pairs = json.loads(text, object_pairs_hook=tuple)
    return tuple(sorted(Version(int(number), tuple(files)) for number, files in pairs))


def written(versions: Iterable[Version]) -> str:
    """Return a manifest as the tool writes it: a version a line, the newest first.

    In this order a new version is one more line, and no comma changes on another.
    """
    newest_first = sorted(versions, key=lambda version: version.number, reverse=True)
    lines = [f'  "{v.number}": {json.dumps(v.files)}' for v in newest_first]
    body = ",\n".join(lines)
    return f"{{\n{body}\n}}\n" if body else "{\n}\n"


def _with_files(version: Version, files: tuple[str, ...]) -> Version:
    return msgspec.structs.replace(version, files=files)


def _with_number(version: Version, number: int) -> Version:
    return msgspec.structs.replace(version, number=number)
