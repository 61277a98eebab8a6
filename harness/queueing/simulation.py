"""One landing queue, from the first patch to the landing of the last."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import msgspec
import numpy as np
import simpy

from harness.queueing.model import Fate, Load, Meeting, Team, met

_Process = Generator[simpy.Event, None, None]
_DAY = 24.0


class Tally(msgspec.Struct):
    """What was counted in one simulated queue; times in hours.

    `reviews` are rounds that had to be repeated because the patch changed after them.
    `waited` adds up, over patches, the time from being written to landing. `arrived`
    is when the last patch was written, `ended` when the last one landed, and `left` how
    many had not landed when the last was written.
    """

    landed: int = 0
    reviews: int = 0
    git_conflicts: int = 0
    gate_failures: int = 0
    broken_mains: int = 0
    missed: int = 0
    files: int = 0
    lines: int = 0
    commands: int = 0
    waited: float = 0.0
    arrived: float = 0.0
    ended: float = 0.0
    left: int = 0


class Draw(msgspec.Struct, frozen=True):
    """The chance of one attempt to land; times in hours, `fate` within [0, 1)."""

    review: float
    redo: float
    fate: float


class Chance:
    """The same patches, reviews and redos for every candidate and every team.

    Each patch has a source of chance of its own, read in the order of its attempts, so
    that what happens to one patch does not shift the luck of another.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._root = (seed, replication)

    def gaps(self, load: Load) -> tuple[float, ...]:
        """Return the hours before each patch is written."""
        if load.rate is None:
            return (0.0,) * load.patches
        source = np.random.default_rng((*self._root, 0))
        return tuple(source.exponential(_DAY / load.rate, load.patches).tolist())

    def attempts(self, patch: int, team: Team) -> Iterator[Draw]:
        """Yield the chance of a patch's attempts, without end."""
        source = np.random.default_rng((*self._root, patch))
        while True:
            longer, redo, fate = (
                source.exponential(),
                source.exponential(),
                source.random(),
            )
            review = team.review_least + longer * (team.review_mean - team.review_least)
            yield Draw(review, redo * team.redo, fate)


def simulate(fates: tuple[Fate, ...], team: Team, load: Load, chance: Chance) -> Tally:
    """Run one queue until every patch has landed, and return what was counted.

    `fates` are a candidate's measured losers: each time a patch loses, one of them is
    drawn, all being equally likely.
    """
    queue = _Queue(fates, team, chance)
    queue.environment.process(queue.write_all(load))
    queue.environment.run()
    return queue.tally


class _Queue:
    """Main, the gate before it, and the patches on their way."""

    def __init__(self, fates: tuple[Fate, ...], team: Team, chance: Chance) -> None:
        self.environment = simpy.Environment()
        self.gate = simpy.Resource(self.environment, capacity=1)
        self.tally = Tally()
        self.fates, self.team, self.chance = fates, team, chance

    def write_all(self, load: Load) -> _Process:
        """Let the patches be written, each when its time comes."""
        for number, gap in enumerate(self.chance.gaps(load), start=1):
            yield self.environment.timeout(gap)
            self.environment.process(_Patch(self, number).live())
        self.tally.arrived = self.environment.now
        self.tally.left = load.patches - self.tally.landed


class _Patch:
    """A patch with one migration, from being written to landing."""

    def __init__(self, queue: _Queue, number: int) -> None:
        self._queue, self._tally = queue, queue.tally
        self._attempts = queue.chance.attempts(number, queue.team)
        self._draw = next(self._attempts)
        self._written = queue.environment.now
        self._base = queue.tally.landed
        self._landed = False

    def live(self) -> _Process:
        """Be reviewed, and take turns at the gate until landed."""
        yield self._passing(self._draw.review)
        while not self._landed:
            with self._queue.gate.request() as turn:
                yield turn
                yield from self._take_turn()
                while self._queue.team.keeps_turn and not self._landed:
                    yield from self._redo()
                    yield from self._take_turn()
            if not self._landed:
                yield from self._redo()

    def _take_turn(self) -> _Process:
        stale = self._base != self._tally.landed
        meeting = met(self._fate, self._queue.team) if stale else Meeting.FITS
        if meeting is Meeting.GIT:
            self._tally.git_conflicts += 1
            return
        yield self._passing(self._queue.team.gate_run)
        match meeting:
            case Meeting.GATE:
                self._tally.gate_failures += 1
            case Meeting.MISSED:
                self._tally.missed += 1
                self._land()
            case Meeting.BROKEN:
                self._tally.broken_mains += 1
                self._land()
                self._count_redoing()
                yield self._passing(self._draw.redo)
            case Meeting.FITS:
                self._land()

    def _redo(self) -> _Process:
        """Redo what lost; a new review follows if files of the patch change."""
        self._count_redoing()
        changed, redo = self._fate.files > 0, self._draw.redo
        self._draw = next(self._attempts)
        yield self._passing(redo)
        self._base = self._tally.landed
        if changed:
            self._tally.reviews += 1
            yield self._passing(self._draw.review)

    def _count_redoing(self) -> None:
        self._tally.files += self._fate.files
        self._tally.lines += self._fate.lines
        self._tally.commands += self._fate.commands

    def _land(self) -> None:
        self._landed = True
        self._tally.landed += 1
        self._tally.ended = self._queue.environment.now
        self._tally.waited += self._queue.environment.now - self._written

    @property
    def _fate(self) -> Fate:
        return self._queue.fates[int(self._draw.fate * len(self._queue.fates))]

    def _passing(self, hours: float) -> simpy.Event:
        return self._queue.environment.timeout(hours)
