"""What another timer says, beside what the report does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from harness.judgement.by_hand import Accord, Agreement
from harness.judgement.wording import count, listed
from harness.report.columns import story
from harness.report.speed_page import Part
from harness.report.tables import Table

_HOW = (
    "Each command was run again with the environment of a person, without anything of "
    "the harness on its path, and timed by a program of its own "
    "(`harness/driving/stopwatch.py`: a subprocess and a clock), in turns, on the same "
    "processor, from the same states."
)


def by_hand_part(agreements: Iterable[Agreement]) -> Part | None:
    """Return the section of the page; None if nothing was timed by hand."""
    agreements = tuple(agreements)
    if not agreements:
        return None
    words = Counter(one.accord for one in agreements)
    said = listed(f"{words[accord]} {accord}" for accord in Accord if words[accord])
    ratios = count(len(agreements), "ratio")
    return Part(
        title="Timed by hand",
        sentences=(_HOW, f"Of {ratios} of wall times by hand: {said}."),
        tables=(
            Table(
                ("what", "who", "the report", "by hand", "rounds", "by hand lies"),
                tuple(map(_row, agreements)),
            ),
        ),
    )


def sentence(agreement: Agreement) -> str:
    """Return an agreement as a line."""
    what, who, reported, own, rounds, accord = _row(agreement)
    return (
        f"{what}, {who}: {reported} in the report, {own} by hand in {rounds} rounds: "
        f"{accord}"
    )


def _row(one: Agreement) -> tuple[str, ...]:
    return (
        f"{story(one.scenario)} ({one.backend})",
        f"{one.one.candidate} against {one.other.candidate} ({one.one.toolchain})",
        _bounded(one.reported.ratio, one.reported.low, one.reported.high),
        _bounded(one.ratio, one.low, one.high),
        str(one.rounds),
        one.accord,
    )


def _bounded(ratio: float, low: float, high: float) -> str:
    return f"×{ratio:.3f} ({low:.3f} to {high:.3f})"
