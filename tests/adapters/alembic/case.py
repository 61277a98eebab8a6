"""One way to bring the tool to say something."""

from __future__ import annotations

import msgspec

from harness.model.evidence import Fault, OutcomeKind
from harness.model.steps import Resource
from tests.adapters.alembic.broken import Prepare

NOT_SET = "-"
"""Stands for an environment without DATABASE_URL."""


class Case(msgspec.Struct, frozen=True):
    """What is prepared, which command is then run, and what it is expected to say."""

    prepare: Prepare
    argv: tuple[str, ...]
    kind: OutcomeKind
    fault: Fault
    words: str
    url: str | None = None
    without: tuple[Resource, ...] = ()
    newest: str | None = None
    """What is said in the newest toolchain, if it is something else."""
