"""The matrix of all cells, as few characters as possible: what the page filters."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.claims import Era
from harness.model.run import Run, ToolchainRecord
from harness.model.verdict import Finding
from harness.report.columns import Column, column, columns
from harness.report.phrases import MARKS


class Matrix(msgspec.Struct, frozen=True):
    """Cells by number: of a scenario, a column, a grade and a headline, in that order.

    `ages` are the toolchains, the oldest first, each with the era that it stands for, if
    any, and with what it consists of.
    """

    scenarios: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    ages: tuple[tuple[str, str, str], ...]
    grades: tuple[tuple[str, str], ...]
    headlines: tuple[str, ...]
    cells: tuple[tuple[int, int, int, int], ...]


def matrix(
    run: Run,
    findings: Iterable[Finding],
    oldest_first: tuple[str, ...],
    eras: Iterable[Era],
) -> Matrix:
    """Return the matrix of a run."""
    titles = {name: e.title for e in eras for name in (e.toolchain, e.newer)}
    findings = tuple(findings)
    questions = {scenario.id: scenario.question for scenario in run.scenarios}
    scenarios = dict.fromkeys(finding.cell.scenario for finding in findings)
    keys = columns(findings)
    headlines = tuple(dict.fromkeys(finding.headline for finding in findings))
    places = [_numbers(some) for some in (scenarios, keys, MARKS, headlines)]
    return Matrix(
        scenarios=tuple((name, questions.get(name, "")) for name in scenarios),
        columns=keys,
        ages=tuple((n, titles.get(n, ""), _made_of(run, n)) for n in oldest_first),
        grades=tuple((str(grade), mark) for grade, mark in MARKS.items()),
        headlines=headlines,
        cells=tuple(
            (
                places[0][finding.cell.scenario],
                places[1][column(finding.cell)],
                places[2][finding.grade],
                places[3][finding.headline],
            )
            for finding in findings
        ),
    )


def _numbers(items: Iterable[object]) -> dict[object, int]:
    return {item: number for number, item in enumerate(items)}


def _made_of(run: Run, name: str) -> str:
    """Return what a toolchain's name stands for: the same for all its tools, or each."""
    own = [record for record in run.toolchains if record.name == name]
    return "; or ".join(dict.fromkeys(map(_basis, own)))


def _basis(record: ToolchainRecord) -> str:
    versions = (
        f"{what} {version}"
        for what, version in record.principal.items()
        if what not in record.tools
    )
    return ", ".join((f"Python {record.python}", *versions))
