"""The benchmarks: one for everything that is timed, on every backend.

By hand: `pytest harness/benchmarking/bench_operations.py`, with the options of pytest,
of pytest-benchmark, and ours (`--speed-…`).
"""

from __future__ import annotations

from harness.benchmarking.taking import Turns

pytest_plugins = ("harness.benchmarking.fixtures",)


def test_operation(turns: Turns) -> None:
    """Whoever can do it takes turns, and does the same each time."""
    timed = turns.take()

    assert not [f"{who}: {why}" for who, why in turns.void(timed)]
