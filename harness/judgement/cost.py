"""What it takes to mend a branch that lost its place."""

from __future__ import annotations

from harness.model.evidence import Evidence, Observation
from harness.model.steps import Redo
from harness.model.verdict import Cost


def costs(evidence: Evidence) -> tuple[Cost, ...]:
    """Return the cost of every branch that was mended, in the story's order."""
    return tuple(
        cost_of(observation.step.branch, observation)
        for observation in evidence.observations
        if isinstance(observation.step, Redo) and observation.outcome.kind.went_through
    )


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
