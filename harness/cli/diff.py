"""`diff`: two stored runs held against each other."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from harness.cli.exits import BAD_INPUT, DIFFERENT, exit_codes, fail
from harness.report.diff import diff as diff_of
from harness.report.diff_text import diff_text


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="For programs; see `schema diff`."
)
def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """Hold the stored run in NEW against that in OLD, cell by cell.

    Tells every verdict that changed with the first step that went another way, what
    was observed otherwise under the same verdict, cells that are in one run only, and
    cells that cannot be compared, with the reason. What is another one every time,
    such as drawn revision ids, makes no difference, and times are only told. Runs no
    tool.

    Exits with 0 if all cells are alike, with 3 if not.

    \b
    Examples:
      migration-compare diff reports/runs/2026-01-10T120000Z reports/latest
      migration-compare diff old new --json | jq '.verdicts[].cell'
    """
    with exit_codes():
        found = diff_of(old, new)
        if not (
            found.alike or found.verdicts or found.observations or found.not_comparable
        ):
            fail(f"{old} and {new} have no cell in common", BAD_INPUT)
        if as_json:
            encoded = msgspec.json.encode(found)
            click.echo(msgspec.json.format(encoded, indent=2))
        else:
            click.echo(diff_text(found), nl=False)
        if found.differs:
            sys.exit(DIFFERENT)
