"""`smoke`: whether the installation works, and whether what is wrong is seen."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Any

import click

from harness.cli import options
from harness.cli.exits import NOT_ESTABLISHED, exit_codes
from harness.execution.comparison import build
from harness.execution.plan import plan
from harness.execution.serving import serving
from harness.smoke.smoke import Result, run_trials, trials
from harness.workspaces.scratch import scratch


@click.command()
@options.selecting
@options.extending
def smoke(**given: Any) -> None:  # noqa: ANN401
    """Check that everything works, and that wrong adapters are caught.

    Every candidate has to pass conformance: a clean line of migrations, up, down and
    up, with one that must fail. Then each tool's adapter is made wrong on purpose, in a
    dozen ways, and every one must be caught by a check. Takes under a minute once the
    toolchains are built; exits with 1 if anything is not as it should be.
    """
    with exit_codes():
        selection, registry = options.selection(given), options.registry(given)
        cells = plan(registry, selection, options.offered(given)).cells
        environments, broken = build(registry, cells, click.echo)
        built = tuple(
            c
            for c in cells
            if f"{registry.adapter_of(c.candidate).tool}:{c.toolchain}" in environments
        )
        results = []
        with (
            scratch() as directory,
            serving({c.backend for c in built}, directory, click.echo) as not_served,
        ):
            broken |= not_served
            served = tuple(c for c in built if c.backend not in not_served)
            planned = trials(registry, served)
            with closing(
                run_trials(registry, planned, environments, directory, options.cores())
            ) as ended:
                for result in ended:
                    results.append(result)
                    click.echo(_line(result))
        _conclude(results, broken)


def _line(result: Result) -> str:
    cell, saboteur = result.trial.cell, result.trial.saboteur
    column = f"{cell.candidate} ({cell.toolchain}, {cell.backend})"
    mark = "ok  " if result.as_it_should_be else "FAIL"
    first = result.failures[0] if result.failures else None
    if saboteur is None:
        said = f"{first.check}: {first.sentence}" if first else "conforms"
        return f"{mark} {column}: {said}"
    what = (saboteur.__doc__ or "").splitlines()[0]
    said = f"caught by '{first.check}': {first.sentence}" if first else "NOT CAUGHT"
    return f"{mark} {column} made wrong. {what} {said}"


def _shown(result: Result, good: list[Result]) -> bool:
    """Tell whether a wrong adapter's failure says anything: its good one must pass."""
    conforming = {r.trial.cell for r in good if r.as_it_should_be}
    return result.as_it_should_be and result.trial.cell in conforming


def _conclude(results: list[Result], broken: dict[str, str]) -> None:
    wrong = [result for result in results if result.trial.saboteur is not None]
    good = [result for result in results if result.trial.saboteur is None]
    click.echo(
        f"{sum(r.as_it_should_be for r in good)} of {len(good)} candidates conform; "
        f"{sum(_shown(r, good) for r in wrong)} of {len(wrong)} wrong adapters caught"
    )
    for reason in broken.values():
        click.echo(f"FAIL {reason}")
    if broken or not all(result.as_it_should_be for result in results):
        sys.exit(NOT_ESTABLISHED)
