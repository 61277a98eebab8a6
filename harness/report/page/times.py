"""What timed commands took, story by story, as values for a picture."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.verdict import Finding
from harness.report.columns import story
from harness.report.phrases import seconds

_Cell = tuple[float, str] | None


class Times(msgspec.Struct, frozen=True):
    """Median wall times: a row for each story, a column for each candidate.

    A cell pairs seconds with what is written beside it; None where nothing was timed.
    """

    candidates: tuple[str, ...]
    rows: tuple[tuple[str, tuple[_Cell, ...]], ...]

    @property
    def words(self) -> str:
        """The picture for those who do not see it."""
        return "; ".join(f"{name}: {self._said(row)}" for name, row in self.rows)

    def _said(self, row: tuple[_Cell, ...]) -> str:
        pairs = zip(self.candidates, row, strict=True)
        return ", ".join(f"{who} {cell[1]}" for who, cell in pairs if cell)


def times(findings: Iterable[Finding]) -> Times | None:
    """Return what was timed, void times left out; None if nothing was."""
    found: dict[str, dict[str, _Cell]] = {}
    for finding in findings:
        if finding.timed is not None and not finding.timed.void:
            spread = finding.timed.wall
            said = f"{seconds(spread.median)} ({spread.lowest:.2f} to {spread.highest:.2f})"
            own = found.setdefault(story(finding.cell.scenario), {})
            own[finding.cell.candidate] = (spread.median, said)
    if not found:
        return None
    candidates = tuple(dict.fromkeys(who for own in found.values() for who in own))
    return Times(
        candidates,
        tuple(
            (name, tuple(own.get(who) for who in candidates))
            for name, own in found.items()
        ),
    )
