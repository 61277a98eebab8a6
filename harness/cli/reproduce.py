"""`reproduce`: one cell again, with its repository and databases kept."""

from __future__ import annotations

import contextlib
import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes, fail
from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.comparison import build
from harness.execution.plan import ALL, Offered, Selection, plan
from harness.execution.registry import Registry
from harness.execution.serving import serving
from harness.execution.workbench import Workbench
from harness.judgement import judge
from harness.model.cell import Cell
from harness.model.evidence import Status
from harness.report import transcript
from harness.workspaces.scratch import scratch


@click.command()
@click.argument("cell")
@options.extending
@options.serving
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Where to leave the cell's repository and databases.",
)
@click.option("--cold", is_flag=True, help="Fresh processes, as in `run --cold`.")
@click.option(
    "--hold",
    is_flag=True,
    help="Leave the server with the cell's databases up until Ctrl-C.",
)
@click.option("--quiet", is_flag=True, help="Only the verdict, not every command.")
def reproduce(cell: str, **given: Any) -> None:  # noqa: ANN401
    """Run one cell again and keep what it leaves, to step into.

    CELL is as the report and `list --cells` write it. Afterwards the git repository is
    in KEEP/repository, the databases are in KEEP/databases. Those on a server are
    gone in the end; with --hold you can look at them before.
    """
    with exit_codes():
        registry, keep = options.registry(given), given["keep"].absolute()
        offered = options.offered(given)
        if keep.exists():
            fail(f"{keep} exists: name a folder that does not", BAD_INPUT)
        chosen = _cell(cell, registry, offered)
        environments, broken = build(registry, [chosen], _say)
        if broken:
            sys.exit(NOT_ESTABLISHED)
        bench = Workbench(environments, cold=given["cold"])
        run = CellRun(chosen, registry, bench, keep, Settings(keep=True))
        with (
            closing(bench),
            scratch() as directory,
            serving([chosen.backend], directory, _say) as not_served,
        ):
            if not_served:
                sys.exit(NOT_ESTABLISHED)
            evidence = run_cell(run)
            if not given["quiet"]:
                click.echo(transcript(evidence))
            click.echo(f"verdict: {judge(evidence).headline}")
            click.echo(f"kept in: {keep}")
            if not (keep / "databases").exists() and not given["hold"]:
                click.echo("its databases were on a server; see --hold")
            if given["hold"]:
                _hold(run)
        if evidence.status is Status.NOT_ESTABLISHED:
            sys.exit(NOT_ESTABLISHED)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _hold(run: CellRun) -> None:
    """Show where the databases are and wait to be interrupted."""
    for name, url in run.database_urls().items():
        click.echo(f"{name}: {url}")
    click.echo("Ctrl-C ends it.")
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def _cell(name: str, registry: Registry, offered: Offered) -> Cell:
    cells = plan(registry, Selection(backends=(ALL,)), offered).cells
    for cell in cells:
        if cell.id == name:
            if registry.scenario(cell.scenario).timed:
                fail(
                    "a timed cell has no meaning alone: use `run --scenario`", BAD_INPUT
                )
            return cell
    return fail(f"there is no cell {name!r}: see `list --cells`", BAD_INPUT)
