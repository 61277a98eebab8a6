"""Whether the benchmark is to be believed: repeated controls, and another timer."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.benchmarking import driving
from harness.benchmarking.planted import twice
from harness.benchmarking.rows import Stored
from harness.benchmarking.stand import Asked
from harness.cli import bench
from harness.cli.main import main
from harness.execution.registry import discover
from tests.benchmarking.made_up import stored
from tests.judgement.test_by_hand import by_hand
from tests.timed import around, timed


def pretend(
    monkeypatch: pytest.MonkeyPatch, *made: Stored | None
) -> list[tuple[Asked, Path]]:
    """Have benchmarks store this, one after the other; return what they are asked."""
    asked: list[tuple[Asked, Path]] = []

    def drive(what: Asked, output: Path) -> tuple[int, Stored | None]:
        asked.append((what, output))
        output.mkdir(parents=True, exist_ok=True)
        return 0, made[(len(asked) - 1) % len(made)]

    for module in (driving, bench):
        monkeypatch.setattr(module, "drive", drive)
    return asked


def run(output: Path, *options: str) -> Result:
    """Run `bench` with these options."""
    return CliRunner().invoke(main, ["bench", "--output", str(output), *options])


def pair(slower: float) -> Stored:
    """Return a run of one candidate under two names; the other takes so much longer."""
    return stored(
        timed("one", around(1.0, 1)), timed("one-again", around(slower, 2)), seed=7
    )


def test_each_candidate_has_another_name_for_controls() -> None:
    """Nothing differs: it is started as the one it is."""
    everything = discover()

    both = twice(everything)

    names = [candidate.name for candidate in everything.candidates]
    assert {*names, *(f"{name}-again" for name in names)} == {
        candidate.name for candidate in both.candidates
    }
    for name in names:
        adapter = both.adapter_of(f"{name}-again")
        one, other = both.candidate(name), both.candidate(f"{name}-again")
        assert adapter.launching(one, "common") == adapter.launching(other, "common")


def test_controls_are_repeated_with_new_seeds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The budget is shared, each has a folder, and no false alarm is no failure."""
    asked = pretend(monkeypatch, pair(1.0))

    result = run(tmp_path, "--controls", "4", "--budget", "8", "--seed", "5")

    assert 0 == result.exit_code, result.output
    assert [5, 6, 7, 8] == [one.seed for one, _ in asked]
    assert {120.0} == {one.budget for one, _ in asked}
    assert all(one.again for one, _ in asked)
    page = (tmp_path / "controls.md").read_text()
    assert "in 4 repetitions" in page
    assert "told as different in 0 of 4 comparisons" in page
    assert "| repetition-04 | 7 |" in page


def test_too_many_false_alarms_are_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 1, with the line that says so."""
    pretend(monkeypatch, pair(1.3))

    result = run(tmp_path, "--controls", "3")

    assert 1 == result.exit_code
    assert "FAIL A candidate against itself under another name" in result.output
    assert "3 of 3 comparisons" in result.output


def test_a_repetition_that_is_missing_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was not repeated says nothing."""
    pretend(monkeypatch, pair(1.0), None)

    result = run(tmp_path, "--controls", "2")

    assert 1 == result.exit_code
    assert "in 1 repetition," in (tmp_path / "controls.md").read_text()


@pytest.mark.parametrize(
    ("ratio", "code", "said"), [(1.5, 0, "ok  "), (1.1, 1, "FAIL")]
)
def test_another_timer_agrees_or_the_command_fails(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ratio: float,
    code: int,
    said: str,
) -> None:
    """The page has both ratios beside each other."""
    rounds = (1.0, 1.01, 0.99, 1.0, 1.02, 0.98, 1.0)
    pretend(
        monkeypatch,
        stored(
            by_hand("one", 1.5, *(ratio * v for v in rounds)),
            by_hand("two", 1.0, *rounds),
        ),
    )

    result = run(tmp_path, "--by-hand", "7")

    assert code == result.exit_code, result.output
    assert f"{said} start (sqlite), one against two (common)" in result.output
    assert "### Timed by hand" in (tmp_path / "speed.md").read_text()
