"""Findings made by hand, and what a claim answers to them."""

from __future__ import annotations

from collections.abc import Iterable

from harness.claims import Claim, EraAnswer, Stored, Weighed, answered
from harness.claims.claim import Era, Matrix
from harness.model.cell import Cell
from harness.model.evidence import Fault, OutcomeKind
from harness.model.run import Machine, Run, RunStatus, StartupRecord
from harness.model.verdict import (
    Cost,
    Finding,
    Grade,
    Loser,
    Notice,
    Race,
    Stage,
    Watched,
)

NOW = Era(name="now", title="today", toolchain="common", newer="newest")
THEN = Era(name="then", title="2013", toolchain="icehouse", until="2013-11-30")


def told(
    scenario: str,
    candidate: str,
    grade: Grade = Grade.GOOD,
    place: str = "common:sqlite",
    **fields: object,
) -> Finding:
    """Return a finding; `place` is a toolchain and a backend."""
    cell = Cell(scenario, candidate, *place.split(":"))
    made = {"headline": "as it is", **fields}
    return Finding(cell=cell, grade=grade, **made)


def watched(stage: Stage | None, *harm: str, **fields: object) -> Watched:
    """Return a fault that is stopped at a stage, or at none."""
    notices = (
        (Notice(stage, OutcomeKind.REFUSED, Fault.SEVERAL_HEADS, "no", 1),)
        if stage
        else ()
    )
    return Watched("a fault", notices, (), harm, **fields)


def cost(**counts: int) -> Cost:
    """Return a cost; what is not named is nothing."""
    names = ("edited", "renamed", "added", "deleted")
    more = ("lines_added", "lines_deleted", "commands")
    return Cost("loser", **{name: counts.get(name, 0) for name in (*names, *more)})


def race(authors: int, changed: int, stage: Stage | None = Stage.LOAD) -> Race:
    """Return a race of so many authors, of which so many losers had to change."""
    losers = tuple(
        Loser(
            f"b{n}",
            watched(stage),
            merges=True,
            cost=cost(renamed=1) if n < changed else cost(),
        )
        for n in range(authors - 1)
    )
    return Race(losers, converged=True)


def a_run(*startups: StartupRecord) -> Run:
    """Return the record of a run."""
    return Run(
        version="0",
        command=("migration-compare", "run"),
        started="2026-01-01T00:00:00+00:00",
        status=RunStatus.COMPLETE,
        seed=0,
        mode="forked",
        jobs=1,
        cells=(),
        absences=(),
        scenarios=(),
        candidates=(),
        decisions=(),
        startups=startups,
        toolchains=(),
        machine=Machine("s", "p", 1, 1, "3", "2", {}, "tmpfs"),
    )


def weigh(
    claim: Claim,
    findings: Iterable[Finding] = (),
    era: Era = NOW,
    run: Run | None = None,
    matrix: Matrix | None = None,
) -> EraAnswer:
    """Return what a claim comes to in an era."""
    stored = Stored(run or a_run(), tuple(findings), matrix)
    (claimed,) = answered([claim], [era], stored)
    (answer,) = claimed.answers
    for said in answer.said:
        shown = said.answer.weighed is not Weighed.NOT_SHOWN
        assert bool(said.answer.cells or said.answer.records) is shown
    return answer


def verdict(
    claim: Claim,
    findings: Iterable[Finding] = (),
    era: Era = NOW,
    run: Run | None = None,
    matrix: Matrix | None = None,
) -> str:
    """Return a claim's verdict alone."""
    return weigh(claim, findings, era, run, matrix).weighed
