"""What a reader should not miss: silent harm, false alarms, and what was not shown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.guarding import is_clean
from harness.model.evidence import Fault
from harness.model.run import Run
from harness.model.verdict import Finding, Grade
from harness.report.columns import Column, column, story
from harness.report.phrases import listed
from harness.report.where import cell_pattern, words


class Remark(msgspec.Struct, frozen=True):
    """One thing worth a reader's attention, and the cells it rests on.

    `about` names the candidates, `quoted` is a tool's own words.
    """

    text: str
    cells: tuple[str, ...]
    about: str = ""
    quoted: str = ""


class Surprise(msgspec.Struct, frozen=True):
    """Something that a story does not ask for, with the stories in which it is so.

    `counts` says how often, a candidate after the other.
    """

    title: str
    counts: str
    remarks: tuple[Remark, ...]


_SILENT = "It went through without an error, and the database is not as expected"
_FALSE = "A complaint where nothing is wrong"
_LEFT = "It failed, and left the database changed"
_ENDED = "It ends badly in another way"
_ORDER = (_SILENT, _FALSE, _LEFT, _ENDED)
_IN_HEADLINE = {
    "exit code 0": _SILENT,
    "goes through": _SILENT,
    "half-way": _LEFT,
    "leaves": _LEFT,
    "are gone": _LEFT,
    "changes done": _LEFT,
    "neither as before nor as after": _LEFT,
}
_UNREAD = "Words that no rule could read"


def surprises(findings: Iterable[Finding]) -> tuple[Surprise, ...]:
    """Return what went wrong without anybody being told, or was told wrongly, by kind."""
    findings = tuple(findings)
    by_kind: dict[str, list[Finding]] = {kind: [] for kind in _ORDER}
    for finding in findings:
        if finding.grade is Grade.BAD:
            by_kind[_kind(finding)].append(finding)
    found = [
        Surprise(kind, _counts(own), tuple(_stories(own, findings)))
        for kind, own in by_kind.items()
        if own
    ]
    unread = tuple(_unread(findings))
    if unread:
        found.append(Surprise(_UNREAD, "", unread))
    return tuple(found)


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


def _kind(finding: Finding) -> str:
    if any(is_clean(watched) and watched.first for watched in finding.watched):
        return _FALSE
    if any(watched.harm for watched in finding.watched):
        return _SILENT
    kinds = (kind for words, kind in _IN_HEADLINE.items() if words in finding.headline)
    return next(kinds, _ENDED)


def _counts(findings: Iterable[Finding]) -> str:
    """Say in how many stories, a candidate after the other."""
    stories: dict[str, set[str]] = {}
    for finding in findings:
        stories.setdefault(finding.cell.candidate, set()).add(finding.cell.scenario)
    return listed(f"{name} {len(found)}" for name, found in stories.items())


def _stories(
    findings: list[Finding], everything: tuple[Finding, ...]
) -> Iterable[Remark]:
    """Yield a remark for each story: who, where, and the first reason.

    What is so for few candidates comes first: it tells them apart.
    """
    ran: dict[str, list[Column]] = {}
    for finding in everything:
        ran.setdefault(finding.cell.scenario, []).append(column(finding.cell))
    by_story: dict[str, list[Finding]] = {}
    for finding in findings:
        by_story.setdefault(finding.cell.scenario, []).append(finding)
    fewest_first = sorted(
        by_story.items(), key=lambda item: len({f.cell.candidate for f in item[1]})
    )
    for scenario, same in fewest_first:
        own = [column(finding.cell) for finding in same]
        yield Remark(
            text=f"{story(scenario)}: {_first_reason(same[0])}",
            cells=cell_pattern(scenario, own),
            about=_who(own, ran[scenario]),
        )


def _first_reason(finding: Finding) -> str:
    harm = [sentence for watched in finding.watched for sentence in watched.harm]
    reasons = [*harm, *finding.reasons]
    more = f" (and {len(reasons) - 1} more)" if len(harm) > 1 else ""
    return f"{reasons[0]}{more}" if reasons else finding.headline


def _who(own: list[Column], everywhere: list[Column]) -> str:
    """Name the candidates, and where it is so for them unless that is everywhere."""
    alike: dict[str, list[str]] = {}
    for candidate in dict.fromkeys(key.candidate for key in own):
        some = [key for key in own if key.candidate == candidate]
        ran = [key for key in everywhere if key.candidate == candidate]
        alike.setdefault(words(some, ran), []).append(candidate)
    return "; ".join(
        listed(names) + ("" if place == "everywhere" else f" ({place})")
        for place, names in alike.items()
    )


def _unread(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    """Yield words of a tool that no rule could read."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        for watched in finding.watched:
            for notice in watched.notices:
                if notice.fault is Fault.UNKNOWN:
                    said.setdefault(notice.words, []).append(finding.cell.id)
    for quoted, cells in said.items():
        yield Remark("no rule reads", tuple(dict.fromkeys(cells)), quoted=quoted)
