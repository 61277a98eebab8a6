"""What it takes to mend a branch that lost its place."""

from __future__ import annotations

from harness.model.departures import Backport
from harness.model.evidence import Evidence, Observation
from harness.model.steps import Redo
from harness.model.verdict import Cost


def costs(evidence: Evidence) -> tuple[Cost, ...]:
    """Return the cost of every branch that was mended, in the story's order.

    A migration that was fitted into another branch is one.
    """
    mended = (o for o in evidence.observations if o.outcome.kind.went_through)
    return tuple(
        cost_of(branch, observation)
        for observation in mended
        if (branch := _mended_branch(observation)) is not None
    )


def _mended_branch(observation: Observation) -> str | None:
    match observation.step:
        case Redo(branch):
            return branch
        case Backport(migration, fitted=True):
            return migration
        case _:
            return None


def cost_of(branch: str, observation: Observation) -> Cost:
    """Return the cost of a branch from the step that mended it."""
    changes = observation.changes
    by_status = [change.status for change in changes]
    return Cost(
        branch=branch,
        edited=by_status.count("M"),
        renamed=by_status.count("R"),
        added=by_status.count("A"),
        deleted=by_status.count("D"),
        lines_added=sum(change.added for change in changes),
        lines_deleted=sum(change.deleted for change in changes),
        commands=len(observation.commands),
    )
