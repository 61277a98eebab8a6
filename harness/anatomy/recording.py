"""What the probe wrote down in a process, read as phases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from harness.anatomy.kinds import kind_of
from harness.model.anatomy import Dissected, Kind, Phase


class RecordingError(Exception):
    """A process left no record, or none that can be read; the message says which."""


class Recorded(msgspec.Struct, frozen=True):
    """The record of one process: see `harness/driving/startup/probing.py`.

    `begun` and `ended` are of the machine's monotonic clock. `statements` have text,
    seconds and the phase that they were run in; `traced` are the texts that SQLite says
    it ran, None where it was not asked.
    """

    begun: float
    probe: float
    spent: dict[Phase, float]
    ended: float
    main_called: bool
    unknown: tuple[str, ...]
    found: tuple[str, ...]
    statements: tuple[tuple[str, float, Phase], ...]
    traced: tuple[str, ...] | None
    rows: int | None


def recorded(directory: Path, processes: int) -> list[Recorded]:
    """Return the records in a directory, in the order in which the processes began.

    `RecordingError` if there are not as many as there were processes.
    """
    files = sorted(directory.glob("*.json"))
    if len(files) != processes:
        message = f"{processes} processes were started, and {len(files)} left a record"
        raise RecordingError(message)
    try:
        found = [_read(file) for file in files]
    except msgspec.DecodeError as error:
        message = f"a process left a record that cannot be read: {error}"
        raise RecordingError(message) from error
    return sorted(found, key=lambda record: record.begun)


def _read(file: Path) -> Recorded:
    """Return a record; what it took to write it is the probe's time."""
    told, _, written = file.read_bytes().partition(b"\n")
    record = msgspec.json.decode(told, type=Recorded)
    end = msgspec.json.decode(written, type=float)
    return msgspec.structs.replace(
        record, probe=record.probe + end - record.ended, ended=end
    )


def dissected(
    records: Sequence[Recorded],
    spans: Sequence[tuple[float, float]],
    bookkeeping: Sequence[str],
) -> Dissected:
    """Return what each phase took of all processes together.

    `spans` are when each process was started, and how many seconds later it had ended.
    """
    phases = dict.fromkeys(Phase, 0.0)
    for record, (begun, seconds) in zip(records, spans, strict=True):
        phases[Phase.INTERPRETER] += record.begun - begun
        phases[Phase.PROBE] += record.probe
        phases[Phase.EXIT] += begun + seconds - record.ended
        for phase, spent in record.spent.items():
            phases[phase] += spent
        for sql, spent, phase in record.statements:
            phases[_phase_of(sql, phase, bookkeeping)] += spent
    return Dissected(
        seconds=sum(seconds for _, seconds in spans),
        phases=phases,
        database=sum(spent for r in records for _, spent, _ in r.statements),
    )


def _phase_of(sql: str, around: Phase, bookkeeping: Sequence[str]) -> Phase:
    """Return what a statement's time belongs to: questions to what asks them."""
    match kind_of(sql, bookkeeping):
        case Kind.BOOKKEEPING:
            return Phase.BOOKKEEPING
        case Kind.TRANSACTION:
            return Phase.TRANSACTIONS
        case Kind.SCHEMA | Kind.ROWS:
            return Phase.DDL
        case _:
            return around
