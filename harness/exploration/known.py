"""Differences that are known: they are counted, and do not stop a search."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.exploration.symptoms import Sighting
from harness.model.cell import Cell


class KnownError(ValueError):
    """A file of known differences cannot be read; the message names it."""


class KnownDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known difference; an empty field is met by anything.

    `symptom` is a regular expression that must be found in the symptom as reports write
    it. One of `operations` must be among those that the symptom came with. Of
    `candidates`, `backends` and `toolchains` one pattern each must match. `versions`
    says with which releases it was seen; `reference` is an address, or an id of the
    catalogue.
    """

    id: str
    symptom: str
    reason: str
    reference: str
    operations: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ()
    versions: dict[str, str] = {}

    def covers(self, sighting: Sighting) -> bool:
        """Tell whether a sighting is of this difference."""
        came_with = not self.operations or {*self.operations} & {*sighting.operations}
        return (
            bool(came_with)
            and re.search(self.symptom, written(sighting)) is not None
            and self.concerns(sighting.cell)
        )

    def concerns(self, cell: Cell) -> bool:
        """Tell whether it could be seen in a cell."""
        return (
            _one_matches(self.candidates, cell.candidate)
            and _one_matches(self.backends, cell.backend)
            and _one_matches(self.toolchains, cell.toolchain)
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of known differences."""

    difference: tuple[KnownDifference, ...] = ()


def written(sighting: Sighting) -> str:
    """Return a symptom as reports and files write it: `up, differs: missing check`."""
    symptom = sighting.symptom
    return f"{symptom.going}, {symptom.kind}: {symptom.says}"


def load(paths: Iterable[Path]) -> tuple[KnownDifference, ...]:
    """Read files of known differences; `KnownError` for one that is not in order."""
    found = tuple(known for path in paths for known in _load(path))
    ids = [known.id for known in found]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        message = f"two known differences have the id {twice[0]!r}"
        raise KnownError(message)
    return found


def _load(path: Path) -> tuple[KnownDifference, ...]:
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_File).difference
        for known in found:
            re.compile(known.symptom)
    except (OSError, msgspec.DecodeError, re.error) as error:
        message = f"{path}: {error}"
        raise KnownError(message) from error
    return found


def _one_matches(patterns: tuple[str, ...], name: str) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(name, p) for p in patterns)
