"""The report as files in a run's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.journal.growth import BESIDE
from harness.journal.journal import Journal
from harness.judgement.growth import courses
from harness.model.evidence import Evidence
from harness.model.growth import Grown
from harness.model.run import Run
from harness.queueing.result import Queue
from harness.report import histories, outputs, page
from harness.report.growth import growth_part
from harness.report.landing import landing
from harness.report.sources import Sources, read_sources, sources_of
from harness.report.templating import environment

__all__ = ["environment"]  # from here too, beside all that is defined here

NAME = "comparison.md"


def write_report(journal: Journal) -> Path:
    """Write the report beside the evidence it rests on, and return its path."""
    return write_forms(journal.directory, read_sources(journal))


def write_forms(directory: Path, sources: Sources) -> Path:
    """Write the report in all its forms, and return the path of the first."""
    for name, content in forms(sources).items():
        replace(directory / name, content)
    return directory / NAME


def forms(sources: Sources) -> dict[str, bytes]:
    """Return the report in all its forms, by the names of their files."""
    return {name: form(sources).encode() for name, form in _FORMS.items()}


def document(journal: Journal) -> str:
    """Return a run's report, with the queue and the matrix that lie beside it, if any."""
    return markdown(read_sources(journal))


def render(run: Run, evidence: Iterable[Evidence], queue: Queue | None = None) -> str:
    """Return the report of a run as markdown; with the queue simulated on it, if any."""
    return markdown(sources_of(run, evidence, queue))


def markdown(sources: Sources) -> str:
    """Return the report as markdown."""
    values = msgspec.structs.asdict(sources.report)
    values["landing"] = landing(sources.queue) if sources.queue else None
    beside = _beside(sources)
    values["beside"] = tuple(beside)
    text = environment().get_template("comparison.md.j2").render(values)
    told = (f"\n## {name}\n\n{said}\n" for name, said in beside.items())
    return "".join((text, *told))


def _beside(sources: Sources) -> dict[str, str]:
    """Return the sections on what lies beside the run, by their titles."""
    sections = {
        "How it grows": _growing(sources.growth) if sources.growth else "",
        "Real histories": histories.markdown(sources.histories)
        if sources.histories
        else "",
        "Compatibility matrix": sources.matrix,
    }
    return {name: said for name, said in sections.items() if said}


def _growing(grown: Grown) -> str:
    """Return the laws that were fitted, and where the plots are."""
    part = growth_part(courses(grown))
    table = environment().get_template("growth.md.j2").render(growth=part)
    page = BESIDE.with_suffix(".md")
    return f"{table}\nPlots, and the times of every size, are in [{page}]({page})."


_FORMS: dict[str, Callable[[Sources], str]] = {
    NAME: markdown,
    page.NAME: page.page,
    **outputs.FORMS,
}
"""The forms of the report, by the names of their files in a run's folder."""
