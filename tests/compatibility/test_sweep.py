"""A sweep finds where a behaviour changes, and runs no more than it needs."""

from __future__ import annotations

from unittest.mock import Mock, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.compatibility import sweep as sweep_module
from harness.compatibility.establishing import Order, Refusal
from harness.compatibility.sweep import Story, Sweep
from harness.judgement.sweeping import changes
from harness.model.cell import Cell
from harness.model.compatibility import (
    Outcome,
    Phase,
    Release,
    Result,
    SweepEvidence,
)
from harness.model.evidence import Evidence, Status
from harness.report.sweeping import conclusions
from harness.toolchains.interpreter import Interpreter, probe

INTERPRETERS = tuple(
    Interpreter(version, version, version, "cpython", "linux")
    for version in ("3.13.0", "3.8.1")
)


def evidence(status: Status) -> Evidence:
    """Return evidence of one behaviour or another: supported or not."""
    return Evidence(
        cell=Cell("changes/story", "tool", "any", "sqlite"),
        digest="d",
        status=status,
        reason="because",
        mode="cold",
        observations=(),
        seconds=0.0,
    )


class Tool:
    """A tool by release number: what it does, and on which interpreter."""

    def __init__(self, behaviours: list[Status], broken: frozenset[int]) -> None:
        self.releases = tuple(Release(str(number)) for number in range(len(behaviours)))
        self.behaviours = behaviours
        self.broken = broken
        self.rows: list[SweepEvidence] = []
        self.tried: list[tuple[str, str]] = []

    def run(
        self, story: Story, release: Release, interpreter: Interpreter
    ) -> SweepEvidence:
        """Run a release; the older half needs the older Python."""
        number = int(release.version)
        self.tried.append((release.version, interpreter.version))
        new = number >= len(self.releases) // 2
        runs = number not in self.broken and (interpreter.version == "3.13.0") == new
        if not runs:
            outcome = Outcome(Result.FAILS, words="it does not")
            return SweepEvidence(release=release, outcome=outcome)
        return SweepEvidence(
            release=release,
            outcome=Outcome(Result.WORKS),
            evidence=evidence(self.behaviours[number]),
        )

    def sweep(self) -> Sweep:
        """Return a sweep over all releases that has not begun."""
        return Sweep(Mock(), self.releases, INTERPRETERS, self.rows.append)

    @property
    def found(self) -> list[tuple[str, str]]:
        """The changes that the rows show."""
        order = tuple(release.version for release in self.releases)
        return [
            (one.before.release.version, one.after.release.version)
            for one in changes(self.rows, order)
        ]


@given(
    before=st.integers(1, 40),
    after=st.integers(1, 40),
)
def test_a_single_change_is_found_with_few_releases(before: int, after: int) -> None:
    """Halving finds it between two neighbours, whatever the lengths."""
    behaviours = [Status.UNSUPPORTED] * before + [Status.ESTABLISHED] * after
    tool = Tool(behaviours, frozenset())
    with patch.object(sweep_module, "run_release", tool.run):
        tool.sweep().bisect()

    assert [(str(before - 1), str(before))] == tool.found
    assert len(tool.rows) <= 4 + (before + after).bit_length()


@given(broken=st.frozensets(st.integers(0, 19), max_size=12))
def test_releases_that_do_not_run_are_passed_over(broken: frozenset[int]) -> None:
    """The change is then between the nearest that do."""
    behaviours = [Status.UNSUPPORTED] * 8 + [Status.ESTABLISHED] * 12
    tool = Tool(behaviours, broken)
    with patch.object(sweep_module, "run_release", tool.run):
        tool.sweep().bisect()
    before = [number for number in range(8) if number not in broken]
    after = [number for number in range(8, 20) if number not in broken]

    expected = [(str(before[-1]), str(after[0]))] if before and after else []
    assert expected == tool.found


def test_a_behaviour_that_comes_and_goes_is_found_by_running_every_release() -> None:
    """Ends that agree hide it from bisection, which says so."""
    behaviours = [Status.ESTABLISHED] * 9
    behaviours[4] = Status.UNSUPPORTED
    halved, every = Tool(behaviours, frozenset()), Tool(behaviours, frozenset())
    with patch.object(sweep_module, "run_release", halved.run):
        halved.sweep().bisect()
    with patch.object(sweep_module, "run_release", every.run):
        every.sweep().every()

    run = Mock(releases=halved.releases)
    told = conclusions(run, tuple(every.rows))
    assert [] == halved.found
    assert "7 of 9 releases were not run" in conclusions(run, tuple(halved.rows))[-1]
    assert [("3", "4"), ("4", "5")] == every.found
    assert told[0].startswith(
        "**Between 3 (date unknown) and 4 (date unknown): from as expected to cannot"
    )
    assert "It changes 2 times in what was run." in told


def test_the_search_for_an_interpreter_begins_with_what_worked_last() -> None:
    """Older releases work on older interpreters: each is tried in vain just once."""
    tool = Tool([Status.ESTABLISHED] * 8, frozenset())
    with patch.object(sweep_module, "run_release", tool.run):
        tool.sweep().every()

    assert 9 == len(tool.tried)


@pytest.mark.parametrize("uploaded", ["", "2013-11-30"])
def test_a_release_is_installed_with_what_there_was_a_month_later(
    uploaded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a date, with the newest."""
    orders: list[Order] = []

    def refuse(order: Order) -> Refusal:
        orders.append(order)
        return Refusal(Phase.RESOLVE, "no", "no", certain=True)

    monkeypatch.setattr(sweep_module, "establish", refuse)
    story = Mock()
    story.adapter.tool = story.adapter.distribution = "tool"
    row = sweep_module.run_release(story, Release("1.0", uploaded), probe())

    assert ("2013-12-30" if uploaded else "") == orders[0].building.until
    assert Result.FAILS is row.outcome.result
