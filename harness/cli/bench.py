"""`bench`: what everything costs, measured so that it can be argued from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.benchmarking.differing import difference
from harness.benchmarking.driving import drive
from harness.benchmarking.finding import found
from harness.benchmarking.options import DEFAULT_BUDGET
from harness.benchmarking.rows import Stored, read
from harness.benchmarking.stand import Asked
from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes
from harness.cli.run import new_directory
from harness.execution.plan import Selection
from harness.judgement.speed import matches
from harness.report.speed_page import write_speed_page

_SHOWN_ON = ("speed/start",)
_STORED = click.Path(exists=True, path_type=Path)


@click.group(invoke_without_command=True)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="What is timed, by id or name; * and ? match anything. Repeatable.",
)
@options.columns
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_BUDGET / 60,
    show_default=True,
    help="Minutes for all samples together; setting up and warming up come on top.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="For who takes which turn."
)
@click.option(
    "--planted",
    type=click.IntRange(1),
    metavar="PER_CENT",
    help="Slow candidates by so much, and by nothing, and see whether that is found.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/speed.",
)
@click.pass_context
def bench(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401
    """Time what the candidates do, in turns, each also against itself.

    pytest runs the benchmarks, and pytest-benchmark stores them: its commands `compare`
    and `--benchmark-compare` work on benchmark.json. The last line on stdout is the
    path of speed.md.

    \b
    Examples:
      migration-compare bench --toolchain common --budget 20
      migration-compare bench --scenario upgrade_by_one --backend sqlite
      migration-compare bench --planted 10
      migration-compare bench diff reports/speed/OLD reports/speed/NEW
    """
    if context.invoked_subcommand is not None:
        return
    with exit_codes():
        asked = _asked(given)
        output = given["output"] or new_directory(Path("reports/speed"))
        code, stored = drive(asked, output)
        if stored is None:
            sys.exit(code or NOT_ESTABLISHED)
        page = write_speed_page(output, stored.record, matches(stored.evidence))
        right = _told(stored)
        click.echo(page)
        if code or not right:
            sys.exit(NOT_ESTABLISHED)


@bench.command("diff")
@click.argument("old", type=_STORED)
@click.argument("new", type=_STORED)
def diff(old: Path, new: Path) -> None:
    """Say what changed between two stored runs.

    OLD and NEW are folders of `bench` or `run`, or benchmark.json files. What is not
    comparable is not compared, and the reason is told: another machine, another version
    of a scenario, other packages. Exits with 2 if nothing can be compared.
    """
    with exit_codes():
        found = difference(read(old), read(new))
        for line in found.lines:
            click.echo(line)
        if not found.compared:
            sys.exit(BAD_INPUT)


def _asked(given: dict[str, Any]) -> Asked:
    planted = given["planted"]
    return Asked(
        selection=Selection(
            scenarios=given["scenarios"] or (_SHOWN_ON if planted else ()),
            candidates=given["candidates"],
            toolchains=given["toolchains"] or (("common",) if planted else ()),
            backends=given["backends"],
        ),
        budget=given["budget"] * 60,
        seed=given["seed"],
        planted=planted,
        servers=given["servers"],
    )


def _told(stored: Stored) -> bool:
    """Say of each planted difference whether it was found; tell whether all were."""
    told = found(matches(stored.evidence), stored.record.slowed)
    for one in told:
        click.echo(f"{'ok  ' if one.right else 'FAIL'} {one.sentence}")
    return all(one.right for one in told)
