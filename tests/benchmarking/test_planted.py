"""Planted differences: who is slowed, and whether what was told of it is right."""

from __future__ import annotations

import pytest

from harness.benchmarking.finding import found
from harness.benchmarking.planted import plant
from harness.execution.registry import discover
from harness.judgement.speed import matches
from tests.timed import around, timed

SLOWED = {"one-slowed-0": 0, "one-slowed-10": 10}


def test_each_candidate_is_there_plain_and_slowed() -> None:
    """Two more of each: slowed by nothing, and by what is asked for."""
    everything = discover()

    planted, slowed = plant(everything, 10)

    plain = [candidate.name for candidate in everything.candidates]
    assert {f"{name}-slowed-{p}" for name in plain for p in (0, 10)} == set(slowed)
    assert {*plain, *slowed} == {c.name for c in planted.candidates}


def test_a_slowed_candidate_is_started_as_the_plain_one() -> None:
    """Nothing differs but that it is slowed."""
    planted, slowed = plant(discover(), 10)

    for name in slowed:
        adapter = planted.adapter_of(name)
        plain = planted.candidate(name.partition("-slowed-")[0])
        candidate = planted.candidate(name)
        assert adapter.launching(plain, "common") == adapter.launching(
            candidate, "common"
        )


@pytest.mark.parametrize(
    ("nothing", "tenth", "right"),
    [(1.0, 1.1, True), (1.0, 1.0, False), (1.1, 1.1, False)],
)
def test_it_is_right_if_only_the_slowed_one_is_slower(
    nothing: float, tenth: float, right: bool
) -> None:
    """A difference that is missed is wrong, and so is one that is not there."""
    told = found(
        matches(
            [
                timed("one", around(1.0, 1)),
                timed("one-slowed-0", around(nothing, 2)),
                timed("one-slowed-10", around(tenth, 3)),
            ]
        ),
        SLOWED,
    )

    assert 4 == len(told)
    assert right is all(one.right for one in told)


def test_others_than_its_own_are_not_asked_about() -> None:
    """A slowed candidate is judged against the plain one it was made of."""
    told = found(
        matches([timed("two", around(1.0, 1)), timed("one-slowed-0", around(1.0, 2))]),
        SLOWED,
    )

    assert () == told
