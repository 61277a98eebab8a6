"""The plan of a run: which cells, and what is not among them and why."""

from __future__ import annotations

import difflib
import fnmatch
import itertools
from collections.abc import Iterable, Mapping

import msgspec

from harness.execution.offers import toolchain_here
from harness.execution.registry import Registry
from harness.model.cell import Absence, Candidate, Cell
from harness.model.scenario import Family, Scenario
from harness.model.toolchain import Toolchain

Offered = Mapping[str, Absence | None]
"""Backends by name: None where there is one, else why there is none here."""

EMBEDDED = "sqlite"
"""The backend that is taken where none is asked for: it is always there."""

ALL = "all"


_ELSEWHERE = (
    "its policy is about {policy} and lies in files, whatever the database: it is tried on "
    f"{EMBEDDED}"
)
_TIMED = (
    "its policy is about {policy}: tools are timed, and there is more time for each if "
    "they are fewer"
)


class SelectionError(ValueError):
    """A selection names something that does not exist, or selects nothing."""


class Selection(msgspec.Struct, frozen=True):
    """What a user asked for; an empty field asks for everything.

    `scenarios` are shell patterns over scenario ids, or over names alone. An empty
    `backends` asks for the embedded one, `all` for everything.
    """

    scenarios: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """The cells of a run in the order of the report, and what is left out."""

    cells: tuple[Cell, ...]
    absences: tuple[Absence, ...]


def plan(registry: Registry, selection: Selection, offered: Offered) -> Plan:
    """Return the plan for a selection; `SelectionError` if it cannot be met."""
    _check(registry, selection, offered)
    backends = _backends(selection, offered)
    scenarios = [s for s in registry.scenarios if _selected(s, selection)]
    columns = [
        (candidate, toolchain)
        for candidate in registry.candidates
        if not selection.candidates or candidate.name in selection.candidates
        for toolchain in registry.adapters[candidate.tool].toolchains
        if not selection.toolchains or toolchain in selection.toolchains
    ]
    cells = tuple(
        Cell(scenario.id, candidate.name, toolchain, backend)
        for scenario in scenarios
        for backend in offered
        if backend in scenario.backends and backend in backends
        if offered[backend] is None
        for candidate, toolchain in columns
        if _runs(registry, candidate, toolchain)
        if not _beside_the_point(scenario, candidate, backend, selection)
    )
    useful = {backend for scenario in scenarios for backend in scenario.backends}
    absences = (
        *_absences(registry, columns),
        *_backends_left_out(backends, useful, offered),
        *_policies_left_out(scenarios, columns, selection, offered),
    )
    if not cells:
        raise SelectionError(_nothing(absences))
    return Plan(cells, absences)


def toolchains_of(registry: Registry) -> tuple[str, ...]:
    """Return the names of all toolchains, in the order in which adapters name them."""
    names = (name for a in registry.adapters.values() for name in a.toolchains)
    return tuple(dict.fromkeys(names))


def _selected(scenario: Scenario, selection: Selection) -> bool:
    if selection.families and scenario.family not in selection.families:
        return False
    patterns = selection.scenarios
    return not patterns or any(_matches(scenario, pattern) for pattern in patterns)


def _matches(scenario: Scenario, pattern: str) -> bool:
    return fnmatch.fnmatchcase(scenario.id, pattern) or fnmatch.fnmatchcase(
        scenario.name, pattern
    )


def _runs(registry: Registry, candidate: Candidate, toolchain: str) -> bool:
    return isinstance(
        toolchain_here(registry.adapters[candidate.tool], toolchain), Toolchain
    )


def _absences(
    registry: Registry, columns: Iterable[tuple[Candidate, str]]
) -> Iterable[Absence]:
    for candidate, toolchain in columns:
        absent = toolchain_here(registry.adapters[candidate.tool], toolchain)
        if isinstance(absent, Absence):
            subject = f"{candidate.name} on {toolchain}"
            yield Absence(subject, absent.reason, absent.remedy)


def _backends(selection: Selection, offered: Iterable[str]) -> tuple[str, ...]:
    if ALL in selection.backends:
        return tuple(offered)
    return selection.backends or (EMBEDDED,)


def _backends_left_out(
    chosen: tuple[str, ...], useful: set[str], offered: Offered
) -> Iterable[Absence]:
    """Yield why backends are not in the plan on which scenarios could be run."""
    for name, absence in offered.items():
        if name in chosen and absence is not None:
            yield absence
        elif name not in chosen and name in useful:
            remedy = f"add --backend {name}, or --backend {ALL}"
            yield Absence(name, "it was not asked for", remedy)


def _beside_the_point(
    scenario: Scenario, candidate: Candidate, backend: str, selection: Selection
) -> bool:
    """Tell whether a policy is of no interest beside what its tool does.

    A policy rules histories, by files that no database makes a difference to: one backend
    shows what it does. Times are of tools: everybody who takes turns costs the others
    samples.
    """
    if not candidate.policy or candidate.name in selection.candidates:
        return False
    return scenario.family == Family.SPEED or (
        backend != EMBEDDED
        and EMBEDDED in scenario.backends
        and EMBEDDED in _backends(selection, (EMBEDDED, backend))
    )


def _policies_left_out(
    scenarios: Iterable[Scenario],
    columns: Iterable[tuple[Candidate, str]],
    selection: Selection,
    offered: Offered,
) -> Iterable[Absence]:
    chosen = _backends(selection, offered)
    left_out: dict[tuple[Candidate, bool], dict[str, None]] = {}
    for candidate, scenario in itertools.product(
        dict.fromkeys(candidate for candidate, _ in columns), scenarios
    ):
        for backend in chosen:
            there = offered[backend] is None and backend in scenario.backends
            if there and _beside_the_point(scenario, candidate, backend, selection):
                timed = scenario.family == Family.SPEED
                left_out.setdefault((candidate, timed), {})[backend] = None
    for (candidate, timed), backends in left_out.items():
        what = f"{candidate.name} in {Family.SPEED}" if timed else candidate.name
        yield Absence(
            f"{what} on {' and '.join(backends)}",
            (_TIMED if timed else _ELSEWHERE).format(policy=candidate.policy),
            f"name it: --candidate {candidate.name}",
        )


def _nothing(absences: tuple[Absence, ...]) -> str:
    """Say why a selection comes to nothing; it may be what is not there."""
    missing = [f"{a.subject}: {a.reason}; {a.remedy}" for a in absences]
    why = f" ({'. '.join(missing)})" if missing else ""
    return f"nothing matches the selection{why}: see `list` for what there is"


def _check(registry: Registry, selection: Selection, offered: Offered) -> None:
    candidates = [candidate.name for candidate in registry.candidates]
    _known("family", selection.families, list(Family))
    _known("candidate", selection.candidates, candidates)
    _known("toolchain", selection.toolchains, toolchains_of(registry))
    _known("backend", selection.backends, [*offered, ALL])
    for pattern in selection.scenarios:
        if not any(_matches(scenario, pattern) for scenario in registry.scenarios):
            ids = [scenario.id for scenario in registry.scenarios]
            names = [scenario.name for scenario in registry.scenarios]
            _refuse("scenario", pattern, [*ids, *names])


def _known(what: str, asked: Iterable[str], there: Iterable[str]) -> None:
    there = list(there)
    for name in asked:
        if name not in there:
            _refuse(what, name, there)


def _refuse(what: str, name: str, there: list[str]) -> None:
    close = difflib.get_close_matches(name, there, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "see `list`"
    message = f"no {what} is called {name!r}: {hint}"
    raise SelectionError(message)
