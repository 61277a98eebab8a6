"""The page on times that lies beside a stored run of benchmarks."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.model.benchmark import Benchmarked
from harness.model.speed import Match, Metric, Spread, Timed
from harness.report.anatomy_page import NAME as ANATOMY
from harness.report.columns import story
from harness.report.page import ratios_picture
from harness.report.page.forest import forest
from harness.report.speed import speed_part
from harness.report.tables import Table
from harness.report.templating import environment

NAME = "speed.md"
PICTURE = "ratios.svg"


class Part(msgspec.Struct, frozen=True):
    """A section of the page that answers a question of its own.

    `pictures` pair the name of a file beside the page with what is seen in it.
    """

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


def write_speed_page(
    directory: Path,
    record: Benchmarked,
    matches: tuple[Match, ...],
    parts: tuple[Part, ...] = (),
) -> Path:
    """Write the page and its picture; return its path. `parts` come behind the ratios."""
    path, drawn = directory / NAME, forest(matches)
    if drawn is not None:
        replace(directory / PICTURE, ratios_picture(drawn).encode())
    template = environment().get_template("speed_page.md.j2")
    text = template.render(
        record=record,
        times=_times(matches),
        speed=speed_part(matches),
        anatomy=(directory / ANATOMY).exists(),
        added=_added(record.added_seconds, matches),
        picture=PICTURE if drawn else None,
        parts=parts,
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
        f"{timed.memory_mib:.0f} MiB" if timed.memory_mib else "unknown",
        str(timed.samples),
    )


def _spread(spread: Spread) -> str:
    return (
        f"{spread.median:.3f} s ({spread.quarter:.3f} to {spread.three_quarters:.3f}; "
        f"{spread.outliers} far out)"
    )
