"""`replay`: a whole real history under its own tool, step by step."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import msgspec

from harness.assessment.sent import sent_locks
from harness.cli.exits import BAD_INPUT, DIFFERENT, exit_codes, fail
from harness.cli.playing import TARGET, folder, new_record, playing, taken
from harness.contract import Adapter
from harness.journal.files import StorageError
from harness.journal.replay import ReplayJournal
from harness.model.replay import End, PlayedStep, Replay
from harness.replaying.place import NotResumedError
from harness.replaying.replay import Asked, Earlier, Stage, play, spent, stage, up_to
from harness.report.replaying import conclusions, failure_lines, progress, write_replay


@click.command()
@click.argument("target", metavar=TARGET)
@playing
@click.option(
    "--walk",
    is_flag=True,
    help="Go down and up again after every step, and all the way down in the end, "
    "where there are downgrades.",
)
@click.option("--stop-at", default="", metavar="STEP", help="The last step to play.")
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where a replay in the folder ended: what it played is played again "
    "without looking, and must come to the same database.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write, over an earlier replay; else a folder in reports/replays.",
)
def replay(**given: Any) -> None:  # noqa: ANN401
    """Play a real history of migrations under its own tool, step by step.

    Tells of each step how long it took, what was sent, which rows were written, and how
    schema and rows changed. It is played in a database of its own that is gone
    afterwards. Playing a history is running its authors' code: docs/histories.md says
    what is kept away from it, and what is not.

    Exits with 0 if all went through, with 3 if a step failed, with 1 if it could not be
    played.

    \b
    Examples:
      migration-compare replay migrations/ --python .venv/bin/python
      migration-compare replay nova.db.sqlalchemy:migrate_repo --interpreter 3.8 \\
        --requirement nova==20.0.0 --requirement 'sqlalchemy<1.4' \\
        --requirement 'setuptools<60' --until 2021-04-01
      migration-compare replay corpus:nova20
    """
    with exit_codes():
        output, resume = given.pop("output"), given.pop("resume")
        walk = given.pop("walk")
        asked, adapters = taken(given)
        stop_at = given.pop("stop_at")
        journal = ReplayJournal(output or folder(asked))
        if resume and not journal.begun:
            fail(f"{journal.directory} holds no replay: leave out --resume", BAD_INPUT)
        with journal.held():
            record = replayed(
                asked, adapters, journal, stop_at=stop_at, walk=walk, resume=resume
            )
        if record.status == "failed":
            sys.exit(DIFFERENT)


def replayed(
    asked: Asked,
    adapters: tuple[Adapter, ...],
    journal: ReplayJournal,
    *,
    stop_at: str = "",
    walk: bool = False,
    resume: bool = False,
) -> Replay:
    """Play a history into a journal, tell of it, and return its record."""
    with stage(asked, adapters, _note) as ready:
        up_to(ready.steps, stop_at)  # Refused before anything is written.
        record = new_record(asked, ready, stop_at, walk=walk)
        for line in record.notes:
            _note(line)
        earlier = _earlier(journal, record) if resume else Earlier()
        if not resume:
            journal.begin(record)
        record = _play(ready, record, journal, asked, earlier)
    for sentence in conclusions(record, journal.steps()):
        click.echo(sentence)
    click.echo(write_replay(journal))
    return record


def _play(
    ready: Stage,
    record: Replay,
    journal: ReplayJournal,
    asked: Asked,
    earlier: Earlier,
) -> Replay:
    def done(step: PlayedStep) -> None:
        locks = sent_locks(record.backend, step)
        journal.append(msgspec.structs.replace(step, locks=locks))
        click.echo(progress(step, record), err=True)
        if step.end not in (End.DONE, End.NO_WAY_BACK):
            for line in failure_lines(step):
                click.echo(f"  {line}", err=True)

    try:
        record, playback = play(ready, record, done, asked.limits, earlier)
    except NotResumedError:
        raise
    except BaseException as error:
        with suppress(StorageError, OSError):
            _cut_short(journal, record, ready, error)
        raise
    journal.keep(playback.state)
    journal.write(record)
    return record


def _cut_short(
    journal: ReplayJournal, record: Replay, ready: Stage, error: BaseException
) -> None:
    """Keep what was played, and why it went no further."""
    steps = journal.steps()
    told = () if isinstance(error, KeyboardInterrupt) else (f"cut short: {error}",)
    journal.write(
        msgspec.structs.replace(
            record,
            status="interrupted",
            spent=spent(steps, ready.starting),
            notes=(*record.notes, *told),
        )
    )
    write_replay(journal)
    were = "1 step was" if len(steps) == 1 else f"{len(steps)} steps were"
    _note(f"{were} played: {journal.directory}; --resume goes on from there")


def _earlier(journal: ReplayJournal, record: Replay) -> Earlier:
    """Return the steps that were played; they must be of the same history."""
    before = journal.record()
    same = (before.steps, before.tool, before.backend, before.walk)
    if same != (record.steps, record.tool, record.backend, record.walk):
        fail(f"{journal.directory} holds another replay: leave out --resume", BAD_INPUT)
    return Earlier(journal.steps(), journal.state())


def _note(line: str) -> None:
    click.echo(line, err=True)
