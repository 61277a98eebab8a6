"""What a reader should not miss: silent harm, differences, and what was not shown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.evidence import Fault
from harness.model.run import Run
from harness.model.verdict import Finding, Grade
from harness.report.columns import Column, column, story
from harness.report.phrases import listed
from harness.report.where import cell_pattern


class Remark(msgspec.Struct, frozen=True):
    """One thing worth a reader's attention, and the cells it rests on.

    `about` names the candidates, `quoted` is a tool's own words.
    """

    text: str
    cells: tuple[str, ...]
    about: str = ""
    quoted: str = ""


def surprises(findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Return where something went wrong without anybody being told, or told wrongly."""
    findings = tuple(findings)
    return (*_silent(findings), *_unread(findings))


def not_shown(run: Run, findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Return what the run does not show, with the reasons."""
    unshown: dict[tuple[str, str], dict[str, list[Column]]] = {}
    for finding in findings:
        if finding.grade in {Grade.UNKNOWN, Grade.UNSUPPORTED}:
            reason = "; ".join(finding.reasons) or finding.headline
            by_scenario = unshown.setdefault((finding.headline, reason), {})
            own = by_scenario.setdefault(finding.cell.scenario, [])
            own.append(column(finding.cell))
    absent = (
        Remark(f"{a.subject} is not available, because {a.reason}. {a.remedy}", ())
        for a in run.absences
    )
    return (
        *absent,
        *(
            Remark(
                f"{headline}: {reason}",
                tuple(p for s, own in cells.items() for p in cell_pattern(s, own)),
            )
            for (headline, reason), cells in unshown.items()
        ),
    )


def _silent(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    groups: dict[tuple[str, str, tuple[str, ...]], list[Finding]] = {}
    for finding in findings:
        if finding.grade is Grade.BAD:
            harm = tuple(h for w in finding.watched for h in w.harm) or finding.reasons
            key = (finding.cell.scenario, finding.headline, harm[:3])
            groups.setdefault(key, []).append(finding)
    for (scenario, headline, harm), same in groups.items():
        who = listed(dict.fromkeys(finding.cell.candidate for finding in same))
        text = f"{story(scenario)}: {headline}. {'; '.join(harm)}"
        cells = cell_pattern(scenario, (column(finding.cell) for finding in same))
        yield Remark(text, cells, about=who)


def _unread(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    """Yield words of a tool that no rule could read."""
    words: dict[str, list[str]] = {}
    for finding in findings:
        for watched in finding.watched:
            for notice in watched.notices:
                if notice.fault is Fault.UNKNOWN:
                    words.setdefault(notice.words, []).append(finding.cell.id)
    for said, cells in words.items():
        yield Remark("no rule reads", tuple(dict.fromkeys(cells)), quoted=said)
