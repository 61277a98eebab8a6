"""Every claim, answered for every era from what is stored, and nothing said uncited."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.claims.claim import (
    Answer,
    Claim,
    Era,
    Matrix,
    View,
    Weighed,
    not_shown,
)
from harness.judgement.wording import listed
from harness.model.cell import Cell
from harness.model.run import Run
from harness.model.verdict import Finding, Grade

_FEW = 3
_UNSHOWN = {
    Grade.UNKNOWN: "are not established",
    Grade.UNSUPPORTED: "cannot be expressed",
}


class ClaimError(ValueError):
    """A claim's function says something that it does not rest on anything."""


class Said(msgspec.Struct, frozen=True):
    """An answer and where it holds; `place` is empty if that is everywhere."""

    place: str
    answer: Answer


class EraAnswer(msgspec.Struct, frozen=True):
    """What a claim comes to in one era, over its backends and toolchains."""

    era: Era
    weighed: Weighed
    said: tuple[Said, ...]


class Claimed(msgspec.Struct, frozen=True):
    """A claim with its answers, an era each."""

    id: str
    sentence: str
    why: str
    answers: tuple[EraAnswer, ...]


class Stored(msgspec.Struct, frozen=True):
    """All that claims are answered from."""

    run: Run
    findings: tuple[Finding, ...]
    matrix: Matrix | None = None


def answered(
    claims: Iterable[Claim], eras: Iterable[Era], stored: Stored
) -> tuple[Claimed, ...]:
    """Return every claim with its answer for every era."""
    eras = tuple(eras)
    return tuple(
        Claimed(
            claim.id,
            claim.sentence,
            claim.why,
            tuple(_in_era(claim, era, stored) for era in eras),
        )
        for claim in claims
    )


def _in_era(claim: Claim, era: Era, stored: Stored) -> EraAnswer:
    if claim.decide is None:
        return _unanimous(era, not_shown(claim.missing))
    if not claim.needs:
        return _unanimous(era, _answer(claim, _records_only(era, stored)))
    places = _places(claim, era, stored)
    if not places:
        return _unanimous(era, not_shown(_absent(era, stored.run)))
    answers = {place: _answer(claim, view) for place, view in places.items()}
    shown = {p: a for p, a in answers.items() if a.weighed is not Weighed.NOT_SHOWN}
    return EraAnswer(era, _overall(shown), _grouped(answers))


def _unanimous(era: Era, answer: Answer) -> EraAnswer:
    return EraAnswer(era, answer.weighed, (Said("", answer),))


def _records_only(era: Era, stored: Stored) -> View:
    return View(era=era, backend="", findings={}, run=stored.run, matrix=stored.matrix)


def _places(claim: Claim, era: Era, stored: Stored) -> dict[tuple[str, str], View]:
    """Return what there is to see, by toolchain and backend."""
    found: dict[tuple[str, str], View] = {}
    backends = dict.fromkeys(f.cell.backend for f in stored.findings)
    for toolchain in filter(None, (era.toolchain, era.newer)):
        for backend in claim.backends or backends:
            seen = _seen(stored.findings, (era.toolchain, toolchain), backend)
            if any(f.cell.toolchain == toolchain for f in seen.values()):
                found[toolchain, backend] = View(
                    era=era,
                    backend=backend,
                    findings=seen,
                    run=stored.run,
                    matrix=stored.matrix,
                )
    return found


def _seen(
    findings: Iterable[Finding], toolchains: tuple[str, ...], backend: str
) -> dict[tuple[str, str], Finding]:
    """Return the findings by candidate and story; the last of the toolchains counts."""
    own = [f for f in findings if f.cell.backend == backend]
    return {
        (f.cell.candidate, f.cell.scenario): f
        for toolchain in toolchains
        for f in own
        if f.cell.toolchain == toolchain
    }


def _answer(claim: Claim, view: View) -> Answer:
    missing = _missing(claim, view)
    if missing:
        return not_shown(missing)
    assert claim.decide is not None  # noqa: S101
    return _checked(claim, claim.decide(view), view)


