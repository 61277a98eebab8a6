"""The page on times that lies beside a stored run of benchmarks."""

from __future__ import annotations

from pathlib import Path

from harness.journal.files import replace
from harness.model.benchmark import Benchmarked
from harness.model.speed import Match, Metric, Spread, Timed
from harness.report.columns import story
from harness.report.document import environment
from harness.report.speed import speed_part
from harness.report.tables import Table

NAME = "speed.md"


def write_speed_page(
    directory: Path, record: Benchmarked, matches: tuple[Match, ...]
) -> Path:
    """Write the page and return its path."""
    path = directory / NAME
    template = environment().get_template("speed_page.md.j2")
    text = template.render(
        record=record,
        times=_times(matches),
        speed=speed_part(matches),
        added=_added(record.added_seconds, matches),
    )
    replace(path, text.encode())
    return path


def _added(seconds: float | None, matches: tuple[Match, ...]) -> str:
    """Say what the harness adds, beside the shortest of what was timed."""
    if seconds is None or not any(match.rows for match in matches):
        return ""
    shortest = min(
        timed.cpu.median / timed.commands
        for match in matches
        for _, timed in match.rows
    )
    share = 100 * seconds / shortest
    return (
        f"The harness adds {1000 * seconds:.2f} ms of processor time to each process that "
        f"it starts ({share:.2f} % of the shortest that was timed; below zero it is less "
        "than what such a process varies by)."
    )


def _times(matches: tuple[Match, ...]) -> Table:
    return Table(
        ("what", "who", *map(str, Metric), "peak memory", "samples"),
        tuple(
            (
                f"{story(match.scenario)} ({match.backend})",
                f"{who.candidate} ({who.toolchain})",
                *_row(timed),
            )
            for match in matches
            for who, timed in match.rows
        ),
    )


def _row(timed: Timed) -> tuple[str, ...]:
    if timed.void:
        return (f"void: {timed.void}", "", "", str(timed.samples))
    return (
        _spread(timed.wall),
        _spread(timed.cpu),
        f"{timed.memory_mib:.0f} MiB",
        str(timed.samples),
    )


def _spread(spread: Spread) -> str:
    return (
        f"{spread.median:.3f} s ({spread.quarter:.3f} to {spread.three_quarters:.3f}; "
        f"{spread.outliers} far out)"
    )
