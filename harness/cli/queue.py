"""`queue`: the landing queue, simulated on a run's evidence."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.exits import BAD_INPUT, exit_codes, fail
from harness.execution.registry import discover
from harness.journal.journal import Journal
from harness.judgement import judge
from harness.model.moves import Compete
from harness.model.verdict import Finding
from harness.queueing.agreement import checks
from harness.queueing.experiment import CONFIDENCE, Experiment, points
from harness.queueing.model import Depth, Gate, Load, Profile, Team
from harness.queueing.profile import NotMeasured, joined, profile
from harness.queueing.result import Point, Queue
from harness.report import write_queue, write_report

_PATCHES = (2, 3, 5, 10, 20, 50)
_RATES = (0.02, 0.05, 0.1, 0.2, 0.5)
_HOURS = click.FloatRange(min=0)


@click.command()
@options.run_directory
@click.option(
    "--patches",
    type=click.IntRange(1),
    multiple=True,
    default=_PATCHES,
    show_default=True,
    help="So many patches at once, all written on one commit. Repeatable.",
)
@click.option(
    "--rate",
    "rates",
    type=click.FloatRange(min=0, min_open=True),
    multiple=True,
    default=_RATES,
    show_default=True,
    help="Or a stream of so many patches a day. Repeatable.",
)
@click.option(
    "--stream",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="How many patches come in a stream.",
)
@click.option(
    "--gate",
    type=click.Choice([gate.value for gate in Gate]),
    default=Gate.MERGED.value,
    show_default=True,
    help="What the gate tests: the merge with main, or the patch on its own base.",
)
@click.option(
    "--checks",
    type=click.Choice([depth.value for depth in Depth]),
    default=Depth.UPGRADE.value,
    show_default=True,
    help="The last kind of check that the gate runs, after all those before it.",
)
@click.option(
    "--keep-turn",
    is_flag=True,
    help="Nobody lands while a patch that was sent back is redone.",
)
@click.option(
    "--review-least",
    type=_HOURS,
    default=24.0,
    show_default=True,
    help="Hours that a review takes at least.",
)
@click.option(
    "--review-mean",
    type=_HOURS,
    default=48.0,
    show_default=True,
    help="Hours that a review takes on average.",
)
@click.option(
    "--redo",
    type=_HOURS,
    default=4.0,
    show_default=True,
    help="Hours until an author has redone a patch, on average.",
)
@click.option(
    "--gate-run",
    type=_HOURS,
    default=1.0,
    show_default=True,
    help="Hours that a run of the gate takes.",
)
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    metavar="NAME",
    help="Only these candidates of the run. Repeatable.",
)
@click.option(
    "--replications",
    type=click.IntRange(2),
    default=100,
    show_default=True,
    help="How often each queue is simulated.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="For all chance.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else beside the run, whose report then has the answer.",
)
def queue(directory: Path, **given: Any) -> None:  # noqa: ANN401
    """Simulate a team's landing queue, on the evidence of the run in DIRECTORY.

    Patches with a migration are reviewed, take turns at a gate, and land or are sent
    back. What stops a patch that others landed before, and what redoing it takes, comes
    from the run's races; how long people take is stated by the options below. Every
    candidate meets the same patches. Writes queue.json and queue.md; the last line on
    stdout is the path of the latter.

    \b
    Examples:
      migration-compare run --scenario '*_race_one_by_one'
      migration-compare queue
      migration-compare queue --gate own-base --output own-base
      migration-compare queue --patches 200 --rate 0.3 --replications 30
    """
    with exit_codes():
        team = _team(given)
        columns = _columns(directory, given["candidates"])
        profiles = joined(_profile(found, directory) for found in columns)
        experiment = Experiment(team, given["seed"], given["replications"])
        simulated = Queue(
            version=version("migration-compare"),
            command=("migration-compare", *sys.argv[1:]),
            seed=given["seed"],
            replications=given["replications"],
            confidence=CONFIDENCE,
            team=team,
            profiles=profiles,
            starts=_points(experiment, profiles, map(Load, sorted(given["patches"]))),
            streams=_points(
                experiment,
                profiles,
                (Load(given["stream"], rate) for rate in sorted(given["rates"])),
            ),
            checks=tuple(check for found in columns for check in checks(found)),
        )
        output = given["output"] or directory
        path = write_queue(output, simulated)
        if output == directory:
            write_report(Journal(directory))
        click.echo(path)


def _team(given: dict[str, Any]) -> Team:
    if given["review_mean"] < given["review_least"]:
        message = "--review-mean is less than --review-least: no review can be"
        fail(message, BAD_INPUT)
    return Team(
        review_least=given["review_least"],
        review_mean=given["review_mean"],
        redo=given["redo"],
        gate_run=given["gate_run"],
        gate=Gate(given["gate"]),
        checks=Depth(given["checks"]),
        keeps_turn=given["keep_turn"],
    )


def _columns(directory: Path, candidates: tuple[str, ...]) -> list[list[Finding]]:
    """Return the findings of each column of the run that is asked for."""
    columns: dict[tuple[str, str, str], list[Finding]] = {}
    for evidence in Journal(directory).evidence():
        cell = evidence.cell
        key = (cell.candidate, cell.toolchain, cell.backend)
        columns.setdefault(key, []).append(judge(evidence))
    there = dict.fromkeys(candidate for candidate, _, _ in columns)
    for name in candidates:
        if name not in there:
            fail(f"the run has no candidate {name!r}: {', '.join(there)}", BAD_INPUT)
    return [
        found
        for (candidate, _, _), found in columns.items()
        if not candidates or candidate in candidates
    ]


def _profile(findings: list[Finding], directory: Path) -> Profile:
    try:
        return profile(findings)
    except NotMeasured as error:
        races = " ".join(f"--scenario {scenario}" for scenario in _races())
        message = (
            f"{error} in {directory}, so it is not known what a loser meets. Run the "
            f"races first: migration-compare run {races}; or leave it out with "
            "--candidate"
        )
        fail(message, BAD_INPUT)


def _races() -> list[str]:
    return [
        scenario.id
        for scenario in discover().scenarios
        if any(isinstance(step, Compete) for step in scenario.steps)
    ]


def _points(
    experiment: Experiment, profiles: tuple[Profile, ...], loads: Iterable[Load]
) -> tuple[Point, ...]:
    """Simulate, and say on stderr how far that is."""
    loads = tuple(loads)
    with click.progressbar(loads, label="simulating", file=sys.stderr) as bar:
        return tuple(p for load in bar for p in points(experiment, profiles, [load]))
