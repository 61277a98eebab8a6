"""Timed scenarios: all candidates' cells in step, taking turns at every timing.

Each round lets every cell run the command once, as a fresh process, in an order that
is drawn anew per round from the run's seed. One round before the first is a warm-up
and not recorded. Nothing else runs meanwhile.
"""

from __future__ import annotations

import random
import time

from harness.contract import Database, NotCarriedOut
from harness.execution.cell_run import CellRun
from harness.model.evidence import OK, Command, Evidence, Observation, Sample
from harness.model.steps import Time, Verb

_AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
_WARM_UP = -1


def run_in_step(runs: list[CellRun], seed: int) -> list[Evidence]:
    """Play the cells of one timed scenario together and return their evidence."""
    for run in runs:
        run.open()
    for number, step in enumerate(runs[0].scenario.steps):
        if isinstance(step, Time):
            _take_turns(runs, step, number, seed)
        else:
            for run in runs:
                run.perform(step)
    return [run.close() for run in runs]


class _Timer:
    """One cell's part in a timing: what it has measured so far."""

    def __init__(self, run: CellRun, step: Time, number: int) -> None:
        self._run = run
        self._step = step
        self._number = number
        self._samples: list[Sample] = []
        self._commands: list[Command] = []
        self._outcome = OK

    @property
    def takes_part(self) -> bool:
        """Whether there is something to measure."""
        return not self._run.over and self._outcome.kind.went_through

    def turn(self, round_number: int, place: int) -> None:
        """Run the command once; what keeps it from being run ends the timing."""
        with self._run.establishing():
            try:
                self._time(round_number, place)
            except NotCarriedOut as failed:
                self._outcome = failed.command.outcome
                self._commands.append(failed.command)

    def observation(self, seconds: float) -> Observation:
        """Return all samples, and of the commands the first and those that failed."""
        return Observation(
            self._step,
            self._outcome,
            seconds,
            sum(sample.seconds for sample in self._samples),
            commands=tuple(self._commands),
            samples=tuple(self._samples),
        )

    def _time(self, round_number: int, place: int) -> None:
        story, verb = self._run.story, self._step.verb
        story.session.begin(())
        database = self._database(round_number)
        command = self._command(database)
        answer = story.history.answer(verb, command)
        if verb is Verb.UPGRADE:
            tables = len(story.look(database.name).tables)
            answer = f"{answer} {tables} tables".strip()
        if round_number == _WARM_UP:
            return
        if not self._commands or not command.outcome.kind.went_through:
            self._commands.append(command)
        self._samples.append(
            Sample(
                verb=verb,
                round=round_number,
                place=place,
                seconds=command.seconds,
                cpu_seconds=command.cpu_seconds,
                max_rss_kib=command.max_rss_kib,
                exit_code=command.exit_code,
                answer=answer,
            )
        )

    def _command(self, database: Database) -> Command:
        run = self._run
        invocation = run.story.history.timed(self._step.verb, database)
        return run.story.session.run(
            run.story.session.located(invocation.script),
            invocation.argv,
            {**_AS_INSTALLED, **invocation.environ},
            run.bench.cold_driver(run.adapter, run.candidate, run.cell.toolchain),
        )

    def _database(self, round_number: int) -> Database:
        """Return the step's database: a fresh one wherever the command changes it."""
        story, verb = self._run.story, self._step.verb
        name = f"{verb.name.lower()}_{self._number}"
        if verb is Verb.UPGRADE:
            name = f"{name}_{round_number - _WARM_UP}"
        fresh = not story.knows(name)
        database = story.database(name)
        if fresh:
            story.history.prepare_timing(verb, database)
        return database


def _take_turns(runs: list[CellRun], step: Time, number: int, seed: int) -> None:
    begun = time.monotonic()
    playing = [run for run in runs if not run.over]
    timers = [_Timer(run, step, number) for run in playing]
    for round_number in range(_WARM_UP, step.rounds):
        order = [timer for timer in timers if timer.takes_part]
        chance = f"{seed}:{runs[0].scenario.id}:{number}:{round_number}"
        random.Random(chance).shuffle(order)  # noqa: S311
        for place, timer in enumerate(order):
            timer.turn(round_number, place)
    seconds = time.monotonic() - begun
    for run, timer in zip(playing, timers, strict=True):
        if not run.over:
            run.observations.append(timer.observation(seconds / len(playing)))
