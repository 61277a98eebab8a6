"""Toolchains that more than one tool runs on."""

from __future__ import annotations

from pathlib import Path

from harness.model.toolchain import Toolchain

COMMON = Toolchain(
    name="common",
    lock=str(Path(__file__).with_name("common.txt")),
    summary="all tools on one interpreter with one SQLAlchemy: only the tools differ",
)
