"""Plays the old history on a backend, and keeps what every step did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from harness.carrying.ground import OLD, Ground, Side, first_middle_last, playback
from harness.carrying.rows import rows
from harness.model.carrying import Act, Row
from harness.model.difference import Difference
from harness.model.replay import Direction, End, Failure, PlannedStep, PlayedStep
from harness.model.snapshot import Snapshot
from harness.replaying.lens import differences
from harness.replaying.playback import Playback
from harness.replaying.replay import up_to
from harness.report.changed import change

NOT_UNDONE = "does not undo"
"""How a way back fails that goes through, and after which there is no way up again."""

_MOST_TOLD = 3


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the old history that went through, and its way back, if it was tried.

    `after` is what the database held when the next step began: after a way back, the
    step was taken again, and where that way undoes everything, `up` is of that second
    time. `first` is what it held after the first time. `questions` are what it asked of
    rows, and `no_way_back` how its way back failed.
    """

    step: PlannedStep
    up: Act
    first: Snapshot
    after: Snapshot
    down: Act | None = None
    questions: tuple[str, ...] = ()
    no_way_back: Failure | None = None


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """The old history on one backend; `broken` is the step at which it ended.

    `kept` are the URLs of copies of the database, by the place of the step after which
    they were made. Where steps are squashed, `taken` begins with the last of those,
    `squashed` is how many come before it, and `rows` are those that were there.
    """

    backend: str
    engine: str
    versions: dict[str, str]
    steps: tuple[PlannedStep, ...]
    taken: tuple[Taken, ...]
    broken: PlayedStep | None = None
    kept: dict[int, str] = {}
    squashed: int = 0
    rows: tuple[Row, ...] = ()

    @property
    def end(self) -> Snapshot:
        """What the database held in the end."""
        return self.taken[-1].after if self.taken else Snapshot()


class Wanted(msgspec.Struct, frozen=True):
    """Which steps are recorded: to where, with ways back, and squashed up to which.

    `most` is how many, where only so many are known to go through.
    """

    stop_at: str = ""
    downgrades: bool = False
    squash: str = ""
    most: int | None = None


def record(
    ground: Ground,
    side: Side,
    wanted: Wanted,
    told: Callable[[PlayedStep], None],
    earlier: Recording | None = None,
) -> Recording:
    """Play the old history; with ways back, down and up again where it goes down.

    Where a way back fails, all is played again without that one. After an earlier
    recording, without those that failed in it.
    """
    known = earlier.taken if earlier else ()
    failing: dict[str, Failure | None] = {
        one.step.id: one.no_way_back for one in known if one.no_way_back
    }
    while True:
        ground.databases.drop_all()
        url = ground.databases.create(OLD)
        with ground.load(side, url) as ready:
            steps = up_to(ready.steps, wanted.stop_at)[: wanted.most]
            squashed = len(up_to(steps, wanted.squash)) - 1 if wanted.squash else 0
            through = playback(ready, side, told)
            recorder = _Recorder(ground, side, through, failing, wanted)
            taken = recorder.play(steps, squashed)
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
                squashed=squashed,
                rows=recorder.rows,
            )
        failing[broken.id] = broken.failure


def _not_undone(left: tuple[Difference, ...], said: Failure | None) -> Failure:
    """Return how a way back fails after which a step does not go up again."""
    told = [change(one) for one in left[:_MOST_TOLD]]
    if len(left) > _MOST_TOLD:
        told.append(f"and {len(left) - _MOST_TOLD} more")
    words = f" ({said.kind}: {said.words})" if said else ""
    return Failure(
        NOT_UNDONE, "; ".join([*told, f"taken again, the step fails{words}"])
    )


class _Recorder:
    """Takes steps until one does not go through, which is then `broken`."""

    def __init__(
        self,
        ground: Ground,
        side: Side,
        through: Playback,
        failing: dict[str, Failure | None],
        wanted: Wanted,
    ) -> None:
        playing = side.adapter.playing
        self._ground = ground
        self._bookkeeping = playing.bookkeeping if playing else ()
        self._through = through
        self._failing = failing
        self._wanted = wanted
        self.broken: PlayedStep | None = None
        self.kept: dict[int, str] = {}
        self.rows: tuple[Row, ...] = ()

    def play(self, steps: tuple[PlannedStep, ...], squashed: int) -> tuple[Taken, ...]:
        """Return the steps that go through, those before a squashed one left out."""
        places = first_middle_last(len(steps) - squashed)
        taken: list[Taken] = []
        for number, one in enumerate(self._taken(steps)):
            place = number - squashed
            if place in places:
                self._keep(place)
            if place == 0 and self._wanted.squash:
                self.rows = rows(self._ground.databases.url(OLD), one.after)
                whole = Act((), Snapshot(), one.after)
                taken.append(
                    Taken(step=one.step, up=whole, first=one.after, after=one.after)
                )
            elif place >= 0:
                taken.append(one)
        return tuple(taken)

    def _taken(self, steps: tuple[PlannedStep, ...]) -> Iterator[Taken]:
        for step in steps:
            played, up = self._act(step, Direction.UP)
            if up is None:
                return
            down, again = self._back_and_again(step, up)
            if self.broken:
                return
            undone = again is not None and not differences(up.before, again.before)
            yield Taken(
                step=step,
                up=again if again and undone else up,
                first=up.after,
                after=self._through.state,
                down=down,
                questions=self._of_rows(played),
                no_way_back=self._failing.get(step.id),
            )

    def _keep(self, number: int) -> None:
        url = self._ground.keep(OLD, f"at_{number}")
        if url is not None:
            self.kept[number] = url

    def _back_and_again(
        self, step: PlannedStep, up: Act
    ) -> tuple[Act | None, Act | None]:
        """Take a step back and again, if there is a way.

        Where it does not go up again, it is the way back that is `broken`.
        """
        if not self._wanted.downgrades or step.id in self._failing:
            return None, None
        back, down = self._act(step, Direction.DOWN)
        if down is None:
            return None, None
        played, again = self._act(step, Direction.UP)
        if again is None:
            failure = _not_undone(differences(up.before, down.after), played.failure)
            self.broken = msgspec.structs.replace(back, failure=failure)
        return down, again

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
