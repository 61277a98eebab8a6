"""What each command costs, and how that grows with the history."""

from __future__ import annotations

from harness.model.scenario import Family, Scenario
from harness.model.steps import Grow, Time, Verb


def _history_of(revisions: int, rounds: int) -> Scenario:
    return Scenario(
        name=f"history_of_{revisions}",
        family=Family.SPEED,
        backends=("sqlite",),
        question=f"What do loading and upgrading cost with {revisions} revisions?",
        why="A project adds a hundred migrations a year, and every developer, test run "
        "and deployment goes through them.",
        steps=(
            Grow(revisions),
            Time(Verb.LOAD, rounds),
            Time(Verb.UPGRADE, rounds),
            Time(Verb.NOTHING_TO_DO, rounds),
        ),
    )


START = Scenario(
    name="start",
    family=Family.SPEED,
    backends=("sqlite",),
    question="What does it cost to start the command line and do nothing?",
    why="Every command pays it.",
    steps=(Time(Verb.START, 7),),
)
SHORT = _history_of(10, 5)
MEDIUM = _history_of(100, 5)
LONG = _history_of(1000, 3)
