"""A family's part of the report: its table, then each scenario in full."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.wording import cost_in_words
from harness.model.run import Run, ScenarioRecord
from harness.model.scenario import Family
from harness.model.verdict import Finding
from harness.report.answers import QUESTIONS
from harness.report.columns import Column, column, columns, family
from harness.report.phrases import MARKS, seconds
from harness.report.tables import Table, joint
from harness.report.times import times


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
    outcomes: tuple[Outcome, ...]


class FamilyPart(msgspec.Struct, frozen=True):
    """Everything that the report says of a family."""

    name: str
    question: str
    table: Table
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
    scenarios = [scenario for scenario in run.scenarios if scenario.family == name]
    rows = [(s.id.split("/")[1].replace("_", " "), _row(s, own)) for s in scenarios]
    return FamilyPart(
        name=name,
        question=question,
        table=times(own) if name == Family.SPEED else joint("scenario", rows),
        scenarios=tuple(Told(s, _outcomes(_of(s, own))) for s in scenarios),
    )


def _of(
    scenario: ScenarioRecord, findings: tuple[Finding, ...]
) -> dict[Column, Finding]:
    return {column(f.cell): f for f in findings if f.cell.scenario == scenario.id}


def _row(scenario: ScenarioRecord, findings: tuple[Finding, ...]) -> dict[Column, str]:
    own = _of(scenario, findings)
    return {
        key: f"{MARKS[own[key].grade]} {own[key].headline}" if key in own else ""
        for key in columns(findings)
    }


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
