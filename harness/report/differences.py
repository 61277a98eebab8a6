"""Known differences as the report tells them: new ones, closed ones, and the rest."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.judgement.known import Differences, Met
from harness.judgement.wording import count
from harness.model.cell import Cell
from harness.model.verdict import Finding
from harness.report.claiming import cited
from harness.report.columns import story
from harness.report.surprises import Remark


class KnownPart(msgspec.Struct, frozen=True):
    """A known difference with the cells that show it, and those that no longer do."""

    id: str
    reason: str
    reference: str
    versions: dict[str, str]
    seen: tuple[str, ...]
    closed: tuple[str, ...]


class DifferencesPart(msgspec.Struct, frozen=True):
    """What the report says of known differences; `sentence` counts them."""

    sentence: str
    changed: bool
    new: tuple[Remark, ...]
    known: tuple[KnownPart, ...]


def differences_part(found: Differences) -> DifferencesPart:
    """Return known differences as the report tells them."""
    return DifferencesPart(
        sentence=_counted(found),
        changed=found.changed,
        new=tuple(_new(found.new)),
        known=tuple(map(_known, found.met)),
    )


def _counted(found: Differences) -> str:
    as_known = sum(not one.closed for one in found.met)
    closed = sum(bool(one.closed) for one in found.met)
    said = [
        f"{count(as_known, 'difference')} as known",
        f"{closed} closed in {_cells(c for one in found.met for c in one.closed)}",
        f"new ones in {_cells(f.cell for f in found.new)}",
    ]
    kept = (True, closed, found.new)
    return ", ".join(text for text, there in zip(said, kept, strict=True) if there)


def _cells(cells: Iterable[Cell]) -> str:
    return count(len(set(cells)), "cell")


def _known(met: Met) -> KnownPart:
    known = met.known
    return KnownPart(
        id=known.id,
        reason=known.reason,
        reference=known.reference,
        versions=known.versions,
        seen=_patterns(met.seen),
        closed=_patterns(met.closed),
    )


def _new(findings: tuple[Finding, ...]) -> Iterable[Remark]:
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        first = next(iter(finding.reasons), "")
        key = (finding.cell.scenario, finding.headline, first)
        alike.setdefault(key, []).append(finding)
    for (scenario, headline, first), same in alike.items():
        candidates = dict.fromkeys(finding.cell.candidate for finding in same)
        text = f"{story(scenario)}: {headline}. {first}".strip()
        cells = _patterns(tuple(finding.cell for finding in same))
        yield Remark(text, cells, about=", ".join(candidates))


def _patterns(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(pattern for own in cited(cells).values() for pattern in own)
