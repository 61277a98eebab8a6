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
from harness.report import phrases
from harness.report.values import report_of

NAME = "comparison.md"


def write_report(journal: Journal) -> Path:
    """Write the report beside the evidence it rests on, and return its path."""
    path = journal.directory / NAME
    replace(path, render(journal.run(), journal.evidence()).encode())
    return path


def render(run: Run, evidence: Iterable[Evidence]) -> str:
    """Return the report of a run as markdown."""
    values = report_of(run, evidence)
    template = _environment().get_template("comparison.md.j2")
    return template.render(msgspec.structs.asdict(values))


def _environment() -> jinja2.Environment:
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
