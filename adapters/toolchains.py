"""Toolchains that more than one tool runs on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.model.toolchain import Toolchain

COMMON = Toolchain(
    name="common",
    lock=str(Path(__file__).with_name("common.txt")),
    summary="all tools on one interpreter with one SQLAlchemy: only the tools differ",
)
ICEHOUSE = Toolchain(
    name="icehouse",
    lock=str(Path(__file__).with_name("icehouse.txt")),
    summary="what a team had in November 2013, on Python 2.7",
    python="2.7",
    interpreter="2.7",
)


def checks_booleans(versions: Mapping[str, str]) -> bool:
    """Tell whether SQLAlchemy puts a CHECK on a Boolean column: it did before 1.4."""
    major, minor = map(int, versions["sqlalchemy"].split(".")[:2])
    return (major, minor) < (1, 4)
