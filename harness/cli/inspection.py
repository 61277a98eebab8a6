"""`list`, `show` and `schema`: looking without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from harness.assessment.values import assess_schema
from harness.cli import options
from harness.cli.exits import BAD_INPUT, exit_codes, fail
from harness.contract import Adapter
from harness.databases import BACKENDS
from harness.execution.offers import toolchain_here
from harness.execution.plan import plan
from harness.execution.registry import Registry
from harness.journal.carrying import carry_over_schema
from harness.journal.corpus import corpus_schema
from harness.journal.growth import growth_schema
from harness.journal.journal import Journal, evidence_schema, run_schema
from harness.journal.matrix import matrix_schema
from harness.journal.replay import replay_schema
from harness.journal.sweep import sweep_schema
from harness.model.cell import Absence
from harness.model.evidence import Evidence
from harness.queueing.result import queue_schema
from harness.report import transcript
from harness.report.diff import diff_schema
from harness.report.outputs import comparison_schema
from harness.report.where import alternatives


@click.command(name="list")
@options.selecting
@options.extending
@click.option("--cells", is_flag=True, help="List the cells, one a line.")
def list_command(**given: Any) -> None:  # noqa: ANN401
    """List what there is: scenarios, candidates, toolchains and backends."""
    with exit_codes():
        selection, registry = options.selection(given), options.registry(given)
        planned = plan(registry, selection, options.offered(given))
        if given["cells"]:
            for cell in planned.cells:
                click.echo(cell.id)
            return
        ids = {cell.scenario for cell in planned.cells}
        click.echo("Scenarios")
        for scenario in registry.scenarios:
            if scenario.id in ids:
                click.echo(f"  {scenario.id}\n      {scenario.question}")
        _list_growths(registry)
        _list_candidates(registry)


def _list_growths(registry: Registry) -> None:
    click.echo("\nGrowth")
    for growth in registry.growths:
        sizes = ", ".join(f"{size:,}" for size in growth.sizes)
        where = " and ".join(growth.backends)
        usual = "" if growth.usual else "; only if it is named"
        click.echo(f"  {growth.name}\n      {growth.question}")
        click.echo(f"      at {sizes}, on {where}{usual}")


def _list_candidates(registry: Registry) -> None:
    click.echo("\nCandidates")
    for candidate in registry.candidates:
        click.echo(f"  {candidate.name}\n      {candidate.summary}")
    click.echo("\nToolchains")
    for adapter in registry.adapters.values():
        for name in adapter.toolchains:
            click.echo(f"  {name} ({adapter.tool})\n      {_note(adapter, name)}")
    click.echo("\nBackends")
    for name, backend in BACKENDS.items():
        click.echo(f"  {name}\n      {backend.origin}")
        if backend.absence is not None:
            click.echo(f"      {backend.absence.remedy}")


def _note(adapter: Adapter, toolchain: str) -> str:
    there = toolchain_here(adapter, toolchain)
    if isinstance(there, Absence):
        return f"not available, because {there.reason}: {there.remedy}"
    return there.summary


@click.command()
@click.argument("cell")
@options.run_directory
@click.option("--json", "as_json", is_flag=True, help="The record as it is stored.")
def show(cell: str, directory: Path, *, as_json: bool) -> None:
    """Show one cell of a stored run: every command with its output.

    CELL is as the report and `list --cells` write it, or the beginning of it; braces
    stand for alternatives, as in a/story:{one,two}:common:sqlite.
    DIRECTORY is a run's folder, reports/latest if it is not named.
    """
    with exit_codes():
        for evidence in _named(cell, Journal(directory).evidence()):
            if as_json:
                encoded = msgspec.json.encode(evidence)
                click.echo(msgspec.json.format(encoded, indent=2))
            else:
                click.echo(transcript(evidence))


def _named(cell: str, stored: tuple[Evidence, ...]) -> list[Evidence]:
    found = [e for name in alternatives(cell) for e in _beginning(name, stored)]
    if not found:
        fail(f"no cell of this run begins with {cell!r}: see `list --cells`", BAD_INPUT)
    return found


def _beginning(name: str, stored: tuple[Evidence, ...]) -> list[Evidence]:
    exact = [evidence for evidence in stored if evidence.cell.id == name]
    return exact or [e for e in stored if e.cell.id.startswith(name)]


@click.command()
@click.argument(
    "what",
    type=click.Choice(
        [
            "evidence",
            "run",
            "queue",
            "matrix",
            "sweep",
            "replay",
            "carry-over",
            "corpus",
            "diff",
            "report",
            "assess",
            "growth",
        ]
    ),
    default="evidence",
)
def schema(what: str) -> None:
    """Print the JSON Schema of a .json file or output, or of a line of a .jsonl file.

    \b
    Examples:
      migration-compare schema evidence
      migration-compare schema report > comparison.schema.json
    """
    schemas = {
        "evidence": evidence_schema,
        "run": run_schema,
        "queue": queue_schema,
        "matrix": matrix_schema,
        "sweep": sweep_schema,
        "replay": replay_schema,
        "carry-over": carry_over_schema,
        "corpus": corpus_schema,
        "diff": diff_schema,
        "report": comparison_schema,
        "assess": assess_schema,
        "growth": growth_schema,
    }
    encoded = msgspec.json.encode(schemas[what]())
    click.echo(msgspec.json.format(encoded, indent=2))
