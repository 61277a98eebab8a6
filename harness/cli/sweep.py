"""`sweep`: one scenario over the releases of one tool."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from packaging.version import InvalidVersion, Version

from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes, fail
from harness.cli.matrix import default_directory
from harness.compatibility.cell import OLDEST_PYTHON
from harness.compatibility.matrix import adapter_named, trial_of
from harness.compatibility.releases import releases
from harness.compatibility.sweep import Story, Sweep
from harness.execution.plan import Selection, SelectionError, plan
from harness.execution.registry import Registry
from harness.journal.sweep import SweepJournal
from harness.model.compatibility import Release, Result, SweepEvidence, SweepRun
from harness.report.sweeping import conclusions, progress, write_sweep
from harness.toolchains.interpreter import Interpreter
from harness.toolchains.interpreters import available
from harness.toolchains.listing import NoReleasesError


@click.command()
@click.option("--tool", required=True, help="The tool whose releases are run.")
@click.option("--scenario", required=True, help="The scenario, by id or name.")
@click.option("--candidate", help="The way of using it; else the tool as published.")
@click.option("--from", "oldest", metavar="RELEASE", help="The oldest release.")
@click.option("--to", "newest", metavar="RELEASE", help="The newest release.")
@click.option(
    "--all", "every", is_flag=True, help="Run every release instead of bisecting."
)
@click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="VERSION",
    help="Run on this Python, or on the first of several that works; else on any that "
    "is on this machine, the newest first.",
)
@options.extending
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write, over an earlier sweep; else a folder in reports/latest/sweep.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds that one command of a tool may take.",
)
def sweep(**given: Any) -> None:  # noqa: ANN401
    """Find out with which release of a tool a behaviour came or went.

    Every release is installed with what there was a month after it came out. Both ends
    are run first; where they differ, the stretch between them is halved until the
    releases on both sides of the change are neighbours.

    \b
    Examples:
      migration-compare sweep --tool TOOL --scenario linearity/cycle
      migration-compare sweep --tool TOOL --scenario cycle --from 1.0 --to 1.4 --all
    """
    with exit_codes():
        registry = options.registry(given)
        story = _story(registry, given)
        chosen = _chosen(story, given["oldest"], given["newest"])
        interpreters = _interpreters(given["pythons"])
        name = f"{story.candidate}-{story.scenario.id.replace('/', '-')}"
        journal = SweepJournal(given["output"] or default_directory("sweep") / name)
        with journal.held():
            journal.begin(_record(story, chosen, every=given["every"]))
            _run(journal, story, interpreters)


def _run(
    journal: SweepJournal, story: Story, interpreters: tuple[Interpreter, ...]
) -> None:
    def done(row: SweepEvidence) -> None:
        journal.append(row)
        click.echo(progress(row), err=True)

    run = journal.run()
    releases_there = run.releases
    click.echo(f"{len(releases_there)} releases in the range", err=True)
    sweeping = Sweep(story, releases_there, interpreters, done)
    try:
        (sweeping.every if run.every else sweeping.bisect)()
    finally:
        path = write_sweep(journal)
    rows = journal.evidence()
    for sentence in conclusions(run, rows):
        click.echo(sentence.replace("**", ""))
    click.echo(path)
    if any(row.outcome.result is Result.NOT_ESTABLISHED for row in rows):
        sys.exit(NOT_ESTABLISHED)


def _story(registry: Registry, given: dict[str, Any]) -> Story:
    adapter = adapter_named(registry, given["tool"])
    candidate = given["candidate"] or trial_of(adapter).candidate
    if candidate not in {one.name for one in adapter.candidates}:
        fail(f"{candidate!r} is not a candidate of {adapter.tool}", BAD_INPUT)
    selection = Selection(scenarios=(given["scenario"],))
    cells = plan(registry, selection, {"sqlite": None}).cells
    ids = list(dict.fromkeys(cell.scenario for cell in cells))
    if len(ids) > 1:
        fail(f"a sweep is of one scenario, not of {', '.join(ids)}", BAD_INPUT)
    scenario = registry.scenario(ids[0])
    if scenario.timed:
        fail(f"{scenario.id} measures time, which a sweep does not", BAD_INPUT)
    return Story(adapter, candidate, scenario, given["time_limit"])


def _chosen(
    story: Story, oldest: str | None, newest: str | None
) -> tuple[Release, ...]:
    """Return the releases in a range, both ends of it included."""
    try:
        there = releases(story.adapter.distribution)
        low, high = (Version(end) if end else None for end in (oldest, newest))
    except NoReleasesError as error:
        fail(str(error), NOT_ESTABLISHED)
    except InvalidVersion as error:
        fail(f"{error}: name a release such as 1.0.2", BAD_INPUT)
    chosen = tuple(
        one
        for one in there
        if (low is None or Version(one.version) >= low)
        and (high is None or Version(one.version) <= high)
    )
    if not chosen:
        first, last = there[0].version, there[-1].version
        message = f"there is no release in that range: they go from {first} to {last}"
        raise SelectionError(message)
    return chosen


def _interpreters(wanted: tuple[str, ...]) -> tuple[Interpreter, ...]:
    """Return the interpreters to try, in order; one of each line, the newest first."""
    by_line: dict[str, Interpreter] = {}
    for interpreter in available():
        if interpreter.is_older_than(OLDEST_PYTHON):
            continue
        by_line[".".join(interpreter.version.split(".")[:2])] = interpreter
    if not wanted:
        return tuple(reversed(by_line.values()))
    for one in wanted:
        if one not in by_line:
            there = ", ".join(by_line)
            fail(f"there is no Python {one} on this machine, but {there}", BAD_INPUT)
    return tuple(by_line[one] for one in wanted)


def _record(story: Story, chosen: tuple[Release, ...], *, every: bool) -> SweepRun:
    return SweepRun(
        version=version("migration-compare"),
        command=("migration-compare", *sys.argv[1:]),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        tool=story.adapter.tool,
        candidate=story.candidate,
        scenario=story.scenario.id,
        digest=story.scenario.digest,
        every=every,
        releases=chosen,
    )
