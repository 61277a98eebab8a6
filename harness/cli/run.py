"""`run`: the comparison."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes, fail
from harness.cli.progress import Watcher
from harness.execution.cell_run import Settings
from harness.execution.comparison import Comparison, Request
from harness.execution.plan import plan
from harness.journal.journal import Journal
from harness.model.evidence import Status
from harness.model.run import Run
from harness.report import write_report


@click.command()
@options.selecting
@options.extending
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/runs, with reports/latest "
    "pointing to it.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Continue the run in --output (or reports/latest): only what is missing.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=options.cores,
    show_default="one per processor",
    help="Cells at a time. Timed scenarios always run alone.",
)
@click.option(
    "--cold",
    is_flag=True,
    help="Run every command as a fresh process instead of forking a warm one.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds that one command of a tool may take.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="For all chance.")
def run(**given: Any) -> None:  # noqa: ANN401
    r"""Run the comparison and write the report.

    Without options everything is run that this machine can run. Progress goes to
    stderr; the last line on stdout is the path of the report.

    \b
    Examples:
      migration-compare run --family conflicts
      migration-compare run --scenario 'two_*' --toolchain common
      migration-compare run --resume
    """
    with exit_codes():
        selection, registry = options.selection(given), options.registry(given)
        planned = None if given["resume"] else plan(registry, selection)
        if planned is None and any(
            getattr(selection, f) for f in selection.__struct_fields__
        ):
            fail("--resume runs what was planned: do not select again", BAD_INPUT)
        journal = Journal(_directory(given["output"], resume=given["resume"]))
        request = Request(
            version=version("migration-compare"),
            command=("migration-compare", *sys.argv[1:]),
            jobs=given["jobs"],
            cold=given["cold"],
            settings=Settings(time_limit=given["time_limit"], seed=given["seed"]),
        )
        watcher = Watcher(registry, Console(stderr=True))
        comparison = Comparison(registry, journal, request, watcher)
        cells = journal.run().cells if planned is None else planned.cells
        with watcher.over(cells):
            done = comparison.resume() if planned is None else comparison.run(planned)
        _conclude(journal, done, watcher)


def _conclude(journal: Journal, done: Run, watcher: Watcher) -> None:
    path = write_report(journal)
    counts = ", ".join(f"{number} {status}" for status, number in done.summary.items())
    watcher.note(f"{len(done.cells)} cells in {watcher.elapsed()}: {counts}")
    click.echo(path)
    if done.summary.get(Status.NOT_ESTABLISHED, 0):
        sys.exit(NOT_ESTABLISHED)


def _directory(output: Path | None, *, resume: bool) -> Path:
    """Return the run's directory, made known as the latest one."""
    if resume:
        return output or options.LATEST
    if output is not None:
        if (output / "evidence.jsonl").exists():
            message = (
                f"{output} already holds evidence: continue it with --resume, "
                "or name another folder"
            )
            fail(message, BAD_INPUT)
        return output
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    directory = options.LATEST.parent / "runs" / stamp
    directory.mkdir(parents=True)
    _point_latest_to(directory)
    return directory


def _point_latest_to(directory: Path) -> None:
    link = options.LATEST.with_name("latest.new")
    link.unlink(missing_ok=True)
    link.symlink_to(directory.relative_to(options.LATEST.parent))
    link.replace(options.LATEST)
