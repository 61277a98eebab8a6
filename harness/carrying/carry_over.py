"""A history carried over: recorded, written, proved on every backend, and stamped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from harness import toolchains
from harness.carrying.ground import Ground, Side, first_middle_last, ground
from harness.carrying.planning import Manner, carried, not_carried, pieces
from harness.carrying.proving import Proved, prove
from harness.carrying.recording import Recording, record
from harness.carrying.recording import Wanted as Recorded
from harness.carrying.stamping import stamps
from harness.contract import Adapter, Leaving, Settled, Taking
from harness.journal.files import writing
from harness.model.carrying import (
    CannotWrite,
    CarriedStep,
    How,
    NotCarried,
    Piece,
    Proof,
)
from harness.model.replay import PlayedStep
from harness.model.toolchain import Toolchain
from harness.replaying.environment import Established, Wanted, environment
from harness.replaying.place import Place, ReplayError
from harness.replaying.replay import Asked, found

REPOSITORY = "repository"
_ORIGINAL = "original"
_NEW_PYTHON = "--new-python"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a user asks for: which history, to which tool, how, and proved on what.

    `python` plays the new history where it is not to be the toolchain that comes with
    the adapter.
    """

    asked: Asked
    to: str
    how: How
    backends: tuple[str, ...]
    folder: Path
    recorded: Recorded = Recorded()
    python: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; `squashed` is how many steps the first revision stands for."""

    source: str
    squashed: int
    steps: tuple[CarriedStep, ...]
    not_carried: tuple[NotCarried, ...]
    proofs: tuple[Proof, ...]


class Told(msgspec.Struct, frozen=True):
    """Who is told what goes on: of every phase, and of every step of the old history."""

    note: Callable[[str], None]
    step: Callable[[PlayedStep], None]


def carry_over(wish: Wish, adapters: tuple[Adapter, ...], told: Told) -> Result:
    """Write the history for another tool, and prove it; `ReplayError` if it cannot be."""
    target = _named(adapters, wish.to)
    old = _old(wish, adapters, told.note)
    if old.adapter.tool == target.tool:
        message = f"{wish.asked.target} is a history of {target.tool} already"
        raise ReplayError(message)
    with ExitStack() as running:
        grounds = [
            running.enter_context(ground(name, told.note)) for name in wish.backends
        ]
        established = _environment(wish, target, old)
        recordings, left = _recordings(grounds, old, wish, told)
        running.enter_context(_gone_if_it_fails(wish.folder / REPOSITORY))
        script = _Script(wish, target, old, recordings)
        new = _new(wish, target, old, established, script.settled)
        proved = _proved(grounds, new, recordings, script, told.note)
        proofs = tuple(
            _proof(one, (old, new), recording, seen, script)
            for one, recording, seen in zip(grounds, recordings, proved, strict=True)
        )
    return Result(
        source=old.adapter.tool,
        squashed=recordings[0].squashed + 1 if wish.recorded.squash else 0,
        steps=script.carried(),
        not_carried=left,
        proofs=proofs,
    )


@contextmanager
def _gone_if_it_fails(folder: Path) -> Iterator[None]:
    """Leave nothing that passes for a result where there is none."""
    try:
        yield
    except ReplayError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _named(adapters: tuple[Adapter, ...], name: str) -> Adapter:
    able = {adapter.tool: adapter for adapter in adapters if adapter.taking}
    if name not in able:
        message = f"nothing can be carried over to {name!r}; to: {', '.join(able)}"
        raise ReplayError(message)
    return able[name]


def _old(
    wish: Wish, adapters: tuple[Adapter, ...], note: Callable[[str], None]
) -> Side:
    asked = msgspec.structs.replace(wish.asked, verbatim=True)
    able = tuple(a for a in adapters if a.playing and asked.tool in ("", a.tool))
    taking = _named(adapters, wish.to).taking
    if wish.how is How.WRAPPED and asked.wanted.requirements and taking:
        both = (*asked.wanted.requirements, taking.requirement)
        wanted = msgspec.structs.replace(asked.wanted, requirements=both)
        asked = msgspec.structs.replace(asked, wanted=wanted)
    established, place = found(asked, able, note)
    adapter = next(one for one in able if one.tool == place.tool)
    return Side(asked, adapter, established, place)


def _new(
    wish: Wish, target: Adapter, old: Side, established: Established, settled: Settled
) -> Side:
    """Return the new history: it is played with its own environment script."""
    folder = wish.folder / REPOSITORY
    asked = Asked(
        target=str(folder),
        wanted=Wanted(option=_NEW_PYTHON),
        own_environment=True,
        environ={**old.asked.environ, **settled.environ},
        python_path=old.asked.python_path if wish.how is How.WRAPPED else (),
        network=old.asked.network if wish.how is How.WRAPPED else False,
        limits=old.asked.limits,
        before=old.asked.before,
    )
    place = Place(folder, target.tool, settled.told)
    return Side(asked, target, established, place)


def _environment(wish: Wish, target: Adapter, old: Side) -> Established:
    if wish.python:
        return environment(Wanted(python=wish.python, option=_NEW_PYTHON))
    if wish.how is How.WRAPPED:
        return old.established
    assert target.taking is not None  # noqa: S101
    toolchain = target.toolchains[target.taking.toolchain]
    assert isinstance(toolchain, Toolchain)  # noqa: S101
    built = toolchains.build(toolchain)
    return Established(built.python)


def _recordings(
    grounds: list[Ground], old: Side, wish: Wish, told: Told
) -> tuple[tuple[Recording, ...], tuple[NotCarried, ...]]:
    """Record the steps that go through everywhere, and say which are left.

    Where there are such, the others are recorded anew: databases of the old tool are kept
    at places among the steps that are carried over, and end with the last of those.
    """
    left: tuple[NotCarried, ...] = ()
    wanted = wish.recorded
    recordings = tuple(_recorded(one, old, wanted, told) for one in grounds)
    while more := not_carried(recordings):
        left = (*more, *left)
        common = carried(recordings)
        told.note(f"{more[0].step} does not go through; again up to {common[-1].id}")
        most = recordings[0].squashed + len(common)
        wanted = msgspec.structs.replace(wanted, most=most)
        recordings = tuple(
            _recorded(one, old, wanted, told, earlier)
            for one, earlier in zip(grounds, recordings, strict=True)
        )
    return recordings, left


def _recorded(
    where: Ground,
    old: Side,
    wanted: Recorded,
    told: Told,
    earlier: Recording | None = None,
) -> Recording:
    told.note(f"{old.adapter.tool} on {where.backend}: playing the old history")
    recording = record(where, old, wanted, told.step, earlier)
    if not recording.taken:
        broken = recording.broken
        words = broken.failure.words if broken and broken.failure else "it is empty"
        message = (
            f"{old.asked.target}: no step goes through on {where.backend}: {words}"
        )
        raise ReplayError(message)
    return recording


class _Script:
    """The new repository, written and mended revision by revision."""

    def __init__(
        self,
        wish: Wish,
        target: Adapter,
        old: Side,
        recordings: tuple[Recording, ...],
    ) -> None:
        assert target.taking is not None  # noqa: S101
        self._taking: Taking = target.taking
        self._how = wish.how
        self._folder = wish.folder / REPOSITORY
        self._reasons: dict[str, str] = {}
        self.times_mended = 0
        leaving = _leaving(old) if wish.how is How.WRAPPED else None
        manner = Manner(wish.how, bool(wish.recorded.squash), leaving)
        self._pieces = list(pieces(recordings, self._taking, manner))
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        if wish.how is How.WRAPPED:
            _copy(old.place.path, self._folder / _ORIGINAL)
        with writing(self._folder):
            self.settled = self._taking.begin(self._folder)
        for number in range(len(self._pieces)):
            self._write(number)

    def pieces(self) -> tuple[Piece, ...]:
        """Return the revisions as they are now."""
        return tuple(self._pieces)

    def mend(self, number: int, reason: str) -> bool:
        """Write a revision with the statements themselves, if it was not so before."""
        piece = self._pieces[number]
        if piece.how is not How.OPERATIONS:
            return False
        self.times_mended += 1
        self._reasons[piece.step] = reason
        self._pieces[number] = msgspec.structs.replace(piece, how=How.STATEMENTS)
        self._write(number)
        return True

    def carried(self) -> tuple[CarriedStep, ...]:
        """Return what became of each step."""
        return tuple(self._carried(piece) for piece in self._pieces)

    def _carried(self, piece: Piece) -> CarriedStep:
        reason = self._reasons.get(piece.step, "")
        return CarriedStep(
            step=piece.step,
            script=piece.script,
            revision=piece.revision,
            how=piece.how,
            instead_of=self._how if reason else None,
            reason=reason,
            marks=piece.marks,
            downgrade=bool(piece.down),
        )

    def _write(self, number: int) -> None:
        try:
            with writing(self._folder):
                self._taking.write(self._folder, self._pieces[number])
        except CannotWrite as error:
            if not self.mend(number, str(error)):
                step = self._pieces[number].step
                message = f"step {step}: {error}; another --how may carry it over"
                raise ReplayError(message) from error


def _leaving(old: Side) -> Leaving:
    if old.adapter.leaving is None:
        message = f"scripts of {old.adapter.tool} cannot be wrapped; use another --how"
        raise ReplayError(message)
    return old.adapter.leaving


def _copy(repository: Path, to: Path) -> None:
    """Copy the old repository; bytecode is left where it is."""
    shutil.copytree(repository, to, ignore=shutil.ignore_patterns("__pycache__"))


def _proved(
    grounds: list[Ground],
    new: Side,
    recordings: tuple[Recording, ...],
    script: _Script,
    note: Callable[[str], None],
) -> tuple[Proved, ...]:
    """Prove on every backend what is written in the end: again, if it was mended."""
    while True:
        before = script.times_mended
        found = tuple(_seen(grounds, new, recordings, script, note))
        if script.times_mended == before or len(grounds) == 1:
            return found


def _seen(
    grounds: list[Ground],
    new: Side,
    recordings: tuple[Recording, ...],
    script: _Script,
    note: Callable[[str], None],
) -> Iterator[Proved]:
    for one, recording in zip(grounds, recordings, strict=True):
        note(f"{new.adapter.tool} on {one.backend}: playing what was written")
        yield prove(one, new, recording, script.pieces, script.mend)


def _proof(
    where: Ground,
    sides: tuple[Side, Side],
    recording: Recording,
    seen: Proved,
    script: _Script,
) -> Proof:
    written = script.pieces()
    places = first_middle_last(len(written))
    through = len({step.step for step in seen.steps}) == len(written)
    whole = through and all(step.failure is None for step in seen.steps)
    return Proof(
        backend=where.backend,
        engine=where.engine,
        old=recording.versions,
        new=seen.versions,
        steps=seen.steps,
        stamps=stamps(where, sides, recording, written, places) if whole else (),
    )
