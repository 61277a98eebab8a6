"""`bench`: what everything costs, measured so that it can be argued from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.benchmarking.differing import difference
from harness.benchmarking.driving import drive, repeated, stored_in
from harness.benchmarking.finding import found
from harness.benchmarking.options import DEFAULT_BUDGET
from harness.benchmarking.rows import Stored, read
from harness.benchmarking.stand import Asked
from harness.cli import options
from harness.cli.exits import BAD_INPUT, NOT_ESTABLISHED, exit_codes
from harness.cli.run import new_directory
from harness.execution.plan import Selection
from harness.judgement.by_hand import Accord, Agreement, agreements
from harness.judgement.speed import matches
from harness.report.anatomy_page import write_anatomy
from harness.report.by_hand import by_hand_part, sentence
from harness.report.controls_page import Repetition, counted, write_controls_page
from harness.report.speed_page import write_speed_page

_SHOWN_ON = ("speed/start",)
_STORED = click.Path(exists=True, path_type=Path)


@click.group(invoke_without_command=True)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="What is timed, by id or name; * and ? match anything. Repeatable.",
)
@options.columns
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_BUDGET / 60,
    show_default=True,
    help="Minutes for all samples together; setting up and warming up come on top.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="For who takes which turn."
)
@click.option(
    "--planted",
    type=click.IntRange(1),
    metavar="PER_CENT",
    help="Slow candidates by so much, and by nothing, and see whether that is found.",
)
@click.option(
    "--controls",
    type=click.IntRange(1),
    metavar="TIMES",
    help="Time every candidate against itself under another name, so many times anew, "
    "and count how often a difference is told.",
)
@click.option(
    "--by-hand",
    type=click.IntRange(6),
    metavar="ROUNDS",
    help="Have a timer that knows nothing of the harness time the same commands as "
    "well, and see whether both say the same.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; else a new folder in reports/speed.",
)
@click.pass_context
def bench(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401
    """Time what the candidates do, in turns, each also against itself.

    pytest runs the benchmarks, and pytest-benchmark stores them: its commands `compare`
    and `--benchmark-compare` work on benchmark.json. The last line on stdout is the
    path of speed.md, or of controls.md.

    --planted, --controls and --by-hand say whether the benchmark itself is to be
    believed, and exit with 1 if not. The first two time one short command unless
    others are named.

    \b
    Examples:
      migration-compare bench --toolchain common --budget 20
      migration-compare bench --scenario upgrade_by_one --backend sqlite
      migration-compare bench --planted 10
      migration-compare bench --controls 20
      migration-compare bench --by-hand 16 --scenario start --scenario current
      migration-compare bench diff reports/speed/OLD reports/speed/NEW
    """
    if context.invoked_subcommand is not None:
        return
    with exit_codes():
        asked, controls = _asked(given), given["controls"]
        output = given["output"] or new_directory(Path("reports/speed"))
        if controls:
            sys.exit(_controls(asked, controls, output))
        code, stored = _driven(asked, output)
        if stored is None:
            sys.exit(code or NOT_ESTABLISHED)
        agreed = agreements(stored.evidence)
        page = _page(stored, output, agreed)
        right = _told(stored) and _agree(agreed)
        click.echo(page)
        if code or not right:
            sys.exit(NOT_ESTABLISHED)


def _driven(asked: Asked, output: Path) -> tuple[int, Stored | None]:
    """Time everything; after an interruption, tell of what was timed."""
    try:
        return drive(asked, output)
    except KeyboardInterrupt:
        stored = stored_in(output)
        if stored is not None:
            page = _page(stored, output, agreements(stored.evidence))
            click.echo(f"what was timed is told in {page}", err=True)
        raise


def _page(stored: Stored, output: Path, agreed: tuple[Agreement, ...]) -> Path:
    part = by_hand_part(agreed)
    write_anatomy(output, stored.evidence)
    return write_speed_page(
        output, stored.record, matches(stored.evidence), (part,) if part else ()
    )


@bench.command("diff")
@click.argument("old", type=_STORED)
@click.argument("new", type=_STORED)
def diff(old: Path, new: Path) -> None:
    """Say what changed between two stored runs.

    OLD and NEW are folders of `bench` or `run`, or benchmark.json files. What is not
    comparable is not compared, and the reason is told: another machine, another version
    of a scenario, other packages. Exits with 2 if nothing can be compared.
    """
    with exit_codes():
        found = difference(read(old), read(new))
        for line in found.lines:
            click.echo(line)
        if not found.compared:
            sys.exit(BAD_INPUT)


def _controls(asked: Asked, times: int, output: Path) -> int:
    """Repeat the controls, count what is told wrongly, and return the exit code."""
    repetitions: list[Repetition] = []
    for number, (folder, stored) in enumerate(repeated(asked, times, output), 1):
        click.echo(f"{number} of {times}", err=True)
        found = matches(stored.evidence)
        repetitions.append(Repetition(folder, stored.record, found))
    found_wrong = counted(repetitions)
    for one in found_wrong:
        click.echo(f"{'FAIL' if one.alarms.too_many else 'ok  '} {one.sentence}")
    click.echo(write_controls_page(output, tuple(repetitions), found_wrong))
    whole = len(repetitions) == times and any(one.alarms.of for one in found_wrong)
    too_many = any(one.alarms.too_many for one in found_wrong)
    return NOT_ESTABLISHED if too_many or not whole else 0


def _asked(given: dict[str, Any]) -> Asked:
    planted, controls = given["planted"], given["controls"]
    itself = bool(planted or controls)
    return Asked(
        selection=Selection(
            scenarios=given["scenarios"] or (_SHOWN_ON if itself else ()),
            candidates=given["candidates"],
            toolchains=given["toolchains"] or (("common",) if itself else ()),
            backends=given["backends"],
        ),
        budget=given["budget"] * 60,
        seed=given["seed"],
        planted=planted,
        again=bool(controls),
        by_hand=given["by_hand"] or 0,
        servers=given["servers"],
    )


def _told(stored: Stored) -> bool:
    """Say of each planted difference whether it was found; tell whether all were."""
    told = found(matches(stored.evidence), stored.record.slowed)
    for one in told:
        click.echo(f"{'ok  ' if one.right else 'FAIL'} {one.sentence}")
    return all(one.right for one in told)


def _agree(agreed: tuple[Agreement, ...]) -> bool:
    """Say of each ratio whether the other timer agrees; tell whether none is apart."""
    for one in agreed:
        right = one.accord is not Accord.APART
        click.echo(f"{'ok  ' if right else 'FAIL'} {sentence(one)}")
    return not any(one.accord is Accord.APART for one in agreed)
