"""What became of several upgraders that ran at once."""

from __future__ import annotations

from harness.judgement.agreement import agreements
from harness.judgement.wording import count
from harness.model.departures import UpgradeTogether
from harness.model.evidence import Command, Evidence
from harness.model.verdict import Grade

Judged = tuple[Grade, str, tuple[str, ...]]


def together(evidence: Evidence) -> Judged | None:
    """Judge the processes that upgraded at once; None if there were none.

    It is right if the work was done once, be it that one of them was turned away.
    """
    for number, observation in enumerate(evidence.observations):
        step = observation.step
        if isinstance(step, UpgradeTogether) and observation.commands:
            commands = observation.commands[-step.processes :]
            return _judged(commands, _wrong(evidence, number, step.database))
    return None


def _wrong(evidence: Evidence, number: int, database: str) -> tuple[str, ...]:
    found = agreements(evidence)
    looked = (a for a in found if a.step > number and a.database == database)
    return next((a.differences for a in looked), ())


def _judged(commands: tuple[Command, ...], wrong: tuple[str, ...]) -> Judged:
    failed = [c.outcome for c in commands if not c.outcome.kind.went_through]
    said = tuple(dict.fromkeys(f"{o.kind} ({o.fault}): {o.words}" for o in failed))
    through = len(commands) - len(failed)
    headline = f"{through} of {count(len(commands), 'upgrader')} with exit code 0"
    if wrong:
        return Grade.BAD, f"{headline}, and the database is wrong", (*wrong, *said)
    if not through:
        return Grade.MIXED, f"{headline}; the database is as expected", said
    return Grade.GOOD, f"{headline}; the database is as expected", said
