"""Taking turns: order, looks and budget, with participants who only say they took time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.execution.turns import (
    LOOKS,
    NO_TIME,
    Budget,
    Taken,
    order,
    planned,
    take_turns,
)


class Pretending:
    """Takes a stated time on a clock of its own making."""

    def __init__(self, clock: list[float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self.turns: list[tuple[int, int]] = []
        self.finished = 0
        self.warmed_up = 0

    def warm_up(self) -> float:
        """Take the time once, and longer for a look around."""
        self.warmed_up += 1
        self._clock[0] += 100 * self._seconds
        return self._seconds

    def turn(self, block: int, place: int) -> float:
        """Take the time once, and keep which turn it was."""
        assert block == self.finished
        self.turns.append((block, place))
        self._clock[0] += self._seconds
        return self._seconds

    def finish(self) -> None:
        """Count it: there is one between two turns."""
        self.finished += 1


def taking(
    budget: float, *, left: float = 0.0, settled_at: int = 0, seconds: float = 1.0
) -> tuple[list[Pretending], Taken]:
    """Have three take turns; from so many blocks on, all is settled."""
    clock = [0.0]
    everybody = [Pretending(clock, seconds) for _ in range(3)]

    def settled(_looks: tuple[int, ...]) -> bool:
        return bool(settled_at) and len(everybody[0].turns) >= settled_at

    time_for_it = Budget(budget, max(budget, left))
    taken = take_turns(everybody, "seed", time_for_it, settled, lambda: clock[0])
    return everybody, taken


@given(st.integers(1, 20), st.text(max_size=5), st.integers(0, 100))
def test_in_every_block_everybody_has_one_turn(
    participants: int, seed: str, block: int
) -> None:
    """The order is a permutation, and the same for the same seed and block."""
    drawn = order(participants, seed, block)

    assert list(range(participants)) == sorted(drawn)
    assert drawn == order(participants, seed, block)


def test_nobody_is_favoured_by_the_order() -> None:
    """Over many blocks, each participant is about as often first."""
    first = Counter(order(4, "s", block)[0] for block in range(400))

    assert all(70 < first[number] < 130 for number in range(4))


@given(st.floats(0.01, 1000), st.floats(0, 10000))
def test_more_time_allows_no_fewer_looks(block: float, budget: float) -> None:
    """The plan follows from the warm-up and the budget, and grows with the latter."""
    looks = planned(block, budget)

    assert looks == LOOKS[: len(looks)]
    assert len(looks) <= len(planned(block, 2 * budget))
    assert all(look * block <= budget for look in looks)


def test_the_last_look_is_reached_where_nothing_is_settled() -> None:
    """With time for everything, all planned blocks are taken."""
    everybody, taken = taking(1000.0)

    assert (32, "it was the last look") == (taken.blocks, taken.stopped)
    assert [32] * 3 == [len(one.turns) for one in everybody]
    assert [32] * 3 == [one.finished for one in everybody]
    assert [1] * 3 == [one.warmed_up for one in everybody]
    assert taken.seconds == taken.sampled_seconds == 96.0


def test_it_ends_at_the_look_that_finds_all_settled() -> None:
    """Looks are where they were planned: what is settled at 9 is found at 16."""
    _, taken = taking(1000.0, settled_at=9)

    assert (16, LOOKS) == (taken.blocks, taken.looks)
    assert "all differences were shown" == taken.stopped


def test_without_time_for_a_look_nothing_is_taken() -> None:
    """Samples that could not be sure enough of anything would be wasted."""
    everybody, taken = taking(10.0)

    assert ((), 0) == (taken.looks, taken.blocks)
    assert (NO_TIME, 48.0) == (taken.stopped, taken.wanted_seconds)
    assert [[]] * 3 == [one.turns for one in everybody]


@pytest.mark.parametrize(
    ("left", "looks"), [(20.0, ()), (30.0, (8,)), (60.0, (8, 16)), (900.0, (8, 16))]
)
def test_two_looks_are_had_at_the_cost_of_what_comes_later(
    left: float, looks: tuple[int, ...]
) -> None:
    """A share that is too small is exceeded, as far as there is time at all."""
    _, taken = taking(10.0, left=left)

    assert (looks, max(looks, default=0)) == (taken.looks, taken.blocks)


def test_a_third_look_is_not_taken_from_others() -> None:
    """What is left goes to later operations as soon as there are two looks."""
    _, taken = taking(50.0, left=900.0)

    assert (8, 16) == taken.looks


@pytest.mark.parametrize(("budget", "looks"), [(30.0, (8,)), (60.0, (8, 16))])
def test_looks_are_planned_before_the_first_block(
    budget: float, looks: tuple[int, ...]
) -> None:
    """The warm-up took 3 s, so a block is taken to need that."""
    _, taken = taking(budget)

    assert (looks, looks[-1]) == (taken.looks, taken.blocks)


def test_the_second_look_takes_what_is_left_for_all() -> None:
    """Where turns take longer than the warm-up had it seem; the third one does not."""
    slow, left = 3.0, 1_000.0
    clock = [0.0]
    everybody = [Pretending(clock, 1.0) for _ in range(3)]
    for one in everybody:
        one.turn = lambda *_, clock=clock: _tick(clock, slow)  # type: ignore[method-assign]

    taken = take_turns(
        everybody, "s", Budget(100.0, left), lambda _: False, lambda: clock[0]
    )

    assert (8, 16, 32) == taken.looks
    assert 16 == taken.blocks
    assert "there was no time for the next look" == taken.stopped


def _tick(clock: list[float], seconds: float) -> float:
    clock[0] += seconds
    return seconds
