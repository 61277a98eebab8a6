"""The simulation held against the races that were really run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model.verdict import Finding, Race
from harness.queueing.model import Fate, Load, Team
from harness.queueing.profile import plain_races, profile
from harness.queueing.result import Check
from harness.queueing.simulation import Chance, simulate

AS_IN_A_RACE = Team(
    review_least=0.0, review_mean=0.0, redo=0.0, gate_run=0.0, keeps_turn=True
)
"""Nobody waits for anybody, and a loser is redone before the next has its turn."""


def checks(findings: Iterable[Finding]) -> tuple[Check, ...]:
    """Return a column's races beside what the smallest of them makes expected."""
    races = plain_races(findings)
    if not races:
        return ()
    measured = profile([races[0][0]])
    return tuple(
        Check(measured.title, race.authors, what, simulated, observed, finding.cell.id)
        for finding, race in races
        for what, simulated, observed in _numbers(race, measured.fates)
    )


def _numbers(race: Race, fates: tuple[Fate, ...]) -> Iterator[tuple[str, int, int]]:
    tally = simulate(fates, AS_IN_A_RACE, Load(race.authors), Chance(0, 0))
    costs = [loser.cost for loser in race.losers if loser.cost is not None]
    merging = [loser for loser in race.losers if loser.merges]
    stopped = [loser for loser in merging if loser.watched.stopped]
    harmed = [o for o in merging if not o.watched.stopped and o.watched.harm]
    yield "stopped by git", tally.git_conflicts, len(race.losers) - len(merging)
    yield "stopped by a check", tally.gate_failures, len(stopped)
    yield "missed", tally.missed, len(harmed)
    yield "files changed", tally.files, sum(cost.files for cost in costs)
    yield "commands", tally.commands, sum(cost.commands for cost in costs)
