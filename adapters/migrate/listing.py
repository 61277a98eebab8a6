"""Which files make up which version: by the numbers in their names, or by versions.json."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from adapters.migrate.files import number_of
from adapters.reading import UnreadableError, functions, listed, text_of, tree_of
from harness.model.faults import FaultKind
from harness.model.history import Edit, Repositioning, Trouble

MANIFEST = "versions.json"
_ENTRY = re.compile(r'\s*"(?P<number>\d+)"\s*:\s*(?P<files>\[[^\]]*\])')
_SCRIPTS = (".py", ".sql")


class Listed(msgspec.Struct, frozen=True):
    """A number with its files; it may be there twice."""

    number: int
    files: tuple[Path, ...]


def versions_in(folder: Path) -> tuple[tuple[Listed, ...], tuple[Trouble, ...]]:
    """Return the versions of a folder, and what is wrong with how they are told."""
    try:
        files = listed(folder)
    except UnreadableError as error:
        words = f"the folder of scripts cannot be listed: {error}"
        return (), (
            Trouble(FaultKind.NO_SCRIPTS, words, "allow reading it", (folder,)),
        )
    manifest = folder / MANIFEST
    if manifest in files:
        return _by_manifest(manifest, files)
    return _by_names(folder, files)


def moved_in_manifest(edit: Edit) -> Repositioning | None:
    """Tell a commit that gave files another number in versions.json."""
    was, became = _entries(edit.removed), _entries(edit.added)
    for files, number in became.items():
        if was.get(files, number) != number:
            file = edit.after.parent / json.loads(files)[0]
            return Repositioning(
                edit.commit, edit.date, edit.subject, file, was[files], number
            )
    return None


def _entries(lines: tuple[str, ...]) -> dict[str, str]:
    """Return the numbers by their lists of files, as lines of a manifest have them."""
    found = (_ENTRY.match(line) for line in lines)
    return {m["files"]: m["number"] for m in found if m and _named_files(m["files"])}


def _named_files(text: str) -> bool:
    try:
        files = json.loads(text)
    except ValueError:
        return False
    return bool(files) and all(isinstance(name, str) for name in files)


def _by_names(
    folder: Path, files: tuple[Path, ...]
) -> tuple[tuple[Listed, ...], tuple[Trouble, ...]]:
    found: dict[int, list[Path]] = {}
    troubles = []
    for file in files:
        number = number_of(file.name)
        if number is not None:
            found.setdefault(number, []).append(file)
        elif _looks_like_one(file):
            troubles.append(_unnumbered(file))
    if folder / "1" in files:
        troubles.append(_old_form(folder / "1"))
    if 0 in found:
        troubles.append(_never_reached(found[0]))
    versions = (Listed(number, tuple(own)) for number, own in sorted(found.items()))
    return tuple(versions), tuple(troubles)


def _unnumbered(file: Path) -> Trouble:
    return Trouble(
        FaultKind.SILENT_LOSER,
        "is a script, but its name does not begin with a number of three digits or more",
        "give it the next number, or move it out of the folder",
        (file,),
    )


def _old_form(folder: Path) -> Trouble:
    return Trouble(
        FaultKind.BAD_NAME,
        "is how the first releases kept versions, in a folder each; later ones refuse "
        "the whole repository when they see it",
        "move its scripts up with numbers in their names, or give it another name",
        (folder,),
    )


def _never_reached(files: list[Path]) -> Trouble:
    return Trouble(
        FaultKind.SILENT_LOSER,
        "version 0 is where a new database begins, so it is never applied",
        "give it the next number",
        tuple(files),
    )


def _looks_like_one(file: Path) -> bool:
    if file.suffix == ".sql":
        return True
    if file.suffix != ".py" or file.name == "__init__.py":
        return False
    try:
        return "upgrade" in functions(tree_of(file))
    except UnreadableError:
        return False


def _by_manifest(
    manifest: Path, files: tuple[Path, ...]
) -> tuple[tuple[Listed, ...], tuple[Trouble, ...]]:
    try:
        entries = _read(manifest)
    except UnreadableError as error:
        return (), (_wrong(manifest, f"cannot be read: {error}"),)
    folder = manifest.parent
    there = {file.name for file in files}
    versions = tuple(
        Listed(number, tuple(folder / name for name in names if name in there))
        for number, names in sorted(entries)
    )
    troubles = (_wrong(manifest, words) for words in _problems(entries, files))
    return versions, tuple(troubles)


def _read(manifest: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Return the entries of a manifest; `UnreadableError` if it is of another form."""
    try:
        pairs = json.loads(text_of(manifest), object_pairs_hook=tuple)
        entries = [(int(number), tuple(names)) for number, names in pairs]
    except (ValueError, TypeError, RecursionError) as error:
        message = f"it does not map numbers to lists of files ({error})"
        raise UnreadableError(message) from error
    for number, names in pairs:
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            message = f"what {number} names are not all files"
            raise UnreadableError(message)
    return entries


def _problems(
    entries: list[tuple[int, tuple[str, ...]]], files: tuple[Path, ...]
) -> Iterator[str]:
    named = Counter(name for _, names in entries for name in names)
    there = {
        file.name
        for file in files
        if file.suffix in _SCRIPTS and file.name != "__init__.py"
    }
    yield from (
        f"has a version {number}, below 1" for number, _ in entries if number < 1
    )
    yield from (f"lists {n} more than once" for n, times in named.items() if times > 1)
    yield from (
        f"lists {n}, and there is no such file" for n in named if n not in there
    )
    yield from (f"does not list {n}" for n in sorted(there) if n not in named)


def _wrong(manifest: Path, words: str) -> Trouble:
    remedy = (
        'let it list every script of the folder once, as \'"NUMBER": ["FILE"]\', or '
        "remove it and give the files numbers"
    )
    return Trouble(FaultKind.SETTINGS, words, remedy, (manifest,))


def has_manifest(folder: Path) -> bool:
    """Tell whether a folder of scripts has a manifest."""
    return os.path.lexists(folder / MANIFEST)
