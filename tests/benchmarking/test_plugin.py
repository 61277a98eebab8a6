"""The benchmarks under pytest: rows, options and files, on a stand that is made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.benchmarking import driving
from harness.benchmarking.rows import NAME, read
from harness.benchmarking.stand import Asked
from harness.execution.plan import Selection

pytest_plugins = ("pytester",)
BENCHMARKS = Path(driving.__file__).with_name("bench_operations.py")
MADE_UP = """
from contextlib import nullcontext

from harness.benchmarking import fixtures
from tests.benchmarking.made_up import RECORD
from tests.timed import around, timed


class MadeUp:
    groups = (("speed/start", "sqlite"), ("speed/heads", "sqlite"))

    def __init__(self, asked):
        self.evidence = []
        self.bad = asked.seed

    def standing(self, note):
        return nullcontext()

    def times(self, group):
        scenario, _ = group
        slow = around(1.5, 2)
        found = [
            timed("one", around(1.0, 1), scenario=scenario),
            timed("two", slow[:-1] if self.bad else slow, scenario=scenario),
        ]
        self.evidence += found
        return found

    def record(self):
        return RECORD


fixtures.Stand = MadeUp
"""


@pytest.fixture
def bench(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """Return a directory in which the benchmarks time nothing real."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    pytester.makeini("[pytest]\n")
    pytester.makepyfile(made_up_stand=MADE_UP)
    return pytester


def run(bench: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run pytest by itself on our benchmarks."""
    plain = ("-p", "no:xdist", "-p", "no:cacheprovider", "-p", "made_up_stand")
    return bench.runpytest_subprocess(*plain, str(BENCHMARKS), *options)


def test_pytest_alone_runs_and_stores_the_benchmarks(bench: pytest.Pytester) -> None:
    """Each operation is a test, each participant a row of pytest-benchmark's table."""
    result = run(bench, f"--benchmark-json={NAME}")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "speed/start on sqlite, common: one against two by wall time: faster: *",
            "*benchmark 'speed/start on sqlite, common': 2 tests*",
        ]
    )
    stored = read(bench.path / NAME)
    assert 4 == len(stored.evidence)
    assert 4 == len(json.loads((bench.path / NAME).read_text())["benchmarks"])


def test_its_own_options_work(bench: pytest.Pytester) -> None:
    """A stored run is compared with by `--benchmark-compare`, as anybody's."""
    run(bench, "--benchmark-autosave", "-k", "start")

    again = run(bench, "--benchmark-compare", "-k", "start")

    assert {"passed": 1, "deselected": 1}.items() <= again.parseoutcomes().items()
    assert "start[one-common-sqlite] (NOW)" in again.stdout.str()


def test_told_to_time_nothing_it_skips(bench: pytest.Pytester) -> None:
    """`--benchmark-disable` sets nothing up."""
    outcomes = run(bench, "--benchmark-disable").parseoutcomes()

    assert outcomes.get("skipped") == 2
    assert "passed" not in outcomes


def test_what_is_asked_for_reaches_pytest() -> None:
    """The command line that drives pytest has everything that was asked for."""
    asked = Asked(
        Selection(scenarios=("start",), candidates=("one", "two")),
        budget=60.0,
        seed=3,
        planted=10,
        servers=("mysql://somebody@somewhere",),
    )

    line = driving.arguments(asked, Path("there"))

    assert {
        "--speed-scenario=start",
        "--speed-candidate=one",
        "--speed-candidate=two",
        "--speed-budget=60.0",
        "--speed-seed=3",
        "--speed-planted=10",
        "--speed-server=mysql://somebody@somewhere",
        f"--benchmark-json=there/{NAME}",
    } <= set(line)
