"""Cells of the matrix in several processes, each of which can be interrupted.

Installing is waiting for another program. In a process of its own, a signal ends that
program as well; in a thread it would run on.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Generator, Iterable
from pathlib import Path
from types import FrameType

import msgspec

from harness.compatibility.cell import Conditions, run_matrix_cell
from harness.execution.registry import discover
from harness.model.compatibility import MatrixCell, MatrixEvidence, Outcome, Result


class Work(msgspec.Struct, frozen=True):
    """One cell, with all that a worker has to know to run it."""

    cell: MatrixCell
    candidate: str
    conditions: Conditions
    more_adapters: tuple[Path, ...] = ()


def run_all(work: Iterable[Work], jobs: int) -> Generator[MatrixEvidence, None, None]:
    """Run cells and yield their evidence as they end.

    However the loop over it is left, no process of ours stays behind.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, initializer=_end_on_signals) as pool:
        yield from pool.imap_unordered(run_one, work)


def run_one(work: Work) -> MatrixEvidence:
    """Run one cell; whatever goes wrong in the harness is a cell not established."""
    try:
        adapter = discover(work.more_adapters).adapters[work.cell.tool]
        return run_matrix_cell(adapter, work.candidate, work.cell, work.conditions)
    except Exception as error:  # noqa: BLE001
        words = f"{type(error).__name__}: {error}"
        outcome = Outcome(Result.NOT_ESTABLISHED, words=words)
        return MatrixEvidence(cell=work.cell, outcome=outcome)


def _end_on_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Unwind, which ends whatever is being waited for; further signals change nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(1)
