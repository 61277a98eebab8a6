"""Whether two timers agree: within the bounds, beside them, or apart."""

from __future__ import annotations

import msgspec
import pytest

from harness.judgement.by_hand import Accord, agreements
from harness.model.evidence import Evidence
from tests.timed import around, timed


def by_hand(candidate: str, seconds: float, *rounds: float) -> Evidence:
    """Return timings, with what another timer said in each round."""
    stored = timed(candidate, around(seconds, len(candidate)))
    (observation,) = stored.observations
    sampling = msgspec.structs.replace(
        observation.sampling, by_hand=tuple((one, one) for one in rounds)
    )
    there = msgspec.structs.replace(observation, sampling=sampling)
    return msgspec.structs.replace(stored, observations=(there,))


@pytest.mark.parametrize(
    ("ratio", "accord"),
    [(1.5, Accord.WITHIN), (1.47, Accord.OVERLAPPING), (1.2, Accord.APART)],
)
def test_a_ratio_by_hand_is_held_against_the_bounds(
    ratio: float, accord: Accord
) -> None:
    """The report says that one takes half as long again as two."""
    varied = [1.0 + n / 100 for n in (-4, -3, -1, 0, 0, 1, 3, 4)]

    (found,) = agreements(
        [
            by_hand("one", 1.5, *(ratio * v for v in varied)),
            by_hand("two ", 1.0, *reversed(varied)),
        ]
    )

    assert accord is found.accord
    assert 8 == found.rounds
    assert found.low <= found.ratio <= found.high


def test_too_few_rounds_are_no_agreement() -> None:
    """Nothing could be bounded; and without any, nothing was timed by hand."""
    few = [by_hand("one", 1.5, 1.5, 1.5), by_hand("two", 1.0, 1.0, 1.0)]

    assert () == agreements(few)
    assert () == agreements([by_hand("one", 1.5), by_hand("two", 1.0)])
