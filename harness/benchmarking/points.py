"""One size of a growth: all who take part set up once, and take turns a few times."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import msgspec

from harness.execution.cell_run import CellRun, Settings
from harness.execution.measuring import Seat
from harness.execution.turns import finish, order
from harness.model.cell import Cell
from harness.model.evidence import Outcome, OutcomeKind
from harness.model.growth import Growth, Point, Stage
from harness.model.speed import Participant
from harness.wire import place_of, wired

BLOCKS = (1, 3)
"""How often everybody has a turn: once, and thrice where that does not take long."""


_MILLISECONDS = 1000


class At(msgspec.Struct, frozen=True):
    """A growth at a size, on a backend; `lap` counts how often all sizes were done."""

    growth: Growth
    stage: Stage
    backend: str
    lap: int = 0

    @property
    def track(self) -> tuple[str, str]:
        """The growth and the backend, whatever the size."""
        return self.growth.name, self.backend


def who(cell: Cell) -> Participant:
    """Return the participant that a cell belongs to."""
    return Participant(cell.candidate, cell.toolchain)


def point(at: At, participant: Participant, **fields: object) -> Point:
    """Return a point with what is known of it."""
    return Point(
        growth=at.growth.name,
        backend=at.backend,
        who=participant,
        size=at.stage.size,
        digest=at.stage.scenario.digest,
        **fields,  # type: ignore[arg-type]
    )


def merged(earlier: Point, later: Point) -> Point:
    """Return a point with the samples of another lap.

    What did not go through in one lap counts as that; what was not come to changes nothing.
    """
    if not later.reached:
        return earlier
    return msgspec.structs.replace(
        earlier,
        samples=(*earlier.samples, *later.samples),
        outcome=later.outcome,
        missing=later.missing,
    )


def points_at(at: At, runs: Sequence[CellRun], settings: Settings) -> list[Point]:
    """Measure one size; a participant without samples has the reason in its place.

    What the step leaves is looked at closely at the smallest size only: looking at all of
    it takes longer than the step where it is much.
    """
    closely = at.stage is at.growth.stages[0]
    lines = ExitStack()
    reach = None if at.stage.distance is None else line(at.stage.distance, lines)
    # Each lap is a set-up of its own, as a twin is: a revision's id may be drawn anew.
    seats = [Seat(run, at.lap, closely=closely, reach=reach) for run in runs]
    try:
        for seat in seats:
            seat.set_up()
        ready = [seat for seat in seats if not _not_set_up(seat)]
        stopped = _take_turns(at, ready, settings)
        return [_point(at, seat, stopped) for seat in seats]
    finally:
        lines.close()
        for run in runs:
            run.close()


def _take_turns(at: At, seats: Sequence[Seat], settings: Settings) -> str:
    """Warm up and take turns while there is time; say so where there is none."""
    took = [(seat, seat.warm_up()) for seat in seats]
    block_seconds = sum(s for seat, s in took if seat.outcome.kind.went_through)
    left = min(settings.speed_budget, settings.time_limit * len(seats))
    blocks = max((n for n in BLOCKS if n * block_seconds <= left), default=0)
    seed = f"{settings.seed}:{at.stage.scenario.id}:{at.backend}"
    first = at.lap * max(BLOCKS)
    for block in range(first, first + blocks):
        for place, number in enumerate(order(len(seats), seed, block)):
            seats[number].turn(block, place)
        finish(seats)
    return (
        ""
        if blocks
        else f"a turn of everybody takes {block_seconds:.0f} s, and {left:.0f} s were left"
    )


def line(distance: float, lines: ExitStack) -> Callable[[CellRun], None]:
    """Return what lays a line of that length to a story's server.

    It begins to be used before anything is set up: a tool knows one database by one URL.
    """
    database = "app"

    def lay(run: CellRun) -> None:
        run.story.state(database)
        target = place_of(run.story.databases.url(database))
        delay = distance / _MILLISECONDS / 2
        wire = lines.enter_context(wired(target, run.directory / "line", delay))
        run.story.route = wire.url

    return lay


def _point(at: At, seat: Seat, stopped: str) -> Point:
    participant = who(seat.run.cell)
    failed = _not_set_up(seat)
    if failed:
        return point(at, participant, outcome=failed[0], missing=failed[1])
    outcome = seat.outcome
    ended = "" if outcome.kind.went_through else _words(outcome)
    if not seat.samples and not ended:
        return point(at, participant, missing=stopped, reached=False)
    return point(
        at,
        participant,
        samples=tuple(seat.samples),
        outcome=outcome,
        missing=ended,
        left=_digest(seat),
        commands=seat.commands,
    )


def _not_set_up(seat: Seat) -> tuple[Outcome | None, str] | None:
    """Return what went wrong before anything was timed, with the words for it."""
    for observation in seat.run.observations:
        outcome = observation.outcome
        if not outcome.kind.went_through:
            step = type(observation.step).__name__
            if outcome.kind is OutcomeKind.UNSUPPORTED:
                return outcome, f"unsupported: {outcome.words}"
            return outcome, f"before it, {step} did not go through: {_words(outcome)}"
    if seat.run.over:
        return None, seat.run.reason
    return None


def _words(outcome: Outcome) -> str:
    return f"{outcome.kind}: {outcome.words}" if outcome.words else str(outcome.kind)


def _digest(seat: Seat) -> str:
    if seat.after is None:
        return ""
    encoded = msgspec.json.encode((seat.after.tables, seat.after.rows))
    return hashlib.sha256(encoded).hexdigest()[:16]
