"""Laws of the landing queue, whatever a team's ways and a candidate's losers are."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model.verdict import Stage
from harness.queueing.experiment import Experiment, estimate
from harness.queueing.model import Depth, Fate, Gate, Load, Meeting, Profile, Team, met
from harness.queueing.simulation import Chance, Tally, simulate

AT_MERGE = Fate(Stage.MERGE, merges=False, harm=False, files=2, lines=6, commands=1)
AT_LOAD = Fate(Stage.LOAD, merges=True, harm=False, files=1, lines=0, commands=0)
AT_UPGRADE = Fate(Stage.PLAN, merges=True, harm=False, files=1, lines=4, commands=0)
NEVER = Fate(Stage.NEVER, merges=True, harm=True, files=1, lines=1, commands=0)
NO_CONFLICT = Fate(Stage.NEVER, merges=True, harm=False, files=0, lines=0, commands=0)
FATES = (AT_MERGE, AT_LOAD, AT_UPGRADE, NEVER, NO_CONFLICT)

fates = st.lists(st.sampled_from(FATES), min_size=1, max_size=3).map(tuple)
teams = st.builds(
    Team,
    review_least=st.just(24.0),
    review_mean=st.floats(24.0, 96.0),
    redo=st.floats(0.0, 12.0),
    gate_run=st.floats(0.0, 4.0),
    gate=st.sampled_from(Gate),
    checks=st.sampled_from(Depth),
    keeps_turn=st.booleans(),
)
loads = st.builds(
    Load, st.integers(1, 8), st.none() | st.floats(0.01, 2.0, allow_subnormal=False)
)
seeds = st.integers(0, 2**31)
untimed = settings(deadline=None)
untimed_few = settings(deadline=None, max_examples=10)


def wasted(tally: Tally) -> int:
    """Return all that a candidate lost in a queue."""
    lost = tally.reviews + tally.git_conflicts + tally.gate_failures
    return lost + tally.broken_mains + tally.missed


def counted(fate: Fate, team: Team, load: Load, replications: int = 30) -> list[Tally]:
    """Return the tallies of many queues."""
    return [simulate((fate,), team, load, Chance(7, n)) for n in range(replications)]


@given(fates, teams, loads, seeds)
@untimed
def test_every_patch_lands(
    some: tuple[Fate, ...], team: Team, load: Load, seed: int
) -> None:
    """However often it is sent back, and whatever it meets."""
    tally = simulate(some, team, load, Chance(seed, 0))

    assert load.patches == tally.landed
    assert tally.ended >= tally.arrived


@given(fates, teams, loads, seeds)
@untimed
def test_the_same_seed_gives_the_same_queue(
    some: tuple[Fate, ...], team: Team, load: Load, seed: int
) -> None:
    """A queue depends on nothing but what it is told."""
    first, second = (simulate(some, team, load, Chance(seed, 3)) for _ in range(2))

    assert first == second


@given(teams, loads, seeds)
@untimed
def test_a_candidate_without_conflicts_wastes_nothing(
    team: Team, load: Load, seed: int
) -> None:
    """Who fits as it is lands at its first turn."""
    assert wasted(simulate((NO_CONFLICT,), team, load, Chance(seed, 0))) == 0


@given(teams, loads, seeds)
@untimed
def test_what_git_stops_is_neither_missed_nor_breaks_main(
    team: Team, load: Load, seed: int
) -> None:
    """Git merges nothing wrong, whatever the gate tests, and no gate runs in vain."""
    tally = simulate((AT_MERGE,), team, load, Chance(seed, 0))

    assert (0, 0, 0) == (tally.missed, tally.broken_mains, tally.gate_failures)


@given(fates, teams, seeds)
@untimed
def test_a_patch_alone_wastes_nothing(
    some: tuple[Fate, ...], team: Team, seed: int
) -> None:
    """There is nobody who could land before."""
    assert wasted(simulate(some, team, Load(1), Chance(seed, 0))) == 0


@given(st.sampled_from(FATES), teams, seeds)
@untimed
def test_the_rarer_the_patches_the_less_is_wasted(
    fate: Fate, team: Team, seed: int
) -> None:
    """With a patch in a hundred years, none ever meets another."""
    rare = Load(6, rate=1 / 36500)

    assert wasted(simulate((fate,), team, rare, Chance(seed, 0))) == 0


@given(st.sampled_from(FATES), teams, st.integers(1, 6), st.integers(1, 6))
@untimed_few
def test_more_patches_in_flight_waste_no_less(
    fate: Fate, team: Team, patches: int, more: int
) -> None:
    """In expectation: the mean difference of the same queues is not below zero."""
    few = counted(fate, team, Load(patches))
    many = counted(fate, team, Load(patches + more))
    gained = estimate(
        [
            wasted(b) / b.landed - wasted(a) / a.landed
            for a, b in zip(few, many, strict=True)
        ],
        confidence=0.9999,
    )

    assert gained.high >= 0


@pytest.mark.parametrize("fate", [AT_MERGE, AT_LOAD, AT_UPGRADE])
def test_ten_authors_who_do_not_wait_lose_more_than_nine_rounds(fate: Fate) -> None:
    """The nine that were redone race again; in turn each would lose but once."""
    in_turn = counted(fate, Team(keeps_turn=True), Load(10), 20)
    at_will = counted(fate, Team(), Load(10), 20)

    assert {tally.reviews for tally in in_turn} == {9}
    assert min(tally.reviews for tally in at_will) > 9


def test_a_gate_on_the_own_base_lets_main_break() -> None:
    """Only git itself then stands between a loser and main."""
    team = Team(gate=Gate.OWN_BASE)
    for fate in (AT_LOAD, AT_UPGRADE):
        (tally,) = counted(fate, team, Load(3), 1)
        assert (2, 0) == (tally.broken_mains, tally.gate_failures)


@pytest.mark.parametrize(
    ("fate", "checks", "expected"),
    [
        (AT_LOAD, Depth.GUARD, Meeting.BROKEN),
        (AT_LOAD, Depth.LOAD, Meeting.GATE),
        (AT_UPGRADE, Depth.LOAD, Meeting.BROKEN),
        (AT_UPGRADE, Depth.UPGRADE, Meeting.GATE),
        (AT_MERGE, Depth.GUARD, Meeting.GIT),
        (NEVER, Depth.UPGRADE, Meeting.MISSED),
        (NO_CONFLICT, Depth.UPGRADE, Meeting.FITS),
    ],
)
def test_a_gate_sees_as_far_as_its_checks_go(
    fate: Fate, checks: Depth, expected: Meeting
) -> None:
    """A fault of a later stage than the last check lands."""
    assert met(fate, Team(checks=checks)) is expected


def test_a_change_of_no_file_needs_no_review() -> None:
    """Who only has to run a command is not reviewed again."""
    fate = msgspec.structs.replace(AT_LOAD, files=0, commands=1)
    (tally,) = counted(fate, Team(), Load(4), 1)

    assert tally.reviews == 0
    assert tally.commands == tally.gate_failures > 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
@untimed
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    """And is a point where all values are the same."""
    found = estimate(values)

    assert found.low <= found.mean <= found.high
    assert estimate(values[:1] * 5).low == estimate(values[:1] * 5).high


def test_candidates_of_the_same_losers_share_their_queues() -> None:
    """Which candidate it is makes no difference, only what was measured."""
    experiment = Experiment(Team(), seed=1, replications=3)
    one = Profile("one", "t", "sqlite", (AT_LOAD,), ())
    other = Profile("other", "t", "sqlite", (AT_LOAD, AT_LOAD), ())

    assert experiment.tallies(one, Load(4)) is experiment.tallies(other, Load(4))
