"""`run`: the comparison."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from harness.benchmarking.beside import FOLDER, write_beside
from harness.benchmarking.grown import Sought, measure, without_growth
from harness.benchmarking.stand import state
from harness.cli import options
from harness.cli.exits import BAD_INPUT, DIFFERENT, NOT_ESTABLISHED, exit_codes, fail
from harness.cli.progress import Watcher
from harness.execution.cell_run import DISSECTIONS, Settings
from harness.execution.comparison import Comparison, Request
from harness.execution.known import known_differences
from harness.execution.plan import Selection, plan
from harness.execution.serving import without_password
from harness.journal.journal import Journal
from harness.model.evidence import Status
from harness.model.run import Run
from harness.report import write_forms
from harness.report.sources import read_sources


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
    default=options.cells_at_a_time,
    show_default="one more than there are processors",
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
@click.option(
    "--speed-budget",
    type=click.FloatRange(min=0),
    default=15.0,
    show_default=True,
    help="Minutes for the samples of the family speed.",
)
@click.option(
    "--growth",
    "growth_budget",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Minutes for measuring how cost grows, afterwards; see `growth`.",
)
@click.option(
    "--seed", type=int, show_default="0", help="For all chance: who takes which turn."
)
@click.option(
    "--known",
    "more_known",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also take these differences for known. Repeatable.",
)
@click.option(
    "--fail-on-change",
    is_flag=True,
    help="Exit with 3 if a known difference has closed, or a new one has appeared.",
)
def run(**given: Any) -> None:  # noqa: ANN401
    """Run the comparison and write the report.

    Without options everything is run on SQLite, in all toolchains of this machine.
    Progress goes to stderr; the last line on stdout is the path of the report.

    \b
    Examples:
      migration-compare run --family conflicts
      migration-compare run --scenario 'two_*' --toolchain common
      migration-compare run --backend all
      migration-compare run --family changes --fail-on-change
      migration-compare run --resume
    """
    with exit_codes():
        selection, registry = options.selection(given), options.registry(given)
        resume, given_servers = given["resume"], given["servers"]
        if resume:
            _as_it_was_begun(selection, given)
        offered = options.offered(given)
        planned = None if resume else plan(registry, selection, offered)
        if planned is not None and not given["growth_budget"]:
            planned = without_growth(planned)
        journal = Journal(_directory(given["output"], resume=resume))
        request = Request(
            version=version("migration-compare"),
            command=("migration-compare", *map(without_password, sys.argv[1:])),
            jobs=given["jobs"],
            cold=given["cold"],
            settings=Settings(
                time_limit=given["time_limit"],
                seed=given["seed"] or 0,
                speed_budget=given["speed_budget"] * 60,
                dissections=DISSECTIONS,
            ),
            known=known_differences(registry, given["more_known"]),
        )
        console = Console(stderr=True, force_interactive=sys.stderr.isatty())
        watcher = Watcher(registry, console)
        comparison = Comparison(registry, journal, request, watcher)
        before = state()
        with watcher.watching():
            done = comparison.resume() if planned is None else comparison.run(planned)
        write_beside(journal, request.settings.speed_budget, before)
        if given["growth_budget"]:
            asked = Sought(
                candidates=selection.candidates,
                budget=given["growth_budget"] * 60,
                seed=request.settings.seed,
                servers=given_servers,
            )
            measure(asked, registry, journal.directory / FOLDER, watcher.note)
        _conclude(journal, done, watcher, strict=given["fail_on_change"])


def _as_it_was_begun(selection: Selection, given: dict[str, Any]) -> None:
    if selection != Selection():
        fail("--resume runs what was planned: do not select again", BAD_INPUT)
    if given["seed"] is not None or given["cold"]:
        message = "--resume keeps the seed and the mode: leave out --seed and --cold"
        fail(message, BAD_INPUT)


def _conclude(journal: Journal, done: Run, watcher: Watcher, *, strict: bool) -> None:
    sources = read_sources(journal)
    path = write_forms(journal.directory, sources)
    counts = ", ".join(f"{number} {status}" for status, number in done.summary.items())
    watcher.note(f"{len(done.cells)} cells in {watcher.elapsed()}: {counts}")
    found = sources.report.differences
    if found is not None and (found.known or found.new):
        watcher.note(f"known differences: {found.sentence}")
    click.echo(path)
    if done.summary.get(Status.NOT_ESTABLISHED, 0):
        sys.exit(NOT_ESTABLISHED)
    if strict and found is not None and found.changed:
        sys.exit(DIFFERENT)


def _directory(output: Path | None, *, resume: bool) -> Path:
    """Return the run's directory; a new one is made known as the latest."""
    if output is not None or resume:
        return output or options.LATEST
    directory = new_directory(options.LATEST.parent / "runs")
    _point_latest_to(directory)
    return directory


def new_directory(parent: Path) -> Path:
    """Make a directory named by the time; two of one second get different names."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    directory, number = parent / stamp, 1
    while True:
        try:
            directory.mkdir(parents=True)
        except FileExistsError:
            number += 1
            directory = parent / f"{stamp}-{number}"
        else:
            return directory


def _point_latest_to(directory: Path) -> None:
    link = options.LATEST.with_name("latest.new")
    link.unlink(missing_ok=True)
    link.symlink_to(directory.relative_to(options.LATEST.parent))
    link.replace(options.LATEST)
