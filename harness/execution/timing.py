"""Timed scenarios: all candidates' cells in step, taking turns at every timing.

Each round lets every cell run the command once, as a fresh process, in an order that
is drawn anew per round from the run's seed. One round before the first is a warm-up
and not recorded. Nothing else runs meanwhile.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from harness.contract import Database
from harness.execution.cell_run import CellRun
from harness.model.evidence import OK, Evidence, Observation, Sample
from harness.model.steps import Time, Verb

_AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}


def run_in_step(runs: list[CellRun], seed: int) -> list[Evidence]:
    """Play the cells of one timed scenario together and return their evidence."""
    for run in runs:
        run.open()
    for number, step in enumerate(runs[0].scenario.steps):
        if isinstance(step, Time):
            _take_turns(runs, step, f"{seed}:{runs[0].scenario.id}:{number}")
        else:
            for run in runs:
                run.perform(step)
    return [run.close() for run in runs]


def _take_turns(runs: list[CellRun], step: Time, seed: str) -> None:
    begun = time.monotonic()
    samples: dict[str, list[Sample]] = {run.cell.id: [] for run in runs}
    for number in range(-1, step.rounds):
        order = [run for run in runs if not run.over]
        random.Random(f"{seed}:{number}").shuffle(order)  # noqa: S311
        for place, run in enumerate(order):
            with run.establishing():
                sample = _sample(run, step.verb, number, place)
                if number >= 0:
                    samples[run.cell.id].append(sample)
    seconds = time.monotonic() - begun
    for run in runs:
        if not run.over:
            own = tuple(samples[run.cell.id])
            tool_seconds = sum(sample.seconds for sample in own)
            run.observations.append(
                Observation(step, OK, seconds / len(runs), tool_seconds, samples=own)
            )


def _sample(run: CellRun, verb: Verb, number: int, place: int) -> Sample:
    story = run.story
    story.session.begin(())
    database = _database(run, verb, number)
    invocation = story.history.timed(verb, database)
    command = story.session.run(
        _script(run, invocation.script),
        invocation.argv,
        {**_AS_INSTALLED, **invocation.environ},
        run.bench.cold_driver(run.adapter, run.candidate, run.cell.toolchain),
    )
    answer = story.history.answer(verb, command)
    if verb is Verb.UPGRADE:
        tables = len(story.look(database.name).tables)
        answer = f"{answer} {tables} tables".strip()
    return Sample(
        verb=verb,
        round=number,
        place=place,
        seconds=command.seconds,
        cpu_seconds=command.cpu_seconds,
        max_rss_kib=command.max_rss_kib,
        exit_code=command.exit_code,
        answer=answer,
    )


def _script(run: CellRun, name: str) -> Path:
    in_repository = run.story.session.repository / name
    if in_repository.is_file():
        return in_repository
    environment = run.bench.environment(run.adapter, run.cell.toolchain)
    return Path(environment.root) / "bin" / name


def _database(run: CellRun, verb: Verb, number: int) -> Database:
    """Return the database of a sample: a fresh one wherever the command changes it."""
    story = run.story
    name = verb.name.lower()
    if verb is Verb.UPGRADE:
        name = f"{name}_{number + 1}"
    fresh = not story.knows(name)
    database = story.database(name)
    if fresh:
        story.history.prepare_timing(verb, database)
    return database
