"""What the versions directory tells: which files belong to which version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

REPOSITORY = Path("migrations")
VERSIONS = REPOSITORY / "versions"

_NUMBERED = re.compile(r"(?P<number>\d{3,})_?(?P<rest>.*)")
_SQL_ENDING = re.compile(r"_[a-z]+_(upgrade|downgrade)$")


class Version(msgspec.Struct, frozen=True, order=True):
    """A version number with the names of its files."""

    number: int
    files: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the migrations that have this number; it should be one."""
        return tuple(dict.fromkeys(map(name_of, sorted(self.files))))


def name_of(file: str) -> str:
    """Return the migration's name that a file's name holds, with or without number."""
    path = Path(file)
    numbered = _NUMBERED.fullmatch(path.stem)
    name = numbered["rest"] if numbered else path.stem
    return _SQL_ENDING.sub("", name) if path.suffix == ".sql" else name


def number_of(file: str) -> int | None:
    """Return the version number that a file's name begins with, as the tool reads it.

    Fewer than three digits are no number: the tool passes over such a file in silence.
    """
    numbered = _NUMBERED.fullmatch(file)
    return int(numbered["number"]) if numbered else None


def with_number(file: str, number: int) -> str:
    """Return a numbered file's name with another number in it."""
    numbered = _NUMBERED.fullmatch(file)
    if numbered is None:
        message = f"{file} has no version number in its name"
        raise ValueError(message)
    return f"{number:03d}_{numbered['rest']}"


def scripts_in(directory: Path) -> tuple[str, ...]:
    """Return the names of the scripts in a versions directory, sorted."""
    return tuple(
        sorted(
            file.name
            for file in directory.iterdir()
            if file.suffix in {".py", ".sql"} and file.name != "__init__.py"
        )
    )


def by_number(files: Iterable[str]) -> tuple[Version, ...]:
    """Return the versions that file names make up, by number."""
    found: dict[int, list[str]] = {}
    for file in files:
        number = number_of(file)
        if number is not None:
            found.setdefault(number, []).append(file)
    return tuple(sorted(Version(n, tuple(files)) for n, files in found.items()))