def _missing(claim: Claim, view: View) -> str:
    """Say what the claim needs and the run does not have, with the stories."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for need in claim.needs:
        for scenario in need.scenarios:
            found = view.findings.get((need.candidate, scenario))
            if found is None or found.grade in _UNSHOWN:
                lacking = _UNSHOWN[found.grade] if found else "were not run"
                why = "".join(
                    f": {reason}" for reason in (found.reasons if found else ())
                )
                key = (f"{lacking} with {need.candidate}", why)
                reasons.setdefault(key, []).append(scenario)
    said = (f"{lack} ({_named(names)}){why}" for (lack, why), names in reasons.items())
    return "; ".join(f"it needs stories that {one}" for one in said)


def _named(stories: list[str]) -> str:
    """Name stories; of many the first ones."""
    rest = len(stories) - _FEW
    more = [f"{rest} more"] if rest > 0 else []
    return listed([*stories[:_FEW], *more])


def _checked(claim: Claim, answer: Answer, view: View) -> Answer:
    """Return an answer that says what it rests on, and rests on what it was shown."""
    if answer.weighed is Weighed.NOT_SHOWN:
        return answer
    seen = {finding.cell for finding in view.findings.values()}
    needed = {
        view.finding(need.candidate, scenario).cell
        for need in claim.needs
        for scenario in need.scenarios
    }
    problems = (
        (not (answer.cells or answer.records), "rests on nothing"),
        (not seen.issuperset(answer.cells), "cites a cell that it was not shown"),
        (not view.records.issuperset(answer.records), "cites a record not there"),
        (not needed.issubset(answer.cells), "does not cite all that it needs"),
        (
            (answer.weighed is Weighed.MIXED) != bool(answer.condition),
            "needs a condition",
        ),
    )
    for wrong, message in problems:
        if wrong:
            complaint = f"claim {claim.id}: an answer {message}"
            raise ClaimError(complaint)
    cells: tuple[Cell, ...] = tuple(dict.fromkeys(answer.cells))
    return msgspec.structs.replace(answer, cells=cells)


def _overall(shown: dict[tuple[str, str], Answer]) -> Weighed:
    """Return what all places say alike; if they do not, it depends on the place."""
    kinds = {answer.weighed for answer in shown.values()}
    if not kinds:
        return Weighed.NOT_SHOWN
    return kinds.pop() if len(kinds) == 1 else Weighed.MIXED


def _grouped(answers: dict[tuple[str, str], Answer]) -> tuple[Said, ...]:
    """Say alike answers once, with where they hold unless that is everywhere."""
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for place, answer in answers.items():
        key = (answer.weighed, answer.sentence, answer.condition)
        groups.setdefault(key, []).append(place)
    everywhere = len(groups) == 1
    return tuple(
        Said("" if everywhere else _where(own), _united([answers[p] for p in own]))
        for own in groups.values()
    )


def _united(alike: list[Answer]) -> Answer:
    return msgspec.structs.replace(
        alike[0],
        cells=tuple(dict.fromkeys(cell for one in alike for cell in one.cells)),
        records=tuple(dict.fromkeys(name for one in alike for name in one.records)),
    )


def _where(places: list[tuple[str, str]]) -> str:
    by_toolchain: dict[str, list[str]] = {}
    for toolchain, backend in places:
        by_toolchain.setdefault(toolchain, []).append(backend)
    alike: dict[str, list[str]] = {}
    for toolchain, backends in by_toolchain.items():
        alike.setdefault(listed(backends), []).append(toolchain)
    return "; ".join(f"{listed(names)} with {own}" for own, names in alike.items())


def _absent(era: Era, run: Run) -> str:
    """Say why there is no cell of an era."""
    told = (a for a in run.absences if era.toolchain in a.subject.split())
    why = next((f": {a.reason}" for a in told), "")
    return f"nothing was run on the toolchain {era.toolchain}{why}"
