"""`growth`: how cost grows with the history, the schema, the rows and the distance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.benchmarking.grown import Sought, measure
from harness.cli import options
from harness.cli.exits import NOT_ESTABLISHED, exit_codes
from harness.cli.run import new_directory
from harness.execution.registry import discover
from harness.journal.growth import read
from harness.report.growth_page import write_growth_page

DEFAULT_BUDGET = 12.0
_AGAIN = "--again"


@click.command()
@click.argument("names", nargs=-1)
@options.columns
@click.option(
    "--sizes-up-to",
    "up_to",
    type=click.IntRange(0),
    metavar="N",
    help="Leave out larger sizes.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_BUDGET,
    show_default=True,
    help="Minutes for everything, setting up included. Small sizes come first, so that "
    "a short budget leaves out large ones; a command that has begun may end.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds that one command of a tool may take; larger sizes are not tried then.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="For who takes which turn."
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/growth.",
)
@click.option(
    _AGAIN,
    type=click.Path(exists=True, path_type=Path),
    metavar="FOLDER",
    help="Measure nothing: judge this stored measurement again, in its folder.",
)
def growth(**given: Any) -> None:  # noqa: ANN401
    """Measure how cost grows, and fit a law to it.

    NAMES are growths, such as history_upgrade_by_one; * matches anything. Without any
    name a few for each quantity are measured (`list` names all). The toolchain is
    `common` unless others are named, backends are all on which a growth has a meaning.
    What is measured is kept when you interrupt it. The last line on stdout is the path of
    growth.md, with plots and growth.json beside it.

    \b
    Examples:
      migration-compare growth --budget 12
      migration-compare growth '*' --budget 40
      migration-compare growth 'history_*' --sizes-up-to 1000 --budget 2
      migration-compare growth 'rows_*' --backend postgresql --time-limit 120
      migration-compare growth --again reports/growth/FOLDER
    """
    with exit_codes():
        again = given["again"]
        if again is not None:
            folder = again if again.is_dir() else again.parent
            click.echo(write_growth_page(folder, read(again)))
            return
        output = given["output"] or new_directory(Path("reports/growth"))
        grown = measure(_sought(given), discover(), output, _note)
        click.echo(output / "growth.md")
        if not any(point.samples for point in grown.points):
            sys.exit(NOT_ESTABLISHED)


def _sought(given: dict[str, Any]) -> Sought:
    return Sought(
        names=given["names"],
        up_to=given["up_to"],
        candidates=given["candidates"],
        toolchains=given["toolchains"] or ("common",),
        backends=given["backends"] or ("all",),
        budget=given["budget"] * 60,
        limit=given["time_limit"],
        seed=given["seed"],
        servers=given["servers"],
    )


def _note(text: str) -> None:
    click.echo(text, err=True)
