"""Plays the old history on a backend, and keeps what every step did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from harness.carrying.ground import OLD, Ground, Side, first_middle_last, playback
from harness.model.carrying import Act
from harness.model.replay import Direction, End, Failure, PlannedStep, PlayedStep
from harness.model.snapshot import Snapshot
from harness.replaying.playback import Playback
from harness.replaying.replay import up_to


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the old history that went through, and its way back, if it was tried.

    `after` is what the database held when the next step began: after a way back, the
    step was taken again. `questions` are what it asked of rows, and `no_way_back` how its
    way back failed.
    """

    step: PlannedStep
    up: Act
    after: Snapshot
    down: Act | None = None
    questions: tuple[str, ...] = ()
    no_way_back: Failure | None = None


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """The old history on one backend; `broken` is the step at which it ended.

    `kept` are the URLs of copies of the database, by the place of the step after which
    they were made.
    """

    backend: str
    engine: str
    versions: dict[str, str]
    steps: tuple[PlannedStep, ...]
    taken: tuple[Taken, ...]
    broken: PlayedStep | None = None
    kept: dict[int, str] = {}

    @property
    def end(self) -> Snapshot:
        """What the database held in the end."""
        return self.taken[-1].after if self.taken else Snapshot()


def record(
    ground: Ground,
    side: Side,
    stop_at: str,
    *,
    downgrades: bool,
    told: Callable[[PlayedStep], None],
) -> Recording:
    """Play the old history; on `downgrades`, down and up again where it goes down.

    Where a way back fails, all is played again without that one.
    """
    failing: dict[str, Failure | None] = {}
    while True:
        url = ground.databases.create(OLD)
        with ground.load(side, url) as ready:
            steps = up_to(ready.steps, stop_at)
            through = playback(ready, side, told)
            recorder = _Recorder(ground, side, through, failing, downgrades=downgrades)
            taken = tuple(recorder.play(steps))
            versions = ready.hello.versions
        broken = recorder.broken
        if broken is None or broken.direction is Direction.UP:
            return Recording(
                backend=ground.backend,
                engine=ground.engine,
                versions=versions,
                steps=steps,
                taken=taken,
                broken=broken,
                kept=recorder.kept,
            )
        failing[broken.id] = broken.failure
        ground.databases.drop_all()


class _Recorder:
    """Takes steps until one does not go through, which is then `broken`."""

    def __init__(
        self,
        ground: Ground,
        side: Side,
        through: Playback,
        failing: dict[str, Failure | None],
        *,
        downgrades: bool,
    ) -> None:
        playing = side.adapter.playing
        self._ground = ground
        self._bookkeeping = playing.bookkeeping if playing else ()
        self._through = through
        self._failing = failing
        self._downgrades = downgrades
        self.broken: PlayedStep | None = None
        self.kept: dict[int, str] = {}

    def play(self, steps: tuple[PlannedStep, ...]) -> Iterator[Taken]:
        """Yield the steps that go through."""
        places = first_middle_last(len(steps))
        for number, step in enumerate(steps):
            played, up = self._act(step, Direction.UP)
            if up is None:
                return
            down = self._down(step)
            if self.broken:
                return
            if number in places:
                self._keep(number)
            yield Taken(
                step=step,
                up=up,
                after=self._through.state,
                down=down,
                questions=self._of_rows(played),
                no_way_back=self._failing.get(step.id),
            )

    def _keep(self, number: int) -> None:
        url = self._ground.keep(OLD, f"at_{number}")
        if url is not None:
            self.kept[number] = url

    def _down(self, step: PlannedStep) -> Act | None:
        """Take a step back and again, if there is a way."""
        if not self._downgrades or step.id in self._failing:
            return None
        played, down = self._act(step, Direction.DOWN)
        if played.end is End.DONE:
            self._act(step, Direction.UP)
        return down

    def _act(
        self, step: PlannedStep, direction: Direction
    ) -> tuple[PlayedStep, Act | None]:
        before = self._through.state
        played = self._through.take(step, direction)
        if played.end is not End.DONE:
            if played.end is not End.NO_WAY_BACK:
                self.broken = played
            return played, None
        own = tuple(s for s in played.statements if not s.bookkeeping)
        return played, Act(own, before, self._through.state)

    def _of_rows(self, played: PlayedStep) -> tuple[str, ...]:
        asked = played.questions or ()
        return tuple(q for q in asked if not any(b in q for b in self._bookkeeping))
