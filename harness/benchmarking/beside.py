"""The times of a whole run, stored beside its report as those of `bench` are."""

from __future__ import annotations

from pathlib import Path

from harness.benchmarking.rows import NAME, row, write
from harness.benchmarking.stand import state
from harness.journal.journal import Journal
from harness.judgement.speed import matches, measured
from harness.model.benchmark import Benchmarked, MachineState
from harness.report.anatomy_page import write_anatomy
from harness.report.speed_page import write_speed_page

FOLDER = "speed"


def write_beside(journal: Journal, budget: float, before: MachineState) -> Path | None:
    """Write what a run timed into its folder; None if it timed nothing."""
    evidence = tuple(e for e in journal.evidence() if measured(e) is not None)
    if not any(row(one) for one in evidence):
        return None
    run = journal.run()
    record = Benchmarked(
        version=run.version,
        command=run.command,
        started=run.started,
        seed=run.seed,
        budget_seconds=budget,
        machine=run.machine,
        before=before,
        after=state(),
        toolchains=run.toolchains,
    )
    directory = journal.directory / FOLDER
    write(directory / NAME, record, evidence)
    write_anatomy(directory, evidence)
    return write_speed_page(directory, record, matches(evidence))
