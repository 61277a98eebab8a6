"""`report`: the report again, from stored evidence alone."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli import options
from harness.cli.exits import exit_codes
from harness.journal.journal import Journal
from harness.queueing.result import read_queue
from harness.report import render, write_report


@click.command()
@options.run_directory
@click.option("--stdout", is_flag=True, help="Print it instead of writing the file.")
def report(directory: Path, *, stdout: bool) -> None:
    """Write comparison.md again from the evidence in DIRECTORY, byte for byte.

    Runs no tool and needs no toolchain.
    """
    with exit_codes():
        journal = Journal(directory)
        if stdout:
            queue = read_queue(directory)
            click.echo(render(journal.run(), journal.evidence(), queue), nl=False)
        else:
            click.echo(write_report(journal))
