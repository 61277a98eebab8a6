"""The report's values: all that it says, frozen and without any markup.

Whoever renders them, as markdown or otherwise, works nothing out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from harness.claims import Claimed
from harness.judgement.known import differences
from harness.judgement.speed import matches
from harness.model.evidence import Evidence
from harness.model.run import Run, ToolchainRecord
from harness.model.verdict import Finding
from harness.report.anatomy import AnatomyPart, anatomy_part
from harness.report.answers import Answered, answers
from harness.report.claiming import ClaimPart, claim_parts
from harness.report.dependence import Dependence, on_backends, on_toolchains
from harness.report.differences import DifferencesPart, differences_part
from harness.report.families import FamilyPart, families
from harness.report.glossary import GLOSSARY, Word
from harness.report.overview import Overview, overview
from harness.report.speed import SpeedPart, speed_part
from harness.report.surprises import Remark, Surprise, not_shown, surprises
from harness.report.trust import Shares, limitations, shares


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the report says of a run, in the order in which it says it.

    `differences` is None if nobody asked for known ones. `toolchains` are named from the
    oldest to the newest.
    """

    run: Run
    overview: Overview
    answers: tuple[Answered, ...]
    claims: tuple[ClaimPart, ...]
    families: tuple[FamilyPart, ...]
    on_backends: tuple[Dependence, ...]
    on_toolchains: tuple[Dependence, ...]
    backends: tuple[str, ...]
    toolchains: tuple[str, ...]
    surprises: tuple[Surprise, ...]
    differences: DifferencesPart | None
    not_shown: tuple[Remark, ...]
    shares: Shares
    limitations: tuple[str, ...]
    help: tuple[tuple[str, str], ...]
    speed: SpeedPart | None = None
    words: tuple[Word, ...] = GLOSSARY
    anatomy: AnatomyPart | None = None


def report_of(
    run: Run,
    evidence: Iterable[Evidence],
    findings: Iterable[Finding],
    claimed: Iterable[Claimed],
) -> Report:
    """Return what a run's evidence carries.

    `findings` are what was concluded from it, and `claimed` what claims come to.
    """
    claimed = tuple(claimed)
    eras = tuple(answer.era for one in claimed[:1] for answer in one.answers)
    evidence, findings = tuple(evidence), tuple(findings)
    toolchains = _oldest_first(run)
    spent = shares(evidence)
    timed = matches(evidence)
    return Report(
        run=run,
        overview=overview(findings, eras, timed),
        answers=answers(findings),
        claims=claim_parts(claimed),
        families=families(run, findings),
        on_backends=on_backends(findings),
        on_toolchains=on_toolchains(findings, toolchains),
        backends=tuple(dict.fromkeys(finding.cell.backend for finding in findings)),
        toolchains=toolchains,
        surprises=surprises(findings),
        differences=_differences(run, findings),
        not_shown=not_shown(run, findings),
        shares=spent,
        limitations=limitations(run, spent),
        help=tuple(
            sorted({(e.cell.candidate, said) for e in evidence for said in e.help})
        ),
        speed=speed_part(timed),
        anatomy=anatomy_part(evidence),
    )


def _differences(run: Run, findings: tuple[Finding, ...]) -> DifferencesPart | None:
    if run.known is None:
        return None
    return differences_part(differences(run.known, findings))


def _oldest_first(run: Run) -> tuple[str, ...]:
    """Return the toolchains of a run by their Python, then by their SQLAlchemy."""

    def age(record: ToolchainRecord) -> tuple[tuple[int, ...], ...]:
        lower = {name.lower(): v for name, v in record.principal.items()}
        versions = (record.python, lower.get("sqlalchemy", ""))
        return tuple(tuple(map(int, re.findall(r"\d+", v))) for v in versions)

    records = sorted(run.toolchains, key=age)
    return tuple(dict.fromkeys(record.name for record in records))
