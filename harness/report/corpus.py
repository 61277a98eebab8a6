"""`corpus.md`: what the histories of real projects came to, and how their ends differ."""

from __future__ import annotations

from pathlib import Path

from harness.journal.corpus import write_corpus_run
from harness.journal.files import replace
from harness.model.corpus import Began, CorpusRun, Ends, PlayedHistory
from harness.report.changed import change
from harness.report.phrases import code, seconds, table_cell

NAME = "corpus.md"


def write_corpus(directory: Path, run: CorpusRun) -> Path:
    """Write the record and the page of it, and return the page's path."""
    write_corpus_run(directory, run)
    path = directory / NAME
    replace(path, render(run).encode())
    return path


def render(run: CorpusRun) -> str:
    """Return what real histories came to, as markdown."""
    head = (
        "| history | requirement | tool | backend | outcome | steps | tables | "
        "time of the steps | slowest step | harness's share |\n" + "|---" * 10 + "|"
    )
    parts = [
        "# Histories of real projects",
        f"Run with {when(run)}.",
        "\n".join((head, *map(_row, run.played))),
        "Times are of one run on this machine: for orientation.",
    ]
    if run.ends:
        parts.append("## Ends that are to be alike")
        parts += map(_ends, run.ends)
    return "\n\n".join(parts) + "\n"


def when(run: CorpusRun) -> str:
    """Return the commands that a record comes from, with their times, oldest first."""
    runs = (*run.earlier, Began(run.started, run.command))
    return ", then ".join(
        f"{code(' '.join(one.command))} on {one.started}" for one in runs
    )


def _row(one: PlayedHistory) -> str:
    slowest = max(one.steps, key=lambda step: step.seconds, default=None)
    cells = (
        one.name,
        code(one.requirement),
        f"{one.tool} {one.versions.get(one.tool, '')}".strip(),
        one.engine or one.backend,
        one.outcome,
        f"{len(one.steps)} of {one.expected}",
        str(one.tables) if one.engine else "",
        seconds(sum(step.seconds for step in one.steps)) if one.steps else "",
        f"{slowest.id}: {seconds(slowest.seconds)}" if slowest else "",
        f"{one.share:.0%}" if one.engine else "",
    )
    return f"| {' | '.join(map(table_cell, cells))} |"


def _ends(found: Ends) -> str:
    lead = f"{found.one} and {found.other} on {found.backend}: "
    if not found.count:
        return f"{lead}the same schema."
    told = [f"- {code(change(one))}" for one in found.differences]
    if found.count > len(told):
        told.append(f"- and {found.count - len(told)} more")
    listed = "\n".join(told)
    return f"{lead}{found.count} differences (`−` is only in the first).\n\n{listed}"
