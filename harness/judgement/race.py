"""A race of k branches for one place: who had to change, and who noticed when."""

from __future__ import annotations

from harness.judgement.agreement import agreements
from harness.judgement.cost import cost_of
from harness.judgement.noticing import watched
from harness.model.evidence import Evidence, Observation, OutcomeKind
from harness.model.moves import Compete
from harness.model.steps import Author, Land, Redo, Upgrade, Watch
from harness.model.verdict import Cost, Loser, Race


def race(evidence: Evidence) -> Race | None:
    """Return what became of the losers; None if the story is no race, or broke off."""
    steps = [observation.step for observation in evidence.observations]
    branches = next((s.branches for s in steps if isinstance(s, Compete)), ())
    losers = _losers(evidence)
    if len(branches) < 2 or branches[1:] != tuple(one.branch for one in losers):  # noqa: PLR2004
        return None
    with_sql = any(isinstance(step, Author) and step.sql_for for step in steps)
    return Race(losers, _converged(evidence), with_sql)


def _losers(evidence: Evidence) -> tuple[Loser, ...]:
    """Return a loser for each stretch from a `Watch` to the landing of its branch."""
    observations = evidence.observations
    starts = [i for i, o in enumerate(observations) if isinstance(o.step, Watch)]
    found = []
    for noticed, start in zip(watched(evidence), starts, strict=True):
        rest = observations[start + 1 :]
        tried = next((o for o in rest if isinstance(o.step, Land)), None)
        if tried is not None and isinstance(tried.step, Land):
            branch = tried.step.branch
            clean = tried.outcome.kind is not OutcomeKind.CONFLICT
            found.append(Loser(branch, noticed, clean, _cost(branch, rest)))
    return tuple(found)


def _cost(branch: str, rest: tuple[Observation, ...]) -> Cost | None:
    """Return what making a branch land took; None if it did not land."""
    redone = next((o for o in rest if _redoes(o, branch)), None)
    landed = any(
        isinstance(o.step, Land)
        and (o.step.branch, o.step.into) == (branch, "main")
        and o.outcome.kind.went_through
        for o in rest
    )
    if redone is None or not (landed and redone.outcome.kind.went_through):
        return None
    return cost_of(branch, redone)


def _redoes(observation: Observation, branch: str) -> bool:
    return isinstance(observation.step, Redo) and observation.step.branch == branch


def _converged(evidence: Evidence) -> bool:
    """Tell whether all databases were right once the last branch had been redone."""
    numbers = [
        i for i, o in enumerate(evidence.observations) if isinstance(o.step, Redo)
    ]
    after = evidence.observations[numbers[-1] :]
    held = [a for a in agreements(evidence) if a.step > numbers[-1]]
    moved = all(
        o.outcome.kind.went_through for o in after if isinstance(o.step, Upgrade)
    )
    return bool(held) and moved and not any(a.differences for a in held)
