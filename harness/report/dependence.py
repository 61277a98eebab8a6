"""What depends on the database, and what on the toolchain."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from harness.model.verdict import Finding, Grade
from harness.report.columns import Column, column, story
from harness.report.phrases import MARKS, listed
from harness.report.where import cell_pattern


class Dependence(msgspec.Struct, frozen=True):
    """A story that comes out differently; `outcomes` pairs a place with a verdict."""

    candidates: tuple[str, ...]
    story: str
    outcomes: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


def on_backends(findings: Iterable[Finding]) -> tuple[Dependence, ...]:
    """Return where the same candidate and toolchain differ between databases."""
    return _between(findings, lambda c: c.toolchain, lambda c: c.backend)


def on_toolchains(
    findings: Iterable[Finding], oldest_first: tuple[str, ...]
) -> tuple[Dependence, ...]:
    """Return where the same candidate and database differ between toolchains.

    What was then is told before what is now.
    """
    age = {name: place for place, name in enumerate(oldest_first)}
    findings = sorted(findings, key=lambda f: age.get(f.cell.toolchain, len(age)))
    return _between(findings, lambda c: c.backend, lambda c: c.toolchain)


_Aspect = Callable[[Column], str]
_Outcomes = tuple[tuple[str, str], ...]


def _between(
    findings: Iterable[Finding], held: _Aspect, varied: _Aspect
) -> tuple[Dependence, ...]:
    groups: dict[tuple[str, _Outcomes], list[Column]] = {}
    for (scenario, _, _), by_column in _grouped(findings, held).items():
        verdicts = {finding.headline for finding in by_column.values()}
        if len(verdicts) > 1:
            outcomes = _outcomes(by_column, varied)
            groups.setdefault((scenario, outcomes), []).extend(by_column)
    return tuple(
        Dependence(
            candidates=tuple(dict.fromkeys(key.candidate for key in own)),
            story=story(scenario),
            outcomes=outcomes,
            cells=cell_pattern(scenario, own),
        )
        for (scenario, outcomes), own in groups.items()
    )


def _grouped(
    findings: Iterable[Finding], held: _Aspect
) -> dict[tuple[str, str, str], dict[Column, Finding]]:
    """Group what can be compared: timings are not, nor what was not shown."""
    seen: dict[tuple[str, str, str], dict[Column, Finding]] = {}
    for finding in findings:
        if finding.timed or finding.grade is Grade.UNKNOWN:
            continue
        key = column(finding.cell)
        group = (finding.cell.scenario, key.candidate, held(key))
        seen.setdefault(group, {})[key] = finding
    return seen


def _outcomes(by_column: dict[Column, Finding], varied: _Aspect) -> _Outcomes:
    places: dict[str, list[str]] = {}
    for key, finding in by_column.items():
        verdict = f"{MARKS[finding.grade]} {finding.headline}"
        places.setdefault(verdict, []).append(varied(key))
    return tuple((listed(names), verdict) for verdict, names in places.items())
