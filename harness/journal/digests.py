"""Digests: whether what is read from a run's folder is what was written there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from harness.journal import files

REMEDY = (
    "Take the file from a copy, or run the cells again whose lines are not as they "
    "were written: `run --resume --output {folder}`"
)


class AlteredError(files.JournalError):
    """Stored evidence is not as it was written; the message says where."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of some content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def seal(record: dict[str, Any]) -> str:
    """Return a record's seal: the digest of all its fields but `seal`.

    They are written as JSON with sorted keys, without spaces.
    """
    fields = {name: value for name, value in record.items() if name != "seal"}
    return digest(msgspec.json.encode(fields, order="sorted"))


def lines_of(content: bytes) -> list[bytes]:
    """Return the lines of a file; what follows the last line's end is one as well."""
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def check_lines(path: Path, content: bytes, digests: Sequence[str]) -> None:
    """See that a file's lines have these digests; `AlteredError` names the first."""
    lines = lines_of(content)
    found = [digest(line) for line in lines]
    if found == [*digests] and (not lines or content.endswith(b"\n")):
        return
    pairs = zip(found, digests, strict=False)
    alike = min(len(found), len(digests))
    at = next((i for i, (one, other) in enumerate(pairs) if one != other), alike)
    where = f"{path}, line {at + 1}"
    remedy = REMEDY.format(folder=path.parent)
    message = f"{where}: {_what(at, found, digests)}. {remedy}"
    raise AlteredError(message)


def _what(at: int, found: Sequence[str], digests: Sequence[str]) -> str:
    """Say what is wrong with the first line that is not as it was written."""
    if at == len(found) == len(digests):
        return "its end is missing"
    if at == len(found):
        return f"the file ends here, but {len(digests)} lines were written"
    if at == len(digests):
        return f"only {len(digests)} lines were written"
    if found[at] in digests:
        return "lines were removed, repeated or put into another order here"
    return "changed since it was written"


def check_seal(path: Path, record: dict[str, Any]) -> None:
    """See that a record is as it was sealed; `AlteredError` if not."""
    if record.get("seal") != seal(record):
        message = (
            f"{path}: changed since it was written. Take the file from a copy, or run "
            "the comparison again"
        )
        raise AlteredError(message)
