"""What a reader should not miss: silent harm, differences, and what was not shown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.evidence import Fault
from harness.model.run import Run
from harness.model.verdict import Finding, Grade
from harness.report.columns import Column, column
from harness.report.phrases import code, listed


class Remark(msgspec.Struct, frozen=True):
    """One thing worth a reader's attention, and the cells it rests on."""

    text: str
    cells: tuple[str, ...]


def surprises(findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Return where something went wrong without anybody being told, or told wrongly."""
    findings = tuple(findings)
    return (*_silent(findings), *_between_toolchains(findings), *_unread(findings))


def not_shown(run: Run, findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Return what the run does not show, with the reasons."""
    unshown: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        if finding.grade in {Grade.UNKNOWN, Grade.UNSUPPORTED}:
            reason = "; ".join(finding.reasons) or finding.headline
            unshown.setdefault((finding.headline, reason), []).append(finding.cell.id)
    absent = (
        Remark(f"{a.subject} is not available, because {a.reason}. {a.remedy}", ())
        for a in run.absences
    )
    return (
        *absent,
        *(
            Remark(f"{headline}: {reason}", tuple(cells))
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
        text = f"**{who}**, {scenario.replace('_', ' ')}: {headline}. {'; '.join(harm)}"
        yield Remark(text, tuple(finding.cell.id for finding in same))


def _between_toolchains(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    """Yield where the same candidate comes out differently on another toolchain."""
    seen: dict[tuple[str, str, str], dict[Column, Finding]] = {}
    for finding in findings:
        if finding.timings:
            continue
        cell = finding.cell
        key = (cell.scenario, cell.candidate, cell.backend)
        seen.setdefault(key, {})[column(cell)] = finding
    for (scenario, candidate, _), by_column in seen.items():
        headlines = {finding.headline for finding in by_column.values()}
        if len(headlines) > 1:
            said = listed(f"{k.toolchain}: {f.headline}" for k, f in by_column.items())
            text = f"**{candidate}**, {scenario.replace('_', ' ')}, depends on: {said}"
            yield Remark(text, tuple(f.cell.id for f in by_column.values()))


def _unread(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    """Yield words of a tool that no rule could read."""
    words: dict[str, list[str]] = {}
    for finding in findings:
        for watched in finding.watched:
            for notice in watched.notices:
                if notice.fault is Fault.UNKNOWN:
                    words.setdefault(notice.words, []).append(finding.cell.id)
    for said, cells in words.items():
        yield Remark(f"no rule reads {code(said)}", tuple(dict.fromkeys(cells)))
