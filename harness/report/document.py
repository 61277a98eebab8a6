"""`comparison.md` as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import jinja2
import msgspec

from harness.journal.files import replace
from harness.journal.journal import Journal
from harness.model.evidence import Evidence
from harness.model.run import Run
from harness.queueing.result import Queue, read_queue
from harness.report import phrases
from harness.report.compatibility import included
from harness.report.landing import landing
from harness.report.values import report_of

NAME = "comparison.md"


def write_report(journal: Journal) -> Path:
    """Write the report beside the evidence it rests on, and return its path."""
    path = journal.directory / NAME
    replace(path, document(journal).encode())
    return path


def document(journal: Journal) -> str:
    """Return a run's report, with the queue and the matrix that lie beside it, if any."""
    queue = read_queue(journal.directory)
    text = render(journal.run(), journal.evidence(), queue)
    matrix = included(journal.directory)
    return f"{text}\n## Compatibility matrix\n\n{matrix}\n" if matrix else text


def render(run: Run, evidence: Iterable[Evidence], queue: Queue | None = None) -> str:
    """Return the report of a run as markdown; with the queue simulated on it, if any."""
    values = msgspec.structs.asdict(report_of(run, evidence))
    values["landing"] = landing(queue) if queue else None
    return environment().get_template("comparison.md.j2").render(values)


def environment() -> jinja2.Environment:
    """Return what renders the templates."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("harness.report"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = phrases.table_cell
    environment.filters["code"] = phrases.code
    environment.filters["anchor"] = phrases.anchor
    return environment
