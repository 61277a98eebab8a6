"""Timed scenarios: all candidates' cells together, each set up twice, taking turns."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from harness.contract import NotCarriedOut
from harness.databases.snapshot import outline
from harness.execution.by_hand import Stopwatch, by_hand, stopwatch
from harness.execution.cell_run import CellRun
from harness.execution.conditions import (
    ENVIRON_BYTES,
    TWINS_TAKE_PART,
    described,
    steady,
)
from harness.execution.dissecting import UNDISSECTED, Limits, dissect
from harness.execution.repository import StoryError, authoring
from harness.execution.steps.asking import ask
from harness.execution.story import Story
from harness.execution.turns import ERROR_RATE, Budget, order, take_turns
from harness.judgement.speed import settled
from harness.model.anatomy import Anatomy
from harness.model.evidence import (
    OK,
    Command,
    Evidence,
    Observation,
    Sample,
    Sampling,
    Status,
)
from harness.model.snapshot import Snapshot
from harness.model.steps import (
    Author,
    Downgrade,
    Measurable,
    Measure,
    Propose,
    Upgrade,
)

TWINS = 2


def measure(
    group: Sequence[Sequence[CellRun]],
    seed: int,
    budget: Budget,
    limits: Limits = UNDISSECTED,
) -> list[Evidence]:
    """Play the cells of one timed scenario together and return their evidence.

    `group` has the twins of each cell; `budget` is for the samples alone: neither setting
    up nor the warm-up counts. Afterwards one twin of each is dissected, within `limits`
    for each cell.
    """
    with steady() as processor:
        seats = [[Seat(run, twin) for twin, run in enumerate(runs)] for runs in group]
        everybody = [seat for twins in seats for seat in twins]
        for seat in everybody:
            seat.set_up()
        taken = take_turns(
            everybody,
            f"{seed}:{group[0][0].scenario.id}",
            budget,
            lambda looks: _settled(seats, looks),
        )
        sampling = Sampling(
            seed=seed,
            looks=taken.looks,
            blocks=taken.blocks,
            stopped=taken.stopped,
            budget_seconds=taken.budget_seconds,
            wanted_seconds=taken.wanted_seconds,
            seconds=taken.seconds,
            sampled_seconds=taken.sampled_seconds,
            error_rate=ERROR_RATE,
            conditions=(
                *described(processor, group[0][0].directory.parent),
                TWINS_TAKE_PART,
            ),
        )
        _by_hand(everybody, group[0][0].settings.by_hand, seed)
        for twins in seats:
            twins[0].dissect(limits)
        return [_evidence(twins, sampling) for twins in seats]


def took(evidence: Iterable[Evidence]) -> float:
    """Return the seconds from the first block to the last."""
    observations = (o for one in evidence for o in one.observations)
    spent = (o.sampling.seconds for o in observations if o.sampling is not None)
    return next(spent, 0.0)


class Seat:
    """One of a cell's twins: a whole set-up of its own, and what it measured.

    `closely`, all that the step leaves is looked at once, which takes long if it is much.
    `reach` is told of the story when it is open, and may change how the tool reaches
    the databases.
    """

    def __init__(
        self,
        run: CellRun,
        twin: int,
        *,
        closely: bool = True,
        reach: Callable[[CellRun], None] | None = None,
    ) -> None:
        self.run = run
        self._closely = closely
        self._reach = reach
        self._twin = twin
        *self._before, last = run.scenario.steps
        if not isinstance(last, Measure):
            message = f"{run.scenario.id}: a Measure step has to be the last one"
            raise StoryError(message)
        self._step = last
        self._kept: str | None = None
        self._hooks: dict[str, str] = {}
        self.outcome = OK
        self.samples: list[Sample] = []
        self.commands: tuple[Command, ...] = ()
        self.answer: tuple[str, ...] | None = None
        self.after: Snapshot | None = None
        self.by_hand: list[float] = []
        self.anatomy: Anatomy | None = None

    def set_up(self) -> None:
        """Play the story up to what is measured, and keep the database as it is then."""
        run = self.run
        run.open()
        if self._reach is not None and not run.over:
            with run.establishing():
                self._reach(run)
        for step in self._before:
            run.perform(step)
        if run.over:
            return
        with run.establishing():
            name = getattr(self._step.what, "database", None)
            if name is not None:
                story = run.story
                story.session.begin(())
                story.history.prepare(story.database(name))
            if isinstance(self._step.what, Upgrade | Downgrade):
                self._kept = self._step.what.database
                run.story.databases.keep(self._kept)
            cold = run.bench.cold_driver(run.adapter, run.candidate, run.cell.toolchain)
            run.story.session.be_timed(cold, ENVIRON_BYTES)

    def warm_up(self) -> float:
        """Do it once, and look closely at what that led to, which a turn does not."""
        if self.run.over:
            return 0.0
        took = 0.0
        with self.run.establishing():
            begun = time.monotonic()
            self._do()
            took = time.monotonic() - begun
            if self._closely and self.outcome.kind.went_through and self._kept:
                story = self.run.story
                self.after = story.look(self._kept)
                self.answer = story.history.current(story.database(self._kept))
            self.put_back()
            self._slow_down()
        return took

    def turn(self, block: int, place: int) -> float:
        """Do it once and keep the sample; once it failed, it is not tried again."""
        if self.run.over or not self.outcome.kind.went_through:
            return 0.0
        with self.run.establishing():
            answer = self._do()
            commands = self.run.story.session.commands
            self.samples.append(
                Sample(
                    block=block,
                    place=place,
                    twin=self._twin,
                    seconds=sum(command.seconds for command in commands),
                    cpu_seconds=sum(command.cpu_seconds for command in commands),
                    max_rss_kib=max(command.max_rss_kib for command in commands),
                    commands=len(commands),
                    went_through=self.outcome.kind.went_through,
                    answer=answer,
                )
            )
            return self.samples[-1].seconds
        return 0.0

    def finish(self) -> None:
        """Add to the last sample what it left, and undo it."""
        if self.run.over or not self.samples:
            return
        with self.run.establishing():
            left = self._outline()
            self.samples[-1] = msgspec.structs.replace(self.samples[-1], schema=left)
            self.put_back()

    def be_timed_by_hand(self, watch: Stopwatch) -> None:
        """Have another timer time what the last sample ran; keep its seconds."""
        if self.run.over or not self.samples or not self.outcome.kind.went_through:
            return
        run = self.run
        launch = run.bench.launch(run.adapter, run.candidate, run.cell.toolchain)
        with run.establishing():
            requests = run.story.session.requests
            helping = run.directory / "by-hand"
            self.by_hand.append(by_hand(watch, launch, requests, helping))
            self.put_back()

    @property
    def story(self) -> Story:
        """The story that what is measured is the end of."""
        return self.run.story

    @property
    def database(self) -> str | None:
        """The database that what is measured is about, if any."""
        return getattr(self._step.what, "database", None)

    def dissect(self, limits: Limits) -> None:
        """Find out what costs what, outside of all that is timed."""
        gone_through = self.outcome.kind.went_through
        if self.run.over or not gone_through or not limits.repetitions:
            return
        with self.run.establishing():
            marks = self.run.adapter.marks(self.story.session.versions)
            directory = self.run.directory / "anatomy"
            self.anatomy = dissect(self, marks, directory, limits)

    def carry_out(self, hooks: Mapping[str, str]) -> str | None:
        """Do it once with hooks; return why it did not go through, if so."""
        self.story.session.begin((), {**self._hooks, **hooks})
        try:
            _do(self._step.what, self.story)
        except NotCarriedOut as failed:
            return failed.command.outcome.words
        return None

    def _slow_down(self) -> None:
        """Have the commands work longer, by what they take when all is warm."""
        slowed = self.run.settings.slowed.get(self.run.candidate.name)
        if slowed is None or not self.outcome.kind.went_through:
            return
        self._do()
        commands = self.run.story.session.commands
        worked = sum(command.cpu_seconds for command in commands) / len(commands)
        self._hooks = {"work": f"{worked * slowed / 100:.4f}"}
        self.put_back()

    def _do(self) -> str:
        """Carry the step out; return what the tool answered."""
        story = self.run.story
        story.session.begin((), self._hooks)
        try:
            answer = _do(self._step.what, story)
        except NotCarriedOut as failed:
            self.outcome, answer = failed.command.outcome, None
        if not self.commands or not self.outcome.kind.went_through:
            self.commands = tuple(story.session.commands)
        return _short(answer)

    def _outline(self) -> str:
        if self._kept is None:
            return ""
        story = self.run.story
        url = story.databases.url(self._kept)
        return _short(outline(url, story.history.bookkeeping))

    def put_back(self) -> None:
        """Make the database and the work tree again what they were."""
        story = self.run.story
        if self._kept is not None:
            story.databases.restore(self._kept)
        if isinstance(self._step.what, Author | Propose):
            story.session.git.put_back()

    def observation(self, samples: Sequence[Sample], sampling: Sampling) -> Observation:
        """Return what was measured; the samples are those of all twins."""
        return Observation(
            step=self._step,
            outcome=self.outcome,
            seconds=sampling.seconds,
            tool_seconds=sum(sample.seconds for sample in samples),
            commands=self.commands,
            answer=self.answer,
            database=self._kept,
            after=self.after,
            samples=tuple(samples),
            sampling=sampling,
            anatomy=self.anatomy,
        )


def _do(step: Measurable, story: Story) -> object:
    """Have the tool do it, without committing or keeping account."""
    history = story.history
    match step:
        case Upgrade(name, to):
            history.upgrade(story.database(name), to)
        case Downgrade(name, to):
            history.downgrade(story.database(name), to)
        case Author(migration):
            history.author(authoring(migration, story.repository.line))
        case Propose(name, database):
            return history.propose(name, story.database(database))
        case _:
            return ask(step, story).get("answer")
    return None


def _short(answer: object) -> str:
    """Return a digest of what was answered: it only has to be the same each time."""
    encoded = msgspec.json.encode(answer)
    return "" if answer is None else hashlib.sha256(encoded).hexdigest()[:16]


def _settled(seats: Sequence[Sequence[Seat]], looks: tuple[int, ...]) -> bool:
    """Tell whether more blocks could change nothing."""
    so_far = Sampling(0, looks, 0, "", 0.0, 0.0, 0.0, ERROR_RATE)
    return settled([(t[0].run.cell, _observed(t, so_far)) for t in seats])


def _by_hand(everybody: Sequence[Seat], rounds: int, seed: int) -> None:
    """Have everybody's commands timed by another timer as well, in turns."""
    if not rounds:
        return
    with stopwatch() as watch:
        for number in range(rounds):
            for place in order(len(everybody), f"{seed}:by hand", number):
                everybody[place].be_timed_by_hand(watch)


def _observed(twins: Sequence[Seat], sampling: Sampling) -> Observation:
    samples = [sample for seat in twins for sample in seat.samples]
    samples.sort(key=lambda sample: (sample.block, sample.place))
    told = next((s for s in twins if not s.outcome.kind.went_through), twins[0])
    rounds = tuple(zip(*(seat.by_hand for seat in twins), strict=False))
    sampling = msgspec.structs.replace(sampling, by_hand=rounds)
    return told.observation(samples, sampling)


def _evidence(twins: Sequence[Seat], sampling: Sampling) -> Evidence:
    """Return a cell's evidence: whichever twin failed, tells of it."""
    for seat in twins:
        if not seat.run.over:
            seat.run.observations.append(_observed(twins, sampling))
    closed = [seat.run.close() for seat in twins]
    failed = (one for one in closed if one.status is not Status.ESTABLISHED)
    return next(failed, closed[0])
