"""Many simulated queues, and what they come to on average."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from scipy import stats

from harness.queueing.model import Load, Profile, Team
from harness.queueing.result import Estimate, Point
from harness.queueing.simulation import Chance, Tally, simulate

CONFIDENCE = 0.95
_DAY = 24.0


class Experiment:
    """The same patches for every candidate, drawn anew in each replication."""

    def __init__(self, team: Team, seed: int, replications: int) -> None:
        self._team, self._seed, self._replications = team, seed, replications
        self._done: dict[object, tuple[Tally, ...]] = {}

    def point(self, profile: Profile, load: Load) -> Point:
        """Return what a candidate comes to under a load."""
        tallies = self.tallies(profile, load)

        def per_landed(count: Callable[[Tally], float]) -> Estimate:
            return estimate([count(tally) / tally.landed for tally in tallies])

        return Point(
            candidate=profile.title,
            load=load,
            reviews=per_landed(lambda tally: tally.reviews),
            git_conflicts=per_landed(lambda tally: tally.git_conflicts),
            gate_failures=per_landed(lambda tally: tally.gate_failures),
            broken_mains=per_landed(lambda tally: tally.broken_mains),
            missed=per_landed(lambda tally: tally.missed),
            files=per_landed(lambda tally: tally.files),
            days=per_landed(lambda tally: tally.waited / _DAY),
            left=per_landed(lambda tally: tally.left),
        )

    def tallies(self, profile: Profile, load: Load) -> tuple[Tally, ...]:
        """Return the replications; two candidates of the same losers share theirs."""
        fates = tuple(dict.fromkeys(profile.fates))
        fates = fates if len(fates) == 1 else profile.fates
        key = (fates, load)
        if key not in self._done:
            self._done[key] = tuple(
                simulate(fates, self._team, load, Chance(self._seed, number))
                for number in range(self._replications)
            )
        return self._done[key]


def estimate(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean with its interval by Student's t; of one value, no more than it."""
    number = len(values)
    if len(set(values)) == 1:
        return Estimate(values[0], values[0], values[0])
    mean = math.fsum(values) / number
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (number - 1))
    reach = float(stats.t.ppf((1 + confidence) / 2, number - 1)) * spread
    half = reach / math.sqrt(number)
    return Estimate(mean, mean - half, mean + half)


def points(
    experiment: Experiment, profiles: Iterable[Profile], loads: Iterable[Load]
) -> tuple[Point, ...]:
    """Return a point for every load and candidate, load by load."""
    profiles = tuple(profiles)
    return tuple(experiment.point(p, load) for load in loads for p in profiles)
