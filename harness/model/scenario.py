"""A scenario: a story told in tool-neutral steps, with what it wants to find out."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from harness.model.steps import Measure, Step

ALL_BACKENDS = ("sqlite", "postgresql", "mysql")


class Family(StrEnum):
    """The question that a scenario belongs to."""

    CHANGES = "changes"
    CONFLICTS = "conflicts"
    LINEARITY = "linearity"
    OFFLINE = "offline"
    SPEED = "speed"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One story; `name` is unique in its family and fit for a file name.

    `question` is what it wants to find out and `why` the reason a team would care:
    one sentence each, quoted by the report. `sources` says where the story comes from,
    `backends` on which databases it has a meaning.
    """

    name: str
    family: Family
    question: str
    why: str
    steps: tuple[Step, ...]
    sources: tuple[str, ...] = ()
    backends: tuple[str, ...] = ALL_BACKENDS

    @property
    def id(self) -> str:
        """`family/name`, the scenario's place in reports and on the command line."""
        return f"{self.family}/{self.name}"

    @property
    def timed(self) -> bool:
        """Whether candidates take turns in it, with nothing else running."""
        return any(isinstance(step, Measure) for step in self.steps)

    @property
    def digest(self) -> str:
        """A digest of the steps: evidence of another digest is not comparable.

        It is over what the story says. A field that has its default is not written, so
        that steps can get new fields without a story becoming another one.
        """
        encoded = msgspec.json.encode(self.steps, order="deterministic")
        return hashlib.sha256(encoded).hexdigest()[:16]
