"""Databases that the old tool made, stamped and taken on by the new one."""

from __future__ import annotations

from collections.abc import Iterable

from harness.carrying.ground import Ground, Side, playback
from harness.carrying.recording import Recording
from harness.databases.snapshot import take
from harness.model.carrying import Piece, Stamp
from harness.model.replay import Direction, End, Failure, PlannedStep, PlayedStep
from harness.replaying.lens import differences
from harness.replaying.playback import Playback
from harness.replaying.process import OutOfTime, ProcessLost
from harness.replaying.replay import Stage


def stamps(
    ground: Ground,
    sides: tuple[Side, Side],
    recording: Recording,
    pieces: tuple[Piece, ...],
    places: Iterable[int],
) -> tuple[Stamp, ...]:
    """Stamp databases that stand at some of the steps, and take them to the end."""
    return tuple(_stamp(ground, sides, recording, pieces, place) for place in places)


def _stamp(
    ground: Ground,
    sides: tuple[Side, Side],
    recording: Recording,
    pieces: tuple[Piece, ...],
    place: int,
) -> Stamp:
    old, new = sides
    piece, rest = pieces[place], pieces[place + 1 :]
    url = recording.kept.get(place) or _made_anew(ground, old, recording, place)
    with ground.load(new, url) as ready:
        failure = _stamped(ready, piece, new) or _taken_on(ready, new, rest)
    found = take(url, _bookkeeping(sides))
    return Stamp(
        step=piece.step,
        revision=piece.revision,
        left=len(rest),
        differences=() if failure else differences(recording.end, found),
        failure=failure,
    )


def _made_anew(ground: Ground, old: Side, recording: Recording, place: int) -> str:
    """Have the old tool make a database that stands after a step, where none was kept."""
    url = ground.databases.create(f"at_{place}")
    with ground.load(old, url) as ready:
        _take(playback(ready, old), recording.steps[: recording.squashed + place + 1])
    return url


def _stamped(ready: Stage, piece: Piece, new: Side) -> Failure | None:
    limit = new.asked.limits.step
    try:
        return ready.process.play("stamp", piece.revision, limit).error
    except OutOfTime:
        return Failure("timed out", f"stamping took longer than {limit:g} s")
    except ProcessLost as error:
        return Failure("lost", str(error))


def _taken_on(ready: Stage, new: Side, rest: tuple[Piece, ...]) -> Failure | None:
    planned = {step.id: step for step in ready.steps}
    through = playback(ready, new)
    return _take(through, tuple(planned[piece.revision] for piece in rest))


def _take(through: Playback, steps: tuple[PlannedStep, ...]) -> Failure | None:
    """Take steps without looking after each; return why that ends early."""
    return through.repeat(
        PlayedStep(
            number=number,
            id=step.id,
            direction=Direction.UP,
            script=step.script,
            end=End.DONE,
        )
        for number, step in enumerate(steps)
    )


def _bookkeeping(sides: tuple[Side, Side]) -> tuple[str, ...]:
    playing = (side.adapter.playing for side in sides)
    return tuple(name for one in playing if one is not None for name in one.bookkeeping)
