"""`carry-over`: a real history, written for another tool, and the proof of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from harness.carrying.carry_over import REPOSITORY, Told, Wish
from harness.carrying.carry_over import carry_over as carried_over
from harness.carrying.recording import Wanted
from harness.cli import options
from harness.cli.exits import BAD_INPUT, DIFFERENT, exit_codes, fail
from harness.cli.playing import TARGET, history, taken
from harness.contract import Adapter
from harness.databases import BACKENDS
from harness.execution.serving import without_password
from harness.journal import carrying, files
from harness.model.carrying import CarryOver, How
from harness.model.replay import Direction, End, PlayedStep
from harness.report.carrying import conclusions, write_carry_over

_HOWS = [How.OPERATIONS, How.STATEMENTS, How.WRAPPED]


@click.command(name="carry-over")
@click.argument("target", metavar=TARGET)
@click.option(
    "--to", required=True, metavar="TOOL", help="The tool to carry it over to."
)
@click.option(
    "--how",
    type=click.Choice([str(one) for one in _HOWS]),
    default=str(How.OPERATIONS),
    show_default=True,
    help="Operations of the new tool, from how each step changed the schema; the very "
    "statements that were sent; or the original scripts, copied and called.",
)
@click.option(
    "--backend",
    "backends",
    multiple=True,
    type=click.Choice(list(BACKENDS)),
    help="Where both are played and compared; else on sqlite. Repeatable.",
)
@click.option(
    "--stop-at", default="", metavar="STEP", help="The last step to carry over."
)
@click.option(
    "--downgrades",
    is_flag=True,
    help="Also take each step back and again, and carry the ways back over.",
)
@click.option(
    "--squash",
    default="",
    metavar="STEP",
    help="Write one revision for all steps up to this one: the tables as they were then, "
    "and the rows that there were.",
)
@click.option(
    "--new-python",
    default="",
    metavar="PROGRAM",
    help="A Python with the new tool to play the result; else the tool's newest release "
    "in an environment that is built, or for `wrapped` the history's own environment.",
)
@history
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder to write: repository/, carry-over.md, carry-over.json.",
)
@click.option(
    "--force", is_flag=True, help="Write over an earlier carry-over in that folder."
)
def carry_over(**given: Any) -> None:  # noqa: ANN401
    """Carry a real history over to another tool, and prove that it is the same.

    The history is played under its own tool, and written as a repository of the other
    one: a revision for each step. Both are then held against each other: after every
    step, schema and rows have to be the same. Databases that the old tool made are
    stamped at the first, a middle and the last step, and taken on from there. The old
    repository is only read.

    Exits with 0 if all of it is proved, with 3 if something differs or is left for a
    person, with 2 if it cannot be done.

    \b
    Examples:
      migration-compare carry-over migrations/ --to TOOL --python .venv/bin/python \\
        --output moved
      migration-compare carry-over nova.db.sqlalchemy:FOLDER --to TOOL \\
        --interpreter 3.8 --requirement nova==20.0.0 --requirement 'sqlalchemy<1.4' \\
        --requirement 'setuptools<60' --until 2021-04-01 --output moved
      migration-compare carry-over migrations/ --to TOOL --python .venv/bin/python \\
        --squash 133 --output moved
      migration-compare carry-over corpus:nova20 --to TOOL --output moved
    """
    with exit_codes():
        folder = given.pop("output")
        wish, adapters = _wish(given, folder)
        with files.held(folder):
            record = _record(wish, adapters, datetime.now(UTC))
            carrying.write(folder, record)
            path = write_carry_over(folder, record)
        for sentence in conclusions(record):
            click.echo(sentence)
        click.echo(path)
        if record.status != "proved":
            sys.exit(DIFFERENT)


def _wish(given: dict[str, Any], folder: Path) -> tuple[Wish, tuple[Adapter, ...]]:
    _make_sure(folder, force=given.pop("force"))
    backends = tuple(dict.fromkeys(given.pop("backends") or ("sqlite",)))
    offered = options.offered({"servers": given["servers"]})
    for backend in backends:
        if (absence := offered[backend]) is not None:
            fail(f"{absence.reason}: {absence.remedy}", BAD_INPUT)
    to, how, python = given.pop("to"), How(given.pop("how")), given.pop("new_python")
    given |= {"backend": backends[0], "database": None}
    asked, adapters = taken(given)
    recorded = Wanted(**{n: given.pop(n) for n in ("stop_at", "downgrades", "squash")})
    wish = Wish(
        asked=asked,
        to=to,
        how=how,
        backends=backends,
        folder=folder.absolute(),
        recorded=recorded,
        python=python,
    )
    return wish, adapters


def _make_sure(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds something else, or an earlier result without a word.

    One that was interrupted has left its repository.
    """
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if not there:
        return
    if carrying.NAME not in there and there != {REPOSITORY}:
        fail(f"{folder} is not empty; name another folder with --output", BAD_INPUT)
    if not force:
        fail(
            f"{folder} holds an earlier carry-over: name another, or --force", BAD_INPUT
        )


def _record(wish: Wish, adapters: tuple[Adapter, ...], started: datetime) -> CarryOver:
    result = carried_over(wish, adapters, Told(note=_note, step=_told))
    return CarryOver(
        version=version("migration-compare"),
        command=("migration-compare", *map(without_password, sys.argv[1:])),
        started=started.isoformat(timespec="seconds"),
        history=wish.asked.target,
        source=result.source,
        target=wish.to,
        how=wish.how,
        squashed=result.squashed,
        steps=result.steps,
        not_carried=result.not_carried,
        proofs=result.proofs,
    )


def _note(line: str) -> None:
    click.echo(line, err=True)


def _told(step: PlayedStep) -> None:
    """Tell of the old history's steps now and then, and of all that fail."""
    failed = step.end not in (End.DONE, End.NO_WAY_BACK)
    words = f": {step.failure.words}" if failed and step.failure else ""
    if failed or (step.direction is Direction.UP and step.number % _NOW_AND_THEN == 0):
        click.echo(f"[{step.number}] {step.direction} {step.id}{words}", err=True)


_NOW_AND_THEN = 25
