"""Candidates that are slow on purpose, or nothing but another name.

Whether the difference is told, and no other, is a benchmark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from harness.contract import Adapter, History, Launching, Mark, Session
from harness.execution.registry import Registry, registry
from harness.model.benchmark import again
from harness.model.cell import Candidate

_SLOWED = "-slowed-"
_Making = Callable[[Candidate], tuple[Candidate, ...]]


class Planted(Adapter):
    """A tool with its candidates, and those that are made of each."""

    def __init__(self, plain: Adapter, made: _Making) -> None:
        self._plain = plain
        self._base = {
            one.name: candidate
            for candidate in plain.candidates
            for one in made(candidate)
        }
        self.tool = plain.tool  # type: ignore[misc]
        self.distribution = plain.distribution  # type: ignore[misc]
        self.toolchains = plain.toolchains  # type: ignore[misc]
        self.candidates = tuple(  # type: ignore[misc]
            one
            for candidate in plain.candidates
            for one in (candidate, *made(candidate))
        )

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Start the tool as the candidate does of which one was made."""
        base = self._base.get(candidate.name, candidate)
        return self._plain.launching(base, toolchain)

    def marks(self, versions: Mapping[str, str]) -> tuple[Mark, ...]:
        """Say what the tool's functions are for."""
        return self._plain.marks(versions)

    def open(self, session: Session) -> History:
        """Return the history of the candidate of which one was made."""
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

    def made(candidate: Candidate) -> tuple[Candidate, ...]:
        return tuple(_slowed(candidate, p) for p in per_cents)

    adapters = [Planted(one, made) for one in everything.adapters.values()]
    slowed = {
        _slowed(candidate, p).name: p
        for candidate in everything.candidates
        for p in per_cents
    }
    return registry(adapters, everything.scenarios), slowed


def twice(everything: Registry) -> Registry:
    """Return a registry in which each candidate has another name as well."""

    def made(candidate: Candidate) -> tuple[Candidate, ...]:
        return (msgspec.structs.replace(candidate, name=again(candidate.name)),)

    adapters = [Planted(one, made) for one in everything.adapters.values()]
    return registry(adapters, everything.scenarios)


def family_of(candidate: str) -> str:
    """Return the candidate that one was made of, or the same."""
    return candidate.partition(_SLOWED)[0]


def _slowed(candidate: Candidate, per_cent: int) -> Candidate:
    return msgspec.structs.replace(
        candidate,
        name=f"{candidate.name}{_SLOWED}{per_cent}",
        summary=f"{candidate.name}, slowed on purpose by {per_cent} %",
    )
