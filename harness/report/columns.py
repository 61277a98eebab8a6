"""The columns of every table: a candidate on a toolchain and a backend."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.cell import Cell
from harness.model.verdict import Finding


class Column(msgspec.Struct, frozen=True):
    """One way of running the scenarios."""

    candidate: str
    toolchain: str
    backend: str

    @property
    def title(self) -> str:
        """The column's name in a sentence."""
        return f"{self.candidate} ({self.toolchain}, {self.backend})"


def column(cell: Cell) -> Column:
    """Return the column that a cell stands in."""
    return Column(cell.candidate, cell.toolchain, cell.backend)


def columns(findings: Iterable[Finding]) -> tuple[Column, ...]:
    """Return the columns of a run, in the order of its plan."""
    return tuple(dict.fromkeys(column(finding.cell) for finding in findings))


def family(cell: Cell) -> str:
    """Return the family that a cell's scenario belongs to."""
    return cell.scenario.split("/")[0]


def name(cell: Cell) -> str:
    """Return the scenario's name without its family."""
    return cell.scenario.split("/")[1]


def story(scenario: str) -> str:
    """Return a scenario's name as a reader wants it: words, without its family."""
    return scenario.split("/")[1].replace("_", " ")
