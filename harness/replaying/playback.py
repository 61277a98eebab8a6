"""Plays steps one after another, and looks at the database after each."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable

import msgspec

from harness.databases import DatabaseRefused
from harness.model.difference import Difference
from harness.model.replay import Direction, End, Failure, PlannedStep, PlayedStep
from harness.model.snapshot import Snapshot
from harness.replaying.lens import Lens, differences, row_counts
from harness.replaying.place import ReplayError, ServerLost
from harness.replaying.process import Answer, OutOfTime, PlayingProcess, ProcessLost

_LAST_WORDS = 1000


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

    @property
    def state(self) -> Snapshot:
        """What the database held when it was last looked at."""
        return self._lens.seen

    def missed(self) -> tuple[str, ...]:
        """Return how the database differs from what was seen of it step by step."""
        try:
            found = self._lens.missed()
        except DatabaseRefused as error:
            return (f"in the end the database could not be read: {error}",)
        return tuple(f"no step was seen to do it: {one.sentence}" for one in found)

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

    def repeat(self, played: Iterable[PlayedStep]) -> Failure | None:
        """Take steps again without telling; return what one says that does not go."""
        for step in played:
            self.number = step.number
            if step.end is not End.DONE:
                continue
            end, answer = self._answered(step.direction, step.id, step.script)
            if end is not End.DONE:
                self._see_the_server(step)
                failure = answer.error or Failure(kind="", words=answer.missing)
                where = f"{step.direction} {step.id} ({step.script})"
                return msgspec.structs.replace(
                    failure, words=f"{where}: {failure.words}"
                )
            self._moved(step.id, step.direction)
            self.seconds += answer.seconds
        try:
            self._lens.look()
        except DatabaseRefused as error:
            message = f"the database cannot be read: {error}"
            raise ReplayError(message) from error
        self._states[tuple(self._applied)] = self._lens.seen
        return None

    def take(self, step: PlannedStep, direction: Direction) -> PlayedStep:
        """Take one step, look at what it did, and tell of it.

        `ServerLost` if the step did not go through because the server ended.
        """
        self.number += 1
        begun = time.monotonic()
        end, answer = self._answered(direction, step.id, step.script)
        self.seconds += answer.seconds
        if end is End.DONE:
            self._moved(step.id, direction)
        played = PlayedStep(
            number=self.number,
            id=step.id,
            direction=direction,
            script=step.script,
            end=end,
            seconds=answer.seconds,
            statements=self._lens.told(answer.changing),
            reading=answer.reading,
            questions=answer.questions or msgspec.UNSET,
            failure=answer.error or _no_way_back(answer),
        )
        played = self._looked(played, all_heard=_all_heard(end, answer))
        if played.end not in (End.DONE, End.NO_WAY_BACK):
            self._see_the_server(played)
        spent = time.monotonic() - begun - played.seconds
        played = msgspec.structs.replace(played, harness_seconds=spent)
        self._done(played)
        return played

    def _answered(
        self, direction: Direction, step: str, script: str
    ) -> tuple[End, Answer]:
        """Have a step taken; where no answer comes, say what is known of it."""
        begun = time.monotonic()
        left = max(self._ends - begun, 0.0)
        try:
            limit = min(self._limits.step, left)
            answer = self._process.play(direction.value, step, limit)
        except OutOfTime:
            of_step = self._limits.step <= left
            what, most = (
                ("step", self._limits.step)
                if of_step
                else ("replay", self._limits.whole)
            )
            words = f"the {what} took longer than {most:g} s; its process was ended"
            end = End.TIMED_OUT
        except ProcessLost as error:
            words, end = str(error), End.LOST
        else:
            if answer.error is not None:
                return End.FAILED, answer
            return (End.NO_WAY_BACK if answer.missing else End.DONE), answer
        failure = self._cut_off(end, words, script)
        return end, Answer(seconds=time.monotonic() - begun, error=failure)

    def _cut_off(self, end: End, how: str, script: str) -> Failure:
        """Say what is known of a step that gave no answer."""
        words = self._process.words()
        lines = re.findall(rf'File "{re.escape(script)}", line (\d+)', words)
        told = f": {words[-_LAST_WORDS:]}" if words and not lines else ""
        return Failure(
            kind=str(end),
            words=how + told,
            line=int(lines[-1]) if lines else 0,
            statement=self._process.statement(),
            trace=words,
        )

    def _looked(self, played: PlayedStep, *, all_heard: bool) -> PlayedStep:
        before = after = self._lens.seen
        if not all_heard or not all(one.bookkeeping for one in played.statements):
            try:
                heard = played.statements if all_heard else None
                before, after = self._lens.look(heard)
            except DatabaseRefused as error:
                return self._hidden(played, error)
        known = self._states.get(tuple(self._applied))
        uneven = differences(known, after) if known and played.end is End.DONE else ()
        if known is None and self._remembering:
            self._states[tuple(self._applied)] = after
        return _changed(played, before, after, uneven)

    def _hidden(self, played: PlayedStep, error: DatabaseRefused) -> PlayedStep:
        """Return a step after which the database cannot be read: one that failed.

        What it left is seen when its process is gone, with its sessions.
        """
        self._see_the_server(played)
        self._process.end()
        words = (
            f"the database cannot be read after the step: {error}. A session that a "
            "script left open may hold a lock; their process was ended"
        )
        before = after = self._lens.seen
        with contextlib.suppress(DatabaseRefused):
            before, after = self._lens.look()
        failure = played.failure or Failure(kind="cannot be read", words=words)
        failed = msgspec.structs.replace(played, end=End.FAILED, failure=failure)
        return _changed(failed, before, after, ())

    def _see_the_server(self, played: PlayedStep) -> None:
        lost = self._lens.lost()
        if lost is not None:
            message = f"{played.direction} {played.id} ({played.script}): {lost}"
            raise ServerLost(message)

    def _moved(self, step: str, direction: Direction) -> None:
        if direction is Direction.UP:
            self._applied.append(step)
        elif step in self._applied:
            self._applied.remove(step)


def _all_heard(end: End, answer: Answer) -> bool:
    """Tell whether a step's statements are all that can have changed something."""
    return end in (End.DONE, End.NO_WAY_BACK) and not answer.unheard


def _changed(
    played: PlayedStep,
    before: Snapshot,
    after: Snapshot,
    uneven: tuple[Difference, ...],
) -> PlayedStep:
    return msgspec.structs.replace(
        played,
        changes=differences(before, after),
        rows=row_counts(before, after),
        uneven=uneven,
    )


def _no_way_back(answer: Answer) -> Failure | None:
    return Failure("no downgrade", answer.missing) if answer.missing else None
