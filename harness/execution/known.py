"""Files of known differences: one beside each adapter, and those that a user names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.execution.registry import Registry
from harness.model.known import KnownDifference


class KnownError(ValueError):
    """A file of known differences cannot be read; the message names it."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of known differences."""

    difference: tuple[KnownDifference, ...] = ()


def known_differences(
    registry: Registry, more: Iterable[Path] = ()
) -> tuple[KnownDifference, ...]:
    """Return what is known by the adapters, and by more files."""
    files = (adapter.known_differences for adapter in registry.adapters.values())
    return load((*(file for file in files if file is not None), *more))


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
            re.compile(known.sentence)
            re.compile(known.outcome)
    except (OSError, msgspec.DecodeError, re.error) as error:
        message = f"{path}: {error}"
        raise KnownError(message) from error
    for known in found:
        _check(path, known)
    return found


def _check(path: Path, known: KnownDifference) -> None:
    complaint = ""
    if not known.symptom and not known.outcome:
        complaint = "it needs a symptom, or scenarios and an outcome"
    elif bool(known.scenarios) is not bool(known.outcome):
        complaint = "scenarios and outcome go together"
    if complaint:
        message = f"{path}: difference {known.id!r}: {complaint}"
        raise KnownError(message)
