"""`explore`: a search for differences that nobody has written a story about."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console

from harness.cli import options
from harness.cli.exits import DIFFERENT, NOT_ESTABLISHED, exit_codes, fail
from harness.cli.run import new_directory
from harness.execution.cell_run import Settings
from harness.execution.comparison import Request, build
from harness.execution.known import known_differences
from harness.exploration.exploration import Exploration, Order, columns_of
from harness.exploration.search import Budget, Search
from harness.model.known import KnownDifference

_OFTEN = 50
_FOLDER = options.LATEST.parent / "explorations"


@click.command()
@options.columns
@options.extending
@click.option(
    "--examples",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Stories to draw; those played to shrink a find are not counted.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Begin no new story after so long.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Decides what is drawn."
)
@click.option(
    "--shrinks",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="Stories to play in making one find smaller.",
)
@click.option(
    "--known",
    "more_known",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also take these differences for known. Repeatable.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/explorations.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=options.cores,
    show_default="one per processor",
    help="Candidates at a time.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds that one command of a tool may take.",
)
def explore(**given: Any) -> None:  # noqa: ANN401
    """Search for schema changes that a tool gets wrong.

    Stories are drawn at random: tables with rows, and a line of migrations that goes
    up, down, and up again. Every candidate plays each of them, and is held against the
    oracle and against the others. What is new is made as small as it can be, and is
    written as a scenario that `run --scenarios-from` takes. Differences that are known
    are counted, and do not stop the search.

    Progress goes to stderr; the last line on stdout is the path of the report. Exits
    with 0 if nothing new was found, with 3 if something was, and with 1 if that is an
    error of the harness or of an adapter.

    \b
    Examples:
      migration-compare explore --examples 500 --seed 7
      migration-compare explore --seconds 600 --backend postgresql
    """
    with exit_codes():
        selection, registry = options.selection(given), options.registry(given)
        known = known_differences(registry, given["more_known"])
        planned = columns_of(registry, selection, options.offered(given))
        console = Console(stderr=True, force_interactive=sys.stderr.isatty())
        relevant = tuple(
            k for k in known if k.symptom and any(map(k.concerns, planned.cells))
        )
        environments, broken = build(registry, planned.cells, console.print)
        if broken:
            fail(next(iter(broken.values())), NOT_ESTABLISHED)
        with _Teller(console) as teller:
            exploration = Exploration(
                registry,
                planned.cells,
                environments,
                _order(given, relevant),
                teller.note,
            )
            path = exploration.run(teller.heard)
        click.echo(path)
        if exploration.finds:
            sys.exit(NOT_ESTABLISHED if exploration.broken else DIFFERENT)


class _Teller:
    """Says how far a search is: on a terminal in one line, else now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._line = console.status("preparing")
        self._told = 0

    def __enter__(self) -> Self:
        if self._console.is_interactive:
            self._line.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.stop()

    def note(self, text: str) -> None:
        """Say something that happened."""
        self._console.print(text, markup=False, highlight=False)

    def heard(self, search: Search) -> None:
        """Take note of a play."""
        tally = search.tally
        said = (
            f"{tally.examples} of {search.budget.examples} examples, "
            f"{tally.plays} plays, {len(search.found)} new differences"
        )
        said += ", making one smaller" if search.shrinking else ""
        self._line.update(said)
        if not self._console.is_interactive and tally.plays >= self._told + _OFTEN:
            self._told = tally.plays
            self.note(said)


def _order(given: dict[str, Any], known: tuple[KnownDifference, ...]) -> Order:
    limits = (given["examples"], given["seconds"], given["shrinks"])
    return Order(
        directory=given["output"] or new_directory(_FOLDER),
        budget=Budget(*limits),
        known=known,
        request=Request(
            version=version("migration-compare"),
            command=("migration-compare", *sys.argv[1:]),
            jobs=given["jobs"],
            cold=False,
            settings=Settings(time_limit=given["time_limit"], seed=given["seed"]),
        ),
    )
