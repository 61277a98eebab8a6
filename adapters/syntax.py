"""Why a script is no Python that can be read, in words for a person."""

from __future__ import annotations

import re
import sys

_OLD_WORDS = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)
_OLD_CODE = re.compile(
    r"^\s*raise\s+[\w.]+\s*,|\bexcept\s+[\w.]+\s*,\s*\w+\s*:|<>|`[^`]+`|\b0?\d+L\b"
    r"|\bur['\"]|^\s*print\b(?!\s*\()|^\s*exec\b(?!\s*\()"
)
"""What only Python 2 takes: the next version has other words for each of them."""

_CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)


def why_not(source: bytes, error: SyntaxError) -> str:
    """Say what is wrong with a script: git's marks, another Python, or the line."""
    if found := _CONFLICT.search(source):
        line = source.count(b"\n", 0, found.start()) + 1
        return f"line {line}: a conflict that git marked was never resolved"
    where = f"line {error.lineno}: " if error.lineno else ""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{where}not Python {version} ({error.msg})"


def is_old(error: SyntaxError) -> bool:
    """Tell whether the line that is no Python here is one of Python 2."""
    return any(words in error.msg for words in _OLD_WORDS) or bool(
        _OLD_CODE.search(error.text or "")
    )
