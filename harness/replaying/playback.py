"""Plays steps one after another, and looks at the database after each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import msgspec

from harness.model.difference import Difference
from harness.model.replay import Direction, End, Failure, PlannedStep, PlayedStep
from harness.model.snapshot import Snapshot
from harness.replaying.lens import Lens, differences, row_counts
from harness.replaying.process import Answer, OutOfTime, PlayingProcess, ProcessLost


class Limits(msgspec.Struct, frozen=True):
    """Seconds that one step may take, and all of a replay."""

    step: float = 600.0
    whole: float = 7200.0


class Playback:
    """A database on its way through a history; `done` is told of every step."""

    def __init__(
        self,
        process: PlayingProcess,
        lens: Lens,
        limits: Limits,
        done: Callable[[PlayedStep], None],
        *,
        remembering: bool = True,
    ) -> None:
        """Begin at an empty database, in a process that has loaded the history.

        What was seen at each place is remembered for when it comes there again.
        """
        self._remembering = remembering
        self._process = process
        self._lens = lens
        self._limits = limits
        self._done = done
        self._ends = time.monotonic() + limits.whole
        self._applied: list[str] = []
        self._states: dict[tuple[str, ...], Snapshot] = {(): lens.seen}
        self.number = 0
        self.seconds = 0.0
        self.refused: Failure | None = None

    @property
    def state(self) -> Snapshot:
        """What the database held when it was last looked at."""
        return self._lens.seen

    def missed(self) -> tuple[Difference, ...]:
        """Return how the database differs from what was seen of it step by step."""
        return self._lens.missed()

    def begin_at(self, applied: Iterable[str]) -> None:
        """Say which steps a database has already taken, where it was not empty."""
        self._applied = list(applied)
        self._states = {tuple(self._applied): self._lens.seen}

    def up(self, steps: Iterable[PlannedStep], *, walk: bool = False) -> End:
        """Go up over steps; on a walk, down and up again after each of them."""
        for step in steps:
            end = self.take(step, Direction.UP).end
            if end is End.DONE and walk:
                end = self.take(step, Direction.DOWN).end
                if end is End.DONE:
                    end = self.take(step, Direction.UP).end
            if end not in (End.DONE, End.NO_WAY_BACK):
                return end
        return End.DONE

    def down(self, steps: Iterable[PlannedStep]) -> End:
        """Go down over steps, as far as there is a way back."""
        for step in steps:
            end = self.take(step, Direction.DOWN).end
            if end is not End.DONE:
                return End.DONE if end is End.NO_WAY_BACK else end
        return End.DONE

    def repeat(self, played: Iterable[PlayedStep]) -> bool:
        """Take steps again without telling; say whether all went as they had.

        If not, `refused` is what the step said that did not.
        """
        for step in played:
            self.number = step.number
            if step.end is not End.DONE:
                continue
            answer = self._ask(step.direction, step.id)
            if not isinstance(answer, Answer) or answer.error is not None:
                self.refused = self._refusal(step.id, answer)
                return False
            self._moved(step.id, step.direction)
            self.seconds += answer.seconds
        self._lens.look()
        self._states[tuple(self._applied)] = self._lens.seen
        return True

    def _refusal(self, step: str, answer: Answer | End) -> Failure:
        if isinstance(answer, End):
            failure = Failure(kind=str(answer), words=self._words(answer))
        else:
            failure = answer.error or Failure(kind="", words="it did not go through")
        return msgspec.structs.replace(failure, words=f"at {step}: {failure.words}")

    def take(self, step: PlannedStep, direction: Direction) -> PlayedStep:
        """Take one step, look at what it did, and tell of it."""
        self.number += 1
        begun = time.monotonic()
        answer = self._ask(direction, step.id)
        played = PlayedStep(
            number=self.number,
            id=step.id,
            direction=direction,
            script=step.script,
            end=_end(answer),
        )
        if isinstance(answer, Answer):
            self.seconds += answer.seconds
            played = self._looked(played, answer, begun)
        else:
            failure = Failure(kind=str(answer), words=self._words(answer))
            played = msgspec.structs.replace(played, failure=failure)
        self._done(played)
        return played

    def _ask(self, direction: Direction, step: str) -> Answer | End:
        left = self._ends - time.monotonic()
        try:
            limit = max(min(self._limits.step, left), 0.0)
            return self._process.play(direction.value, step, limit)
        except OutOfTime:
            return End.TIMED_OUT
        except ProcessLost:
            return End.LOST

    def _looked(self, played: PlayedStep, answer: Answer, begun: float) -> PlayedStep:
        if played.end is End.DONE:
            self._moved(played.id, played.direction)
        before = after = self._lens.seen
        statements = self._lens.told(answer.changing)
        if not all(statement.bookkeeping for statement in statements):
            all_heard = played.end is End.DONE and not answer.unheard
            before, after = self._lens.look(statements if all_heard else None)
        known = self._states.get(tuple(self._applied))
        uneven = differences(known, after) if known and played.end is End.DONE else ()
        if known is None and self._remembering:
            self._states[tuple(self._applied)] = after
        return msgspec.structs.replace(
            played,
            seconds=answer.seconds,
            statements=statements,
            reading=answer.reading,
            questions=answer.questions or msgspec.UNSET,
            changes=differences(before, after),
            rows=row_counts(before, after),
            uneven=uneven,
            failure=answer.error or _no_way_back(answer),
            harness_seconds=time.monotonic() - begun - answer.seconds,
        )

    def _moved(self, step: str, direction: Direction) -> None:
        if direction is Direction.UP:
            self._applied.append(step)
        elif step in self._applied:
            self._applied.remove(step)

    def _words(self, end: End) -> str:
        if end is End.TIMED_OUT:
            return "the step took longer than it may; its process was ended"
        return f"the process ended by itself: {self._process.words()[-1000:]}"


def _no_way_back(answer: Answer) -> Failure | None:
    return Failure("no downgrade", answer.missing) if answer.missing else None


def _end(answer: Answer | End) -> End:
    if isinstance(answer, End):
        return answer
    if answer.error is not None:
        return End.FAILED
    return End.NO_WAY_BACK if answer.missing else End.DONE
