"""Candidates that are slow on purpose: whether the difference is told, is a benchmark."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.contract import Adapter, History, Launching, Session
from harness.execution.registry import Registry, registry
from harness.model.cell import Candidate

_SLOWED = "-slowed-"


class Planted(Adapter):
    """A tool with its candidates, and each of them slowed by some per cent as well."""

    def __init__(self, plain: Adapter, per_cents: tuple[int, ...]) -> None:
        self._plain = plain
        self._base = {
            _slowed(candidate, per_cent).name: candidate
            for candidate in plain.candidates
            for per_cent in per_cents
        }
        self.tool = plain.tool  # type: ignore[misc]
        self.distribution = plain.distribution  # type: ignore[misc]
        self.toolchains = plain.toolchains  # type: ignore[misc]
        self.candidates = tuple(  # type: ignore[misc]
            one
            for candidate in plain.candidates
            for one in (candidate, *(_slowed(candidate, p) for p in per_cents))
        )

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Start the tool as the candidate that was slowed does."""
        base = self._base.get(candidate.name, candidate)
        return self._plain.launching(base, toolchain)

    def open(self, session: Session) -> History:
        """Return the history of the candidate that was slowed."""
        base = self._base.get(session.candidate.name, session.candidate)
        asked: Any = _Asked(session, base)
        return self._plain.open(asked)


class _Asked:
    """A session that is told to be of another candidate."""

    def __init__(self, session: Session, candidate: Candidate) -> None:
        self._session = session
        self.candidate = candidate

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._session, name)


def plant(everything: Registry, per_cent: int) -> tuple[Registry, dict[str, int]]:
    """Return a registry with slowed candidates, and by how much each is slowed.

    Those slowed by nothing go through the same interference: nothing else differs.
    """
    per_cents = (0, per_cent)
    adapters = [Planted(one, per_cents) for one in everything.adapters.values()]
    slowed = {
        _slowed(candidate, p).name: p
        for candidate in everything.candidates
        for p in per_cents
    }
    return registry(adapters, everything.scenarios), slowed


def family_of(candidate: str) -> str:
    """Return the candidate that one was made of, or the same."""
    return candidate.partition(_SLOWED)[0]


def _slowed(candidate: Candidate, per_cent: int) -> Candidate:
    return msgspec.structs.replace(
        candidate,
        name=f"{candidate.name}{_SLOWED}{per_cent}",
        summary=f"{candidate.name}, slowed on purpose by {per_cent} %",
    )
