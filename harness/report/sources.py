"""What every form of the report is written from, read and judged once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.claims import Matrix, Stored, answered, shipped
from harness.journal.corpus import FOLDER, read_corpus_run
from harness.journal.growth import read_beside
from harness.journal.journal import Journal
from harness.judgement import judge
from harness.model.evidence import Evidence
from harness.model.growth import Grown
from harness.model.run import Run
from harness.model.verdict import Finding
from harness.queueing.result import Queue, read_queue
from harness.report.compatibility import included, read_matrix
from harness.report.histories import Histories, histories
from harness.report.values import Report, report_of


class Sources(msgspec.Struct, frozen=True):
    """A run's evidence with what was concluded from it, cell by cell.

    `queue` is what was simulated on it, `matrix` the compatibility matrix as markdown,
    `growth` what was measured of it, `histories` what real histories came to; None and
    empty if they do not lie beside the run.
    """

    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    report: Report
    queue: Queue | None = None
    matrix: str = ""
    growth: Grown | None = None
    histories: Histories | None = None


def sources_of(
    run: Run,
    evidence: Iterable[Evidence],
    queue: Queue | None = None,
    matrix: Matrix | None = None,
) -> Sources:
    """Return a run's evidence, judged, and the claims that it answers."""
    evidence = tuple(evidence)
    findings = tuple(map(judge, evidence))
    stored = Stored(run, findings, matrix)
    claimed = answered(shipped.claims(), shipped.eras(), stored)
    report = report_of(run, evidence, findings, claimed)
    return Sources(
        evidence,
        findings,
        report,
        queue,
        included(matrix) if matrix else "",
    )


def read_sources(journal: Journal) -> Sources:
    """Return what a run's folder holds; `JournalError` if it cannot be read."""
    directory = journal.directory
    queue, matrix = read_queue(directory), read_matrix(directory)
    found = sources_of(journal.run(), journal.evidence(), queue, matrix)
    corpus = read_corpus_run(directory / FOLDER)
    return msgspec.structs.replace(
        found,
        growth=read_beside(directory),
        histories=histories(corpus) if corpus else None,
    )
