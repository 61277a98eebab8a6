"""A family's part of the report: its table, then each scenario in full."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.wording import cost_in_words
from harness.model.run import Run, ScenarioRecord
from harness.model.verdict import Finding
from harness.report.answers import QUESTIONS
from harness.report.columns import Column, column, columns, family
from harness.report.phrases import MARKS, seconds


class Outcome(msgspec.Struct, frozen=True):
    """What several columns came to alike in one scenario."""

    titles: tuple[str, ...]
    mark: str
    headline: str
    reasons: tuple[str, ...]
    details: tuple[str, ...]
    cells: tuple[str, ...]


class Told(msgspec.Struct, frozen=True):
    """A scenario with its outcomes."""

    scenario: ScenarioRecord
    row: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


class FamilyPart(msgspec.Struct, frozen=True):
    """Everything that the report says of a family."""

    name: str
    question: str
    headings: tuple[str, ...]
    scenarios: tuple[Told, ...]


def families(run: Run, findings: Iterable[Finding]) -> tuple[FamilyPart, ...]:
    """Return the parts of the report, one for every family that was run."""
    findings = tuple(findings)
    return tuple(
        _part(run, name, question, findings)
        for name, question in QUESTIONS.items()
        if any(family(finding.cell) == name for finding in findings)
    )


def _part(
    run: Run, name: str, question: str, findings: tuple[Finding, ...]
) -> FamilyPart:
    own = tuple(finding for finding in findings if family(finding.cell) == name)
    headings = columns(own)
    return FamilyPart(
        name=name,
        question=question,
        headings=tuple(heading.title for heading in headings),
        scenarios=tuple(
            _told(scenario, headings, own)
            for scenario in run.scenarios
            if scenario.family == name
        ),
    )


def _told(
    scenario: ScenarioRecord,
    headings: tuple[Column, ...],
    findings: tuple[Finding, ...],
) -> Told:
    own = {column(f.cell): f for f in findings if f.cell.scenario == scenario.id}
    row = tuple(_short(own.get(heading)) for heading in headings)
    return Told(scenario, row, _outcomes(own))


def _short(finding: Finding | None) -> str:
    if finding is None:
        return ""
    return f"{MARKS[finding.grade]} {finding.headline}"


def _outcomes(findings: dict[Column, Finding]) -> tuple[Outcome, ...]:
    alike: dict[tuple[object, ...], list[tuple[Column, Finding]]] = {}
    for key, finding in findings.items():
        same = (finding.headline, finding.reasons, _details(finding))
        alike.setdefault(same, []).append((key, finding))
    return tuple(_outcome(group) for group in alike.values())


def _outcome(group: list[tuple[Column, Finding]]) -> Outcome:
    _, finding = group[0]
    return Outcome(
        titles=tuple(key.title for key, _ in group),
        mark=MARKS[finding.grade],
        headline=finding.headline,
        reasons=finding.reasons,
        details=_details(finding),
        cells=tuple(found.cell.id for _, found in group),
    )


def _details(finding: Finding) -> tuple[str, ...]:
    """Return what a family's reader wants beyond the reasons."""
    return (
        *(
            f"said nothing: {', '.join(dict.fromkeys(watched.let_through))}"
            for watched in finding.watched
            if watched.let_through and len(finding.watched) == 1
        ),
        *(
            f"mending {found.branch}: {cost_in_words(found)}"
            for found in finding.costs
            if len(finding.costs) > 1
        ),
        *_offline_details(finding),
        *(
            f"{timing.verb}: median {seconds(timing.median)} "
            f"({timing.fastest:.3f} to {timing.slowest:.3f} s, n = {timing.rounds}), "
            f"peak memory {timing.memory_mib:.0f} MiB"
            for timing in finding.timings
        ),
    )


def _offline_details(finding: Finding) -> tuple[str, ...]:
    if family(finding.cell) != "offline":
        return ()
    return tuple(
        f"{tried.activity}, without {' and '.join(tried.without) or 'nothing'}: "
        f"{tried.kind}"
        + (f"; network off by {tried.network}" if tried.network != "open" else "")
        + (f"; tried to reach {', '.join(tried.attempts)}" if tried.attempts else "")
        for tried in finding.offline
    )
