"""What a benchmark is written with: turns of all who take part in an operation."""

from __future__ import annotations

from pathlib import Path

from pytest_benchmark.session import BenchmarkSession

from harness.benchmarking.rows import row, write
from harness.benchmarking.stand import Group, Stand
from harness.judgement.speed import timed
from harness.model.evidence import Evidence


class Turns:
    """One operation on one backend, with all who take part."""

    def __init__(self, stand: Stand, group: Group, session: BenchmarkSession) -> None:
        self._stand = stand
        self._group = group
        self._session = session

    def take(self) -> list[Evidence]:
        """Take turns, and register everybody's samples with pytest-benchmark.

        That stores them in the end only; what there is is stored at once, in its place.
        """
        found = self._stand.times(self._group)
        rows = [made for made in map(row, found) if made is not None]
        self._session.benchmarks.extend(rows)
        if self._session.json is not None:
            write(Path(self._session.json), self._stand.record(), self._stand.evidence)
        return found

    @staticmethod
    def void(found: list[Evidence]) -> list[tuple[str, str]]:
        """Return whose samples do not count, and why."""
        judged = [(one.cell.id, timed(one)) for one in found]
        return [(name, made.void) for name, made in judged if made and made.void]
