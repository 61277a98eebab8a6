"""Timed scenarios with the tiny tool: what a sample is, and that nothing stays behind."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from harness.execution import turns
from harness.execution.cell_run import Settings
from harness.execution.registry import Registry, registry
from harness.execution.schedule import Schedule
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Observation, OutcomeKind
from harness.model.operations import CreateTable, RunStatement
from harness.model.schema import Column, Integer, Table
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Grow,
    ListHistory,
    Measurable,
    Measure,
    Migration,
    Step,
    Upgrade,
)
from harness.model.toolchain import Environment
from tests.execution.conftest import cell_of, scenario

ONE = Migration(
    "one",
    (CreateTable(Table("t", (Column("id", Integer(), nullable=False),))),),
)


class Measured:
    """Plays stories with a timed step."""

    def __init__(
        self, tiny: Registry, environments: dict[str, Environment], directory: Path
    ) -> None:
        self._tiny = tiny
        self._environments = environments
        self._directory = directory

    def evidence(
        self, *before: Step, step: Measurable, **settings: object
    ) -> tuple[Evidence, ...]:
        """Return the evidence of a story that ends in a timed step."""
        story = scenario(*before, Measure(step))
        everything = registry(self._tiny.adapters.values(), [story])
        schedule = Schedule(
            everything, self._environments, self._directory, Settings(**settings)
        )
        cell: Cell = cell_of(story.id)
        return tuple(schedule.run([cell], lambda _: None))

    def __call__(
        self, *before: Step, step: Measurable, **settings: object
    ) -> Observation:
        """Return what was observed of the timed step."""
        (found,) = self.evidence(*before, step=step, **settings)
        return found.observations[-1]


@pytest.fixture
def measured(
    tiny: Registry,
    environments: dict[str, Environment],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Measured:
    """Return what plays stories with a timed step, in two blocks."""
    monkeypatch.setattr(turns, "LOOKS", (2,))
    return Measured(tiny, environments, tmp_path)


BROKEN = Migration("broken", (RunStatement("INSERT INTO nowhere VALUES (1)"),), ())


def test_every_block_has_a_sample_of_each_twin(measured: Measured) -> None:
    """A candidate alone takes turns with itself, and the sampling says how."""
    observation = measured(Grow(3), step=ListHistory())

    turns_taken = [(s.block, s.twin) for s in observation.samples]
    sampling = observation.sampling
    assert [(0, 0), (0, 1), (1, 0), (1, 1)] == sorted(turns_taken)
    assert all(0 < s.cpu_seconds and 0 < s.seconds for s in observation.samples)
    assert sampling is not None
    assert ((2,), 2) == (sampling.looks, sampling.blocks)
    assert sampling.sampled_seconds <= sampling.seconds


def test_an_upgrade_starts_from_the_same_state_each_time(measured: Measured) -> None:
    """Every sample upgrades anew, and leaves the same database."""
    observation = measured(Author(ONE), step=Upgrade())

    assert 4 == len(observation.samples)
    assert 1 == len({(s.twin, s.schema) for s in observation.samples if not s.twin})
    assert all(s.schema for s in observation.samples)
    assert ("one",) == observation.answer
    assert observation.after is not None
    assert ["t"] == [table.name for table in observation.after.tables]


def test_a_downgrade_starts_from_the_same_state_each_time(measured: Measured) -> None:
    """What was upgraded before is there again for each sample."""
    observation = measured(Author(ONE), Upgrade(), step=Downgrade())

    assert all(s.went_through for s in observation.samples)
    assert () == observation.answer
    assert observation.after is not None
    assert () == observation.after.tables


def test_writing_a_migration_is_undone_after_each_sample(measured: Measured) -> None:
    """The tree is put back, so that the next one is written behind the same history."""
    observation = measured(Grow(2), step=Author(ONE))

    assert 4 == len(observation.samples)
    assert all(s.went_through for s in observation.samples)
    assert "new one" in " ".join(observation.commands[0].argv)


def test_what_fails_in_the_warm_up_is_not_sampled(measured: Measured) -> None:
    """The outcome says what the tool said, and there is nothing to compare."""
    observation = measured(Author(BROKEN), step=Upgrade())

    assert OutcomeKind.REFUSED is observation.outcome.kind
    assert () == observation.samples
    assert "nowhere" in observation.commands[-1].stderr


def test_the_answer_of_each_sample_is_kept(measured: Measured) -> None:
    """Where a database stands is the answer, the same for all."""
    observation = measured(Author(ONE), Upgrade(), step=Current())

    assert 1 == len({s.answer for s in observation.samples})
    assert all(s.answer for s in observation.samples)


def test_without_time_it_is_said_why_there_are_no_samples(measured: Measured) -> None:
    """The budget is too small for the first look, and what is wanted is told."""
    observation = measured(step=ListHistory(), speed_budget=0.0)

    assert () == observation.samples
    assert observation.sampling is not None
    assert "there was no time for the first look" == observation.sampling.stopped
    assert 0 < observation.sampling.wanted_seconds


def test_another_timer_times_the_same_commands(measured: Measured) -> None:
    """Both twins, round by round, with as many samples of ours as without."""
    observation = measured(Author(ONE), step=Upgrade(), by_hand=3)

    assert observation.sampling is not None
    assert 3 == len(observation.sampling.by_hand)
    assert all(
        0 < seconds < 60 for pair in observation.sampling.by_hand for seconds in pair
    )
    assert 4 == len(observation.samples)


def test_the_memory_of_a_sample_is_not_that_of_the_harness(measured: Measured) -> None:
    """A tiny tool takes little, however much whoever starts it has."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    observation = measured(step=ListHistory())

    assert all(1000 < sample.max_rss_kib < ours / 2 for sample in observation.samples)
