"""What each step of the work could do without."""

from __future__ import annotations

from harness.model.evidence import Evidence, Observation, OutcomeKind
from harness.model.steps import (
    Author,
    CompareModels,
    Current,
    Downgrade,
    GenerateSql,
    ListHeads,
    ListHistory,
    Propose,
    ShowScripts,
    Stamp,
    Upgrade,
)
from harness.model.verdict import Offline

ACTIVITIES = {
    Author: "author a migration",
    ListHistory: "list the history",
    ListHeads: "list the heads",
    GenerateSql: "write the upgrade as SQL",
    ShowScripts: "show the Python of an upgrade",
    Upgrade: "upgrade a database",
    Downgrade: "downgrade a database",
    Stamp: "stamp a database",
    Current: "ask where a database stands",
    CompareModels: "compare a database with the models",
    Propose: "have a migration written from the models",
}


def attempts(evidence: Evidence) -> tuple[Offline, ...]:
    """Return one entry for every activity that was tried, with what was missing."""
    return tuple(
        _tried(observation)
        for observation in evidence.observations
        if type(observation.step) in ACTIVITIES
        and observation.outcome.kind is not OutcomeKind.UNSUPPORTED
    )


def _tried(observation: Observation) -> Offline:
    commands = observation.commands
    enforced = {c.network for c in commands if c.network != "open"}
    return Offline(
        activity=ACTIVITIES[type(observation.step)],
        without=getattr(observation.step, "without", ()),
        kind=observation.outcome.kind,
        fault=observation.outcome.fault,
        words=observation.outcome.words,
        network=", ".join(sorted(enforced)) or "open",
        attempts=tuple(
            dict.fromkeys(f"{a.kind} {a.target}" for c in commands for a in c.attempts)
        ),
    )
