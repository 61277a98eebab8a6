"""A cell: one scenario × candidate × toolchain × backend."""

from __future__ import annotations

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """A tool together with a policy: a way of using it.

    `policy` says what is ruled; it is empty for the tool as published.
    """

    name: str
    tool: str
    summary: str
    policy: str = ""


class Cell(msgspec.Struct, frozen=True, order=True):
    """The unit of work, of isolation and of resumption."""

    scenario: str
    candidate: str
    toolchain: str
    backend: str

    @property
    def id(self) -> str:
        """The cell's name on the command line, in evidence and in the report."""
        return f"{self.scenario}:{self.candidate}:{self.toolchain}:{self.backend}"


class Absence(msgspec.Struct, frozen=True):
    """Something that is not part of a run, and why."""

    subject: str
    reason: str
    remedy: str = ""
