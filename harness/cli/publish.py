"""`publish`: the edition of a run that is committed, and its check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.cli.exits import ALTERED, exit_codes
from harness.report import edition as editions

_EDITION = Path("reports/published")
_folder = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("directory", type=_folder, required=False)
@click.option(
    "--output",
    "edition",
    type=_folder,
    default=_EDITION,
    show_default=True,
    help="The folder of the edition.",
)
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Write nothing; say what is wrong with the edition, and exit with 4 if anything.",
)
def publish(directory: Path | None, edition: Path, *, checking: bool) -> None:
    """Publish the run in DIRECTORY: its report, and its evidence packed small.

    Without DIRECTORY the edition is written again from its own evidence, as is wanted
    after the wording of the report has changed.

    \b
    Examples:
      migration-compare publish reports/latest
      migration-compare publish --check
    """
    with exit_codes():
        if not checking:
            click.echo(editions.publish(directory or edition, edition))
            return
        wrong = editions.check(directory or edition)
        for sentence in wrong:
            click.echo(sentence)
        click.echo(f"{directory or edition}: {'not whole' if wrong else 'whole'}")
        if wrong:
            sys.exit(ALTERED)
