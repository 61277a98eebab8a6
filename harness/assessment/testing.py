"""Which migrations have a test, told by the text of test files."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from harness.assessment.downgrades import does_something
from harness.assessment.values import Tests, Walk
from harness.contract import Identity, TestingHabit
from harness.model.history import Place, Revision

BESIDE = "a test file beside the migration, or named after it"
NAMED = "a test that names the revision's id"
_TEST = re.compile(r"test_(?P<before>.+)|(?P<after>.+)_test")
_ROOTS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "tox.ini")
_PASSED_OVER = {"__pycache__", "node_modules", "site-packages"}
_LARGEST = 5_000_000


def tested(
    place: Place,
    revisions: Mapping[str, Revision],
    identity: Identity,
    habits: Iterable[TestingHabit],
    named: Iterable[Path],
) -> Tests:
    """Return which revisions have a test of their own, and which tests walk them all.

    Tests are looked for in the folders that are named; without any, below the folder of
    the project, or of the outermost package, that the repository lies in.
    """
    folders = tuple(named) or (_project(place.directory),)
    found: dict[str, dict[Path, None]] = defaultdict(dict)
    by_habit: Counter[str] = Counter()
    walks: dict[Walk, None] = {}
    files = [file for folder in folders for file in _test_files(folder)]
    after = _names(revisions)
    habits = tuple(habits)
    for file in files:
        shown = Path(os.path.relpath(file, place.directory))
        text = _text(file)
        for habit, name in _tests_in(file, text, revisions, identity, habits, after):
            if shown not in found[name]:
                by_habit[habit] += 1
            found[name][shown] = None
        for habit_all in habits:
            if habit_all.all and re.search(habit_all.all, text):
                walks[Walk(habit_all.name, shown)] = None
    without = [r for r in revisions.values() if r.id not in found]
    return Tests(
        looked_in=folders,
        files=len(files),
        tested={name: tuple(files) for name, files in found.items()},
        by_habit=dict(by_habit),
        walks=tuple(walks),
        lacking=tuple(r.id for r in without if does_something(r)),
        idle=tuple(r.id for r in without if not (r.unread or does_something(r))),
    )


def _project(directory: Path) -> Path:
    """Return the folder of the project, or of the outermost package, around a folder."""
    here = directory
    for folder in (directory, *directory.parents):
        if any(_there(folder / root) for root in _ROOTS):
            return folder
        if _there(folder / "__init__.py"):
            here = folder
        elif here != directory:
            break
    return here


def _there(path: Path) -> bool:
    # Path.exists() raises where we may not look.
    return os.path.exists(path)  # noqa: PTH110


def _test_files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            n for n in folders if n not in _PASSED_OVER and not n.startswith(".")
        )
        inside = {"tests", "test"} & set(Path(root).relative_to(folder).parts)
        for name in sorted(names):
            stem, dot, ending = name.rpartition(".")
            if ending != "py" or not dot:
                continue
            if inside or folder.name in {"tests", "test"} or _TEST.fullmatch(stem):
                yield Path(root, name)


def _text(file: Path) -> str:
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return ""  # A pipe would keep us waiting.
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _names(revisions: Mapping[str, Revision]) -> dict[str, str]:
    """Return the ids by the stems of their scripts."""
    return {file.stem: r.id for r in revisions.values() for file in r.files}


def _tests_in(
    file: Path,
    text: str,
    revisions: Mapping[str, Revision],
    identity: Identity,
    habits: tuple[TestingHabit, ...],
    after: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Return by which habit a file tests which revision."""
    for habit in habits:
        for match in re.finditer(habit.one, text) if habit.one else ():
            name = match["id"]
            name = str(int(name)) if identity.numbered and name.isdecimal() else name
            if name in revisions:
                yield habit.name, name
    stem = _TEST.fullmatch(file.stem)
    if stem is not None:
        named = stem["before"] or stem["after"]
        if named in after:
            yield BESIDE, after[named]
        elif named in revisions:
            yield BESIDE, named
    if not identity.numbered:
        for quoted in re.findall(r"""["'](\w{4,})["']""", text):
            if quoted in revisions:
                yield NAMED, quoted
    for module in re.findall(r"\bversions?\.(\w+)", text):
        if module in after:
            yield NAMED, after[module]
