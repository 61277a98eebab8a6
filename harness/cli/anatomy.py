"""`anatomy`: what each part of a command costs, and what the database is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.benchmarking.stand import Asked, Stand
from harness.cli import options
from harness.cli.exits import NOT_ESTABLISHED, exit_codes
from harness.cli.run import new_directory
from harness.execution.plan import Selection
from harness.model.evidence import Evidence
from harness.report.anatomy_page import write_anatomy

_SHOWN_ON = ("speed/start", "speed/upgrade_from_empty", "speed/current")
_UNLIMITED = float("inf")


@click.command()
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="What is dissected, of the family speed, by id or name; * and ? match anything. "
    f"Repeatable. Without any: {', '.join(_SHOWN_ON)}.",
)
@options.columns
@click.option(
    "--repetitions",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="How often each is carried out with the probe.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/anatomy.",
)
def anatomy(**given: Any) -> None:  # noqa: ANN401
    """Say what costs what: where the time of a command goes, part by part.

    A probe in the tool's own process takes the time of each phase: interpreter start,
    imports, configuration, loading the history, connecting, planning, DDL, bookkeeping.
    Phases add up to the whole. Statements are counted as the database sees them, round
    trips on the line to the server, pages in the database itself: these are exact.

    Nothing here says who is faster: that is `bench`, which takes turns. The last line on
    stdout is the path of anatomy.md; anatomy.json and pictures (SVG) lie beside it.

    \b
    Examples:
      migration-compare anatomy --toolchain common
      migration-compare anatomy --scenario upgrade_by_one --repetitions 9
      migration-compare anatomy --scenario '*_of_a_large_table' --backend postgresql
    """
    with exit_codes():
        found = _dissected(Stand(_asked(given)))
        output = given["output"] or new_directory(Path("reports/anatomy"))
        page = write_anatomy(output, found)
        for one in found:
            if one.reason:
                click.echo(f"{one.cell.id}: {one.status}, {one.reason}", err=True)
        if page is None:
            click.echo("nothing could be dissected", err=True)
            sys.exit(NOT_ESTABLISHED)
        click.echo(page)


def _dissected(stand: Stand) -> list[Evidence]:
    with stand.standing(_said):
        for number, group in enumerate(stand.groups, 1):
            scenario, backend = group
            _said(f"{number} of {len(stand.groups)}: {scenario} on {backend}")
            stand.times(group)
    return stand.evidence


def _said(text: str) -> None:
    click.echo(text, err=True)


def _asked(given: dict[str, Any]) -> Asked:
    return Asked(
        selection=Selection(
            scenarios=given["scenarios"] or _SHOWN_ON,
            candidates=given["candidates"],
            toolchains=given["toolchains"],
            backends=given["backends"],
        ),
        budget=0.0,
        servers=given["servers"],
        dissections=given["repetitions"],
        dissection_budget=_UNLIMITED,
    )
