"""`matrix`: which releases work with which Python, SQLAlchemy and setuptools."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click

from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes, fail
from harness.compatibility.cell import Conditions
from harness.compatibility.matrix import Request, missing, plan, run
from harness.compatibility.selection import Wanted
from harness.execution.registry import Registry
from harness.journal.matrix import MatrixJournal
from harness.model.compatibility import MatrixEvidence, MatrixRun, Result
from harness.report.compatibility import sentence, write_matrix

_Function = TypeVar("_Function", bound=Callable[..., Any])
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _several(name: str, help_text: str) -> Callable[[_Function], _Function]:
    return click.option(name, multiple=True, metavar="VALUE", help=help_text)


def _date(_context: object, _option: object, value: str | None) -> str:
    if value and not _DATE.fullmatch(value):
        message = f"{value!r} is not a date such as 2013-11-30"
        raise click.BadParameter(message)
    return value or ""


until = click.option(
    "--until",
    metavar="DATE",
    callback=_date,
    help="Install nothing that was uploaded after this date, such as 2013-11-30. "
    "Needs an index that tells upload times.",
)


@click.command()
@_several("--tool", "A tool; see `list`. Repeatable, like all of these.")
@_several("--release", "A release of the tool.")
@_several("--python", "A Python, such as 3.11; it has to be on this machine.")
@_several("--sqlalchemy", "A line such as 1.4, a condition such as '<2', or newest.")
@_several("--setuptools", "A line, a condition, newest, or none.")
@click.option(
    "--full",
    is_flag=True,
    help="All combinations of what is asked for, instead of one factor at a time.",
)
@until
@options.extending
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else the folder `matrix` of reports/latest, whose report "
    "then includes it, or reports/matrix.",
)
@click.option("--resume", is_flag=True, help="Run only what is missing in --output.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=options.cores,
    show_default="one per processor",
    help="Cells at a time.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds that one command of a tool may take.",
)
@click.option("--list", "list_only", is_flag=True, help="List the cells, run nothing.")
def matrix(**given: Any) -> None:  # noqa: ANN401
    """Find out which releases work with which Python, SQLAlchemy and setuptools.

    Each cell is a real installation into an environment of its own, and a real start,
    authoring, upgrade and downgrade of a tiny history on SQLite, through the tool's own
    command line as it was published. By default: the newest release with one factor
    varied at a time, and releases since 2013 in the newest surroundings. Environments
    are kept, so that a second run is fast.

    \b
    Examples:
      migration-compare matrix
      migration-compare matrix --tool TOOL --python 3.13 --python 3.11
      migration-compare matrix --full --release 1.0 --sqlalchemy 1.4 --sqlalchemy 2.0
      migration-compare matrix --until 2013-11-30 --python 2.7
    """
    with exit_codes():
        wanted = Wanted(
            releases=given["release"],
            pythons=given["python"],
            sqlalchemy=given["sqlalchemy"],
            setuptools=given["setuptools"],
            full=given["full"],
        )
        request = Request(
            version=version("migration-compare"),
            command=("migration-compare", *sys.argv[1:]),
            jobs=given["jobs"],
            conditions=Conditions(given["until"], given["time_limit"]),
            more_adapters=given["more_adapters"],
        )
        registry = options.registry(given)
        journal = MatrixJournal(given["output"] or default_directory("matrix"))
        if given["resume"]:
            _as_it_was_begun(given, wanted)
            with journal.held():
                journal.mend()
                _run(registry, journal, request)
            return
        planned = plan(registry, given["tool"], wanted, request)
        if given["list_only"]:
            for cell in planned.cells:
                click.echo(cell.id)
            return
        with journal.held():
            journal.begin(planned)
            _run(registry, journal, request)


def default_directory(name: str) -> Path:
    """Return where something is written beside the latest report, if there is one."""
    latest = options.LATEST
    return latest / name if latest.exists() else latest.parent / name


def _as_it_was_begun(given: dict[str, Any], wanted: Wanted) -> None:
    if wanted != Wanted() or given["tool"] or given["until"]:
        fail("--resume runs what was planned: do not select again", BAD_INPUT)


def _run(registry: Registry, journal: MatrixJournal, request: Request) -> None:
    left = len(missing(journal))
    for tool in journal.run().tools:
        if tool.unknown:
            click.echo(
                f"{tool.tool}: dates of releases unknown: {tool.unknown}", err=True
            )
    click.echo(f"{left} cells, {request.jobs} at a time", err=True)
    begun, ended = time.monotonic(), 0

    def done(evidence: MatrixEvidence) -> None:
        nonlocal ended
        ended += 1
        remaining = (time.monotonic() - begun) / ended * (left - ended)
        said = f"{ended}/{left} {evidence.cell.id}: {sentence(evidence)}"
        click.echo(f"{said} (about {remaining:.0f} s left)", err=True)

    try:
        finished = run(registry, journal, request, done)
    finally:
        path = write_matrix(journal)
    _conclude(journal, finished, path)


def _conclude(journal: MatrixJournal, finished: MatrixRun, path: Path) -> None:
    click.echo(path)
    evidence = journal.evidence()
    unknown = [e for e in evidence if e.outcome.result is Result.NOT_ESTABLISHED]
    if unknown:
        click.echo(f"{len(unknown)} of {len(finished.cells)} not established", err=True)
        sys.exit(NOT_ESTABLISHED)
