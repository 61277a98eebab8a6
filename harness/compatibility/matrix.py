"""The matrix: planned, run, and continued."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from harness.compatibility.cell import Conditions
from harness.compatibility.releases import releases
from harness.compatibility.selection import Wanted, cells, centre
from harness.compatibility.workers import Work, run_all
from harness.contract import Adapter, Trial
from harness.execution.plan import SelectionError
from harness.execution.registry import Registry
from harness.journal.matrix import MatrixJournal
from harness.model.compatibility import (
    NEWEST,
    MatrixCell,
    MatrixEvidence,
    MatrixRun,
    MatrixTool,
    Release,
    Result,
)
from harness.toolchains.interpreters import available
from harness.toolchains.listing import NoReleasesError


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How a matrix is to be run, apart from what is in it."""

    version: str
    command: tuple[str, ...]
    jobs: int
    conditions: Conditions
    more_adapters: tuple[Path, ...] = ()


def plan(
    registry: Registry, tools: Iterable[str], wanted: Wanted, request: Request
) -> MatrixRun:
    """Return the matrix of these tools, or of all; `SelectionError` if there is none."""
    adapters = _with_trials(registry, tuple(tools))
    known = tuple(_tool(adapter, request.conditions.until) for adapter in adapters)
    pythons = tuple(interpreter.version for interpreter in available())
    newest = ".".join(pythons[-1].split(".")[:2])
    planned = tuple(
        cell
        for adapter, tool in zip(adapters, known, strict=True)
        for cell in cells(tool.centre, trial_of(adapter), wanted, newest)
    )
    return MatrixRun(
        version=request.version,
        command=request.command,
        started=_now(),
        until=request.conditions.until,
        tools=known,
        cells=planned,
        pythons=pythons,
    )


def run(
    registry: Registry,
    journal: MatrixJournal,
    request: Request,
    done: Callable[[MatrixEvidence], None],
) -> MatrixRun:
    """Run what a begun matrix is missing; `done` is told of every cell."""
    matrix = journal.run()
    conditions = msgspec.structs.replace(request.conditions, until=matrix.until)
    work = [
        Work(
            cell=cell,
            candidate=trial_of(registry.adapters[cell.tool]).candidate,
            conditions=conditions,
            more_adapters=request.more_adapters,
        )
        for cell in missing(journal)
    ]
    if work:
        jobs = min(request.jobs, len(work))
        with closing(run_all(work, jobs)) as ended:
            for evidence in ended:
                journal.append(evidence)
                done(evidence)
    finished = msgspec.structs.replace(matrix, ended=_now())
    journal.write_run(finished)
    return finished


def missing(journal: MatrixJournal) -> tuple[MatrixCell, ...]:
    """Return the cells without evidence, and those that were not established."""
    there = {
        evidence.cell
        for evidence in journal.evidence()
        if evidence.outcome.result is not Result.NOT_ESTABLISHED
    }
    return tuple(cell for cell in journal.run().cells if cell not in there)


def trial_of(adapter: Adapter) -> Trial:
    """Return what is tried of a tool; `SelectionError` if nothing is."""
    if adapter.trial is None:
        message = f"the adapter of {adapter.tool} names no trial for the matrix"
        raise SelectionError(message)
    return adapter.trial


def adapter_named(registry: Registry, tool: str) -> Adapter:
    """Return the adapter of a tool; `SelectionError` names those that there are."""
    if tool not in registry.adapters:
        there = ", ".join(registry.adapters)
        message = f"no tool is called {tool!r}: there are {there}"
        raise SelectionError(message)
    return registry.adapters[tool]


def _with_trials(registry: Registry, tools: tuple[str, ...]) -> tuple[Adapter, ...]:
    if tools:
        named = tuple(adapter_named(registry, tool) for tool in tools)
        return tuple(adapter for adapter in named if trial_of(adapter))
    return tuple(adapter for adapter in registry.adapters.values() if adapter.trial)


def _tool(adapter: Adapter, until: str) -> MatrixTool:
    trial, unknown = trial_of(adapter), ""
    there: tuple[Release, ...] = ()
    try:
        there = releases(adapter.distribution)
    except NoReleasesError as error:
        unknown = str(error)
    early = [r.version for r in there if not until or r.uploaded <= until]
    newest = early[-1] if early else NEWEST
    return MatrixTool(
        tool=adapter.tool,
        distribution=adapter.distribution,
        centre=centre(adapter.tool, trial, newest),
        releases=there,
        unknown=unknown,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
