"""`explain`: a story in words, and the native code that each adapter writes for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes, fail
from harness.execution.cell_run import CellRun, Settings
from harness.execution.comparison import Environments, build
from harness.execution.explaining import played
from harness.execution.plan import ALL, EMBEDDED, Selection, plan
from harness.execution.registry import Registry
from harness.execution.serving import serving
from harness.execution.workbench import Workbench
from harness.journal.journal import Journal
from harness.model.cell import Cell
from harness.model.evidence import Status
from harness.model.explained import Played
from harness.model.scenario import Scenario
from harness.report import explanation
from harness.workspaces.scratch import scratch


@click.command()
@click.argument("scenario")
@options.columns
@options.extending
@click.option(
    "--story", "only_story", is_flag=True, help="Only the story; run nothing."
)
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Tell it as a stored run has it, without the text of files; run nothing.",
)
def explain(scenario: str, **given: Any) -> None:  # noqa: ANN401
    """Explain a story: in words, and as each tool's users would write and run it.

    SCENARIO is an id or a name; see `list`. The story is played once for each
    candidate in a scratch directory, so that the native code, the command lines and
    git's graph are those of a real cell. At the end is what the oracle expects.
    Without options: every candidate, on its first toolchain, on SQLite.

    Exits with 1 if a cell could not be established.

    \b
    Examples:
      migration-compare explain two_patches_race
      migration-compare explain changes/rename_a_table --toolchain newest | less
      migration-compare explain race_20 --story
      migration-compare explain two_patches_race --from reports/latest
    """
    with exit_codes():
        registry = options.registry(given)
        selection = options.selection({**given, "scenarios": (scenario,)})
        planned = plan(registry, selection, options.offered(given))
        ids = dict.fromkeys(cell.scenario for cell in planned.cells)
        if len(ids) > 1:
            fail(f"{scenario!r} is {', '.join(ids)}: name one of them", BAD_INPUT)
        told = registry.scenario(next(iter(ids)))
        for line in explanation.story(told):
            click.echo(line)
        if given["folder"]:
            _tell_stored(told, given["folder"], selection)
        elif not given["only_story"]:
            _tell(registry, _few(planned.cells, selection))


def _few(cells: tuple[Cell, ...], selection: Selection) -> tuple[Cell, ...]:
    """Return a cell for each candidate, unless toolchains are named."""
    if selection.toolchains:
        return cells
    first: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        first.setdefault((cell.candidate, cell.backend), cell)
    return tuple(first.values())


def _tell_stored(told: Scenario, folder: Path, selection: Selection) -> None:
    """Tell a story from a run's evidence, which has the names of files alone."""
    cells = {
        evidence.cell: evidence
        for evidence in Journal(folder).evidence()
        if evidence.cell.scenario == told.id and _asked(evidence.cell, selection)
    }
    if not cells:
        fail(f"no such cell of {told.id} is in {folder}", BAD_INPUT)
    if any(evidence.digest != told.digest for evidence in cells.values()):
        _say(f"{told.id} was another story when this run was made")
    few = _few(tuple(cells), selection)
    for line in explanation.told(Played(cells[cell], {}, "") for cell in few):
        click.echo(line)


def _asked(cell: Cell, selection: Selection) -> bool:
    return all(
        not names or name in names or names == (ALL,)
        for names, name in (
            (selection.candidates, cell.candidate),
            (selection.toolchains, cell.toolchain),
            (selection.backends or (EMBEDDED,), cell.backend),
        )
    )


def _tell(registry: Registry, cells: tuple[Cell, ...]) -> None:
    environments, broken = build(registry, cells, _say)
    if broken:
        sys.exit(NOT_ESTABLISHED)
    with scratch() as directory:
        backends = [cell.backend for cell in cells]
        with serving(backends, directory, _say) as not_served:
            if not_served:
                sys.exit(NOT_ESTABLISHED)
            found = list(_played(registry, cells, environments, directory))
    for line in explanation.told(found):
        click.echo(line)
    if any(one.evidence.status is Status.NOT_ESTABLISHED for one in found):
        sys.exit(NOT_ESTABLISHED)


def _played(
    registry: Registry,
    cells: tuple[Cell, ...],
    environments: Environments,
    directory: Path,
) -> Iterator[Played]:
    with closing(Workbench(environments, cold=False)) as bench:
        for number, cell in enumerate(cells):
            place = directory / f"cell-{number}"
            yield played(CellRun(cell, registry, bench, place, Settings()))


def _say(text: str) -> None:
    click.echo(text, err=True)
