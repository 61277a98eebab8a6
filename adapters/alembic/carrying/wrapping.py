"""Revisions that call the original script."""

from __future__ import annotations

_BEFORE = (
    "import os",
    "",
    "here = os.path.dirname(os.path.abspath(__file__))",
    'original = os.path.join(here, "..", "..", "original")',
    "engine = op.get_bind().engine",
)


def wrapped(call: str) -> list[str]:
    """Return lines that give a call what it needs: an engine, and where the scripts lie."""
    return [*_BEFORE, *call.splitlines()]
