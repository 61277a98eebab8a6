"""Plays the new history, and compares every step with the old one's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import msgspec

from harness.carrying.ground import Ground, Side, playback
from harness.carrying.recording import Recording, Taken
from harness.model.carrying import Piece, ProvedStep
from harness.model.difference import Difference
from harness.model.replay import Direction, End, PlannedStep, PlayedStep
from harness.model.snapshot import Snapshot
from harness.replaying.lens import differences
from harness.replaying.playback import Playback

Mend = Callable[[int, str], bool]
"""Writes a revision anew in another way, for a reason; says whether there is one."""


class Proved(msgspec.Struct, frozen=True):
    """The steps that were played, and the versions of what played them."""

    steps: tuple[ProvedStep, ...]
    versions: dict[str, str]


def prove(
    ground: Ground,
    side: Side,
    recording: Recording,
    pieces: Callable[[], tuple[Piece, ...]],
    mend: Mend,
) -> Proved:
    """Play the new history on a backend, from the beginning as often as it is mended."""
    kept: tuple[ProvedStep, ...] = ()
    played: tuple[PlayedStep, ...] = ()
    while True:
        url = ground.databases.create("new")
        try:
            with ground.load(side, url) as ready:
                through = playback(ready, side)
                attempt = _Attempt(through, ready.steps, recording, pieces(), mend)
                attempt.begin(kept, played)
                attempt.go_on()
                versions = ready.hello.versions
        finally:
            ground.databases.drop("new")
        kept, played = tuple(attempt.proved), tuple(attempt.played)
        if not attempt.mended:
            return Proved(kept, versions)


class _Attempt:
    """One way through the new history, up to a step that has to be written anew."""

    def __init__(
        self,
        through: Playback,
        steps: tuple[PlannedStep, ...],
        recording: Recording,
        pieces: tuple[Piece, ...],
        mend: Mend,
    ) -> None:
        self._through = through
        self._planned = {step.id: step for step in steps}
        self._recording = recording
        self._pieces = pieces
        self._mend = mend
        self._known: frozenset[Difference] = frozenset()
        self._begun = 0
        self.proved: list[ProvedStep] = []
        self.played: list[PlayedStep] = []
        self.mended = False

    def begin(
        self, proved: tuple[ProvedStep, ...], played: tuple[PlayedStep, ...]
    ) -> None:
        """Come to where an earlier attempt was, without looking on the way."""
        self.proved, self.played = list(proved), list(played)
        self._begun = len({step.step for step in proved})
        if played:
            self._through.repeat(played)
            before = self._recording.taken[self._begun - 1].after
            self._known = frozenset(differences(before, self._through.state))

    def go_on(self) -> None:
        """Take the steps that are left, until one fails or is written anew."""
        taken = self._recording.taken
        for number in range(self._begun, len(self._pieces)):
            known = frozenset(map(_where, self._known))
            came = tuple(self._compared(self._pieces[number], taken[number]))
            bad = next((step for step, _ in came if not step.same), None)
            own = next((step for step, _ in came if _begins(step, known)), None)
            if own is not None and self._mend(number, _why(own)):
                self.mended = True
                return
            self.proved += [step for step, _ in came]
            self.played += [played for _, played in came]
            if bad is not None and bad.failure is not None:
                return

    def _compared(
        self, piece: Piece, taken: Taken
    ) -> Iterator[tuple[ProvedStep, PlayedStep]]:
        """Take a step as the old history took it: up, and down and up if that did.

        Where the old one came to something else the second time, as with the time of day
        or with numbers that go on, the first time may be like either.
        """
        once = (taken.up.after, taken.first)
        ways: list[tuple[Direction, tuple[Snapshot, ...]]] = [(Direction.UP, once)]
        if piece.down and taken.down is not None:
            down, again = (taken.down.after,), (taken.after,)
            ways += [(Direction.DOWN, down), (Direction.UP, again)]
        for direction, wanted in ways:
            played = self._through.take(self._planned[piece.revision], direction)
            found = self._through.state
            there = min((frozenset(differences(one, found)) for one in wanted), key=len)
            yield self._held_against(piece, played, there, found), played
            if played.end is not End.DONE:
                return

    def _held_against(
        self,
        piece: Piece,
        played: PlayedStep,
        there: frozenset[Difference],
        found: Snapshot,
    ) -> ProvedStep:
        new = there - self._known
        if played.direction is Direction.UP:
            self._known = there
        return ProvedStep(
            step=piece.step,
            revision=piece.revision,
            direction=played.direction,
            digest="" if there else digest(found),
            differences=tuple(sorted(new, key=lambda one: one.sentence)),
            failure=None if played.end is End.DONE else played.failure,
        )


def _begins(step: ProvedStep, known: frozenset[tuple[str, str, str]]) -> bool:
    """Tell whether a step fails, or something is not alike that was so before it.

    Rows that were not alike are told in other words when their columns change.
    """
    new = any(_where(one) not in known for one in step.differences)
    return new or step.failure is not None


def _where(one: Difference) -> tuple[str, str, str]:
    return one.kind, one.table, one.subject


def _why(step: ProvedStep) -> str:
    way = "" if step.direction is Direction.UP else "going down, "
    if step.failure is not None:
        return f"{way}{step.failure.kind}: {step.failure.words}"
    more = len(step.differences) - 1
    told = step.differences[0].sentence
    return f"{way}{told}" + (f", and {more} more" if more else "")


def digest(held: Snapshot) -> str:
    """Return a digest of schema and rows, without the tool's own tables."""
    content = msgspec.structs.replace(held, bookkeeping={})
    ordered = msgspec.json.encode(content, order="sorted")
    return hashlib.sha256(ordered).hexdigest()[:16]
