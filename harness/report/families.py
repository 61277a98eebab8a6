"""A family's part of the report: its table, then each scenario in full."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.wording import cost_in_words, count
from harness.model.run import Run, ScenarioRecord
from harness.model.verdict import Finding
from harness.report.answers import QUESTIONS
from harness.report.columns import Column, column, family, story
from harness.report.phrases import MARKS, listed
from harness.report.tables import Table, by_candidate
from harness.report.where import cell_pattern, words


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
    name: str
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
    stories = [(s, _of(s, own)) for s in run.scenarios if s.family == name]
    everywhere = tuple(dict.fromkeys(finding.cell.backend for finding in findings))
    rows = [(_label(s, found, everywhere), _row(found)) for s, found in stories]
    return FamilyPart(
        name=name,
        question=question,
        table=by_candidate("story", rows),
        scenarios=tuple(Told(s, story(s.id), _outcomes(f)) for s, f in stories),
    )


def _of(
    scenario: ScenarioRecord, findings: tuple[Finding, ...]
) -> dict[Column, Finding]:
    return {column(f.cell): f for f in findings if f.cell.scenario == scenario.id}


def _label(
    scenario: ScenarioRecord, found: dict[Column, Finding], everywhere: tuple[str, ...]
) -> str:
    """Name a story, and its databases if it did not run on all of them."""
    there = {key.backend for key in found}
    if not there or there == set(everywhere):
        return story(scenario.id)
    only = listed(name for name in everywhere if name in there)
    return f"{story(scenario.id)} ({only} only)"


def _row(found: dict[Column, Finding]) -> dict[Column, str]:
    return {key: f"{MARKS[f.grade]} {f.headline}" for key, f in found.items()}


def _outcomes(findings: dict[Column, Finding]) -> tuple[Outcome, ...]:
    alike: dict[tuple[object, ...], dict[Column, Finding]] = {}
    for key, finding in findings.items():
        same = (finding.headline, finding.reasons, _details(finding))
        alike.setdefault(same, {})[key] = finding
    return tuple(_outcome(group, findings) for group in alike.values())


def _outcome(group: dict[Column, Finding], all_of: dict[Column, Finding]) -> Outcome:
    finding = next(iter(group.values()))
    return Outcome(
        titles=_titles(tuple(group), tuple(all_of)),
        mark=MARKS[finding.grade],
        headline=finding.headline,
        reasons=finding.reasons,
        details=_details(finding),
        cells=cell_pattern(finding.cell.scenario, group),
    )


def _titles(some: tuple[Column, ...], all_of: tuple[Column, ...]) -> tuple[str, ...]:
    """Name each candidate, and where it came out so unless that is everywhere."""
    titles = []
    for candidate in dict.fromkeys(key.candidate for key in some):
        own = [key for key in some if key.candidate == candidate]
        everywhere = [key for key in all_of if key.candidate == candidate]
        place = f" ({words(own, everywhere)})" if own != everywhere else ""
        titles.append(f"{candidate}{place}")
    return tuple(titles)


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
            if len(set(map(cost_in_words, finding.costs))) > 1
        ),
        *_offline_details(finding),
        *_timed_details(finding),
    )


def _timed_details(finding: Finding) -> tuple[str, ...]:
    found = finding.timed
    if found is None:
        return ()
    wall, cpu = found.wall, found.cpu
    return (
        f"{found.samples} samples of {count(found.commands, 'command')}: from "
        f"{wall.lowest:.3f} to {wall.highest:.3f} s, {wall.outliers} of them far out; on "
        f"a processor from {cpu.lowest:.3f} to {cpu.highest:.3f} s; peak memory "
        f"{found.memory_mib:.0f} MiB",
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
