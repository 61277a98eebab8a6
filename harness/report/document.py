"""`comparison.md` as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import jinja2

from harness.journal.files import replace
from harness.journal.journal import Journal
from harness.judgement import judge
from harness.model.evidence import Evidence
from harness.model.run import Run
from harness.report import phrases
from harness.report.answers import answers
from harness.report.families import families
from harness.report.surprises import not_shown, surprises
from harness.report.trust import shares

NAME = "comparison.md"


def write_report(journal: Journal) -> Path:
    """Write the report beside the evidence it rests on, and return its path."""
    path = journal.directory / NAME
    replace(path, render(journal.run(), journal.evidence()).encode())
    return path


def render(run: Run, evidence: Iterable[Evidence]) -> str:
    """Return the report of a run as markdown."""
    evidence = tuple(evidence)
    findings = tuple(judge(one) for one in evidence)
    template = _environment().get_template("comparison.md.j2")
    return template.render(
        run=run,
        answers=answers(findings),
        families=families(run, findings),
        surprises=surprises(findings),
        not_shown=not_shown(run, findings),
        shares=shares(evidence),
        help=sorted({(e.cell.candidate, said) for e in evidence for said in e.help}),
    )


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
    return environment
