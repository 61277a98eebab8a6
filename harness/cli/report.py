"""`report`: the report again, from stored evidence alone."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli import options
from harness.cli.exits import exit_codes
from harness.journal.corpus import FOLDER, read_corpus_run
from harness.journal.journal import Journal
from harness.report import write_report
from harness.report.document import document


@click.command()
@options.run_directory
@click.option(
    "--stdout", is_flag=True, help="Print the markdown instead of writing files."
)
def report(directory: Path, *, stdout: bool) -> None:
    """Write the report again from the evidence in DIRECTORY, byte for byte.

    \b
    It is
      comparison.md    for people, and for a wiki
      comparison.html  the same as one page, with every cell's story in it
      comparison.json  the same for programs; its JSON Schema: schema report
      junit.xml        each cell as a test case, for any CI
      summary.md       half a page, for a comment on a pull request
      badge.json       for a badge by shields.io

    Runs no tool and needs no toolchain. Exits with 4 if the evidence is not as it
    was written.

    \b
    Examples:
      migration-compare report
      migration-compare report reports/runs/2026-01-10T120000Z
      migration-compare report FOLDER --stdout | less
    """
    with exit_codes():
        journal = Journal(directory)
        if stdout:
            click.echo(document(journal), nl=False)
        else:
            click.echo(write_report(journal))
        if read_corpus_run(directory / FOLDER) is None:
            click.echo(
                "It tells nothing of real histories: `migration-compare corpus run "
                f"NAME... --output {directory / FOLDER}` plays some beside it.",
                err=True,
            )
