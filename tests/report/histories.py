"""A record of real histories, as a test needs it."""

from __future__ import annotations

from harness.model.corpus import CorpusRun, Ends, Lineage, PlayedHistory, StepCost
from harness.model.difference import Difference, DifferenceKind


def a_corpus_run() -> CorpusRun:
    """Return a record of four histories, one of which was not played."""
    return CorpusRun(
        version="1",
        started="2026-01-02T03:04:05+00:00",
        command=("migration-compare", "corpus", "run", "one", "two"),
        played=(
            _played("one", "tool a", (0.1, 0.2), Lineage(10, 2, 2, 1, 1)),
            _played("other", "tool a", (0.3,), Lineage(2, 0, 0, 1, 1)),
            _played("two", "tool b", (4.0,), Lineage(1, 0, 0, 1, 1)),
            PlayedHistory(
                name="gone",
                tool="tool b",
                requirement="gone==1.0",
                backend="sqlite",
                outcome="not played: it cannot be installed",
                went_through=False,
                expected=3,
            ),
        ),
        ends=(
            Ends(
                one="one",
                other="two",
                backend="sqlite",
                count=3,
                kinds={"column": 1, "index": 2},
                differences=(
                    Difference(DifferenceKind.MISSING_COLUMN, "books", "shelf"),
                ),
            ),
        ),
    )


def _played(
    name: str, tool: str, times: tuple[float, ...], lineage: Lineage
) -> PlayedHistory:
    return PlayedHistory(
        name=name,
        tool=tool,
        requirement=f"{name}==1.0",
        backend="sqlite",
        engine="SQLite 3.40",
        outcome="went through",
        went_through=True,
        expected=len(times),
        tables=2,
        lineage=lineage,
        steps=tuple(
            StepCost(f"s{number}", seconds, 4)
            for number, seconds in enumerate(times, start=1)
        ),
    )
