"""What times come to: laws of the statistics, and verdicts."""

from __future__ import annotations

import math
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judgement import judge, ratios
from harness.judgement.speed import compare, matches, settled
from harness.model.evidence import Evidence
from harness.model.snapshot import Snapshot, TableState
from harness.model.speed import Match, Metric, Participant, Ratio, Word
from harness.model.verdict import Grade
from tests.timed import around, observed, sample, samples, timed

RATE = 0.05 / 3
SECONDS = st.floats(0.01, 100.0)
COLUMNS = st.integers(8, 20).flatmap(
    lambda blocks: st.tuples(*[st.lists(SECONDS, min_size=blocks, max_size=blocks)] * 2)
)


def held(one: list[float], other: list[float], shows: float = 0.02) -> Ratio:
    """Hold one against the other."""
    return compare(one, other, Metric.WALL, shows, RATE)


def match(*stored: Evidence) -> Match:
    """Return what follows for the one scenario that is there."""
    (found,) = matches(stored)
    return found


@settings(max_examples=25)
@given(COLUMNS, st.floats(0.001, 1000.0))
def test_the_unit_of_time_changes_nothing(
    columns: tuple[list[float], list[float]], scale: float
) -> None:
    """If everything takes so many times as long, verdict and ratio stay."""
    one, other = columns

    before = held(one, other)
    after = held([scale * v for v in one], [scale * v for v in other])

    assert before.verdict is after.verdict
    assert before.ratio == pytest.approx(after.ratio, rel=1e-9)


@settings(max_examples=25)
@given(COLUMNS)
def test_changing_sides_inverts_the_ratio(
    columns: tuple[list[float], list[float]],
) -> None:
    """Who was slower is now the faster one, by the same ratio and as surely."""
    one, other = columns
    opposite = {Word.FASTER: Word.SLOWER, Word.SLOWER: Word.FASTER}

    ratio, inverse = held(one, other), held(other, one)

    assert inverse.verdict is opposite.get(ratio.verdict, ratio.verdict)
    assert inverse.ratio == pytest.approx(1 / ratio.ratio)
    assert inverse.chance == pytest.approx(ratio.chance)


@settings(max_examples=25)
@given(COLUMNS)
def test_the_bounds_hold_the_ratio(columns: tuple[list[float], list[float]]) -> None:
    """The interval has two ends in the right order, and is never missing."""
    ratio = held(*columns)

    assert 0 < ratio.low <= ratio.high < math.inf


@pytest.mark.parametrize("same", [[0.0] * 9, [0.3] * 9, [0.0] * 7 + [1e-6]])
def test_values_that_are_nearly_all_alike_have_bounds(same: list[float]) -> None:
    """Where BCa cannot be worked out, there are bounds all the same."""
    low, high = ratios.interval(np.asarray(same), RATE)

    assert min(same) <= low <= high <= max(same)


def test_what_does_not_differ_is_hardly_ever_told_as_different() -> None:
    """Of 300 pairs drawn from one distribution, at most the stated share differs."""
    stated = 0.05
    told = 0
    for seed in range(300):
        drawn = np.exp(np.random.default_rng(seed).normal(0, 0.1, (4, 16)))
        control = [ratios.logarithms(drawn[0].tolist(), drawn[1].tolist())]
        shows = ratios.shown(control, 16, RATE)
        ratio = held(drawn[2].tolist(), drawn[3].tolist(), shows)
        told += ratio.verdict.differs

    assert told <= stated * 300


def test_controls_are_hardly_ever_told_as_different() -> None:
    """Over twenty runs of three candidates, a candidate seldom differs from itself."""
    controls = [
        ratio
        for seed in range(20)
        for versus in match(
            *(timed(str(n), around(1.0, 10 * seed + n, noise=0.1)) for n in range(3))
        ).controls
        for ratio in versus.ratios
    ]

    assert 120 == len(controls)
    assert sum(ratio.verdict.differs for ratio in controls) <= 0.05 * len(controls)


def test_ten_per_cent_are_found_in_the_usual_noise() -> None:
    """Who takes a tenth longer is slower; the other way round it is faster."""
    found = match(timed("a", around(1.1, 1)), timed("b", around(1.0, 2)))

    (versus,) = found.comparisons
    assert [Word.SLOWER] * 2 == [ratio.verdict for ratio in versus.ratios]
    assert versus.by(Metric.WALL).low > 1.05


def test_a_difference_that_set_ups_make_is_none_of_the_candidates() -> None:
    """If twins always differ by as much, a sure difference is not large enough."""
    apart = samples([(1.0, 1.15 + n / 1000) for n in range(16)])
    slower = samples([(1.05, 1.21 + n / 1000) for n in range(16)])

    (versus,) = match(timed("a", slower), timed("b", apart)).comparisons

    ratio = versus.by(Metric.WALL)
    assert Word.INCONCLUSIVE is ratio.verdict
    assert ratio.chance < RATE
    assert "differs from itself by up to" in ratio.reason


def test_equal_times_are_told_as_no_difference() -> None:
    """If what is beyond a tenth can be ruled out, that is said, with the bound."""
    (versus,) = match(
        timed("a", around(1.0, 1, noise=0.01)), timed("b", around(1.0, 2, noise=0.01))
    ).comparisons

    assert Word.NO_DIFFERENCE is versus.by(Metric.WALL).verdict


def test_noise_is_not_told_as_no_difference() -> None:
    """Samples that vary by half show neither that something differs nor that not."""
    (versus,) = match(
        timed("a", around(1.0, 1, noise=0.5)), timed("b", around(1.0, 2, noise=0.5))
    ).comparisons

    assert Word.INCONCLUSIVE is versus.by(Metric.WALL).verdict


def test_too_few_blocks_are_not_tested() -> None:
    """Where no outcome could be sure enough, the reason is the number of blocks."""
    (versus,) = match(
        timed("a", around(2.0, 1, blocks=5)), timed("b", around(1.0, 2, blocks=5))
    ).comparisons

    ratio = versus.by(Metric.WALL)
    assert Word.INCONCLUSIVE is ratio.verdict
    assert "5 blocks: it takes 7" in ratio.reason


def test_toolchains_are_never_mixed() -> None:
    """Comparisons and controls are within a toolchain."""
    found = match(
        *(
            timed(candidate, around(1.0, 3), toolchain)
            for candidate, toolchain in product("ab", ("common", "newest"))
        )
    )

    assert 4 == len(found.rows)
    assert {"common", "newest"} == {v.one.toolchain for v in found.comparisons}
    assert all(v.one.toolchain == v.other.toolchain for v in found.versus)


@pytest.mark.parametrize(
    "odd",
    [
        sample(3, 0, 1.0, "another"),
        msgspec.structs.replace(sample(3, 0, 1.0), went_through=False),
        msgspec.structs.replace(sample(3, 0, 1.0), schema="another"),
    ],
)
def test_a_wrong_answer_voids_the_row(odd: object) -> None:
    """One failed or different sample, and nothing of the participant is compared."""
    taken = [s for s in around(1.0, 1) if (s.block, s.twin) != (3, 0)]
    stored = timed("a", [*taken, odd])

    found = match(stored, timed("b", around(1.0, 2)))

    assert found.rows[0][1].void
    assert () == found.comparisons
    assert Grade.UNKNOWN is judge(stored).grade


def test_who_left_something_else_is_not_compared() -> None:
    """Times of unlike work are not compared, and the reason is told."""

    def leaving(candidate: str, table: str) -> Evidence:
        after = Snapshot(tables=(TableState(table, ()),))
        observation = msgspec.structs.replace(observed(around(1.0, 1)), after=after)
        stored = timed(candidate, ())
        return msgspec.structs.replace(stored, observations=(observation,))

    (versus,) = match(leaving("a", "one"), leaving("b", "two")).comparisons

    assert "did not leave the same" in versus.by(Metric.CPU).reason


def test_outliers_are_counted_and_kept() -> None:
    """The slowest sample is far out, and is the highest all the same."""
    taken = (*around(1.0, 1), sample(16, 0, 50.0), sample(16, 1, 1.0))

    timing = judge(timed("a", taken)).timed

    assert timing is not None
    assert 1 <= timing.wall.outliers
    assert 50.0 == timing.wall.highest
    assert len(taken) == timing.samples


def test_it_is_settled_when_all_differ() -> None:
    """More blocks are needed as long as one comparison shows no difference."""

    def group(*seconds: float) -> list[tuple[object, object]]:
        stored = [timed(str(n), around(s, n)) for n, s in enumerate(seconds)]
        return [(one.cell, one.observations[0]) for one in stored]

    assert settled(group(1.0, 2.0, 4.0))
    assert not settled(group(1.0, 2.0, 2.0))


def test_a_cell_without_times_says_why() -> None:
    """Who could not be timed is left out, with the reason."""
    lost = msgspec.structs.replace(
        timed("a", ()), observations=(), reason="it was too old"
    )

    found = match(lost, timed("b", around(1.0, 1)))

    assert [Participant("a", "common")] == [who for who, _ in found.left_out]


def test_a_verdict_tells_the_spread_and_both_times() -> None:
    """Processor time is no part of the other: several processors may be at work."""
    taken = samples([(0.1, 0.2), (0.3, 0.4)])

    assert judge(timed("a", taken)).headline == (
        "0.25 s (half of the samples 0.18 s to 0.33 s), 0.25 s of processor time"
    )


def test_what_is_large_and_not_sure_says_so() -> None:
    """The reason is the chance, whatever a candidate differs from itself by."""
    one, other = [1.0] * 8, [1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 0.2]

    found = compare(one, other, Metric.WALL, math.log(1.12), 0.05 / 2)

    assert found.verdict is Word.INCONCLUSIVE
    assert found.chance > 0.05 / 2
    assert found.reason.startswith("it is not surer than chance: p is 0.")
    assert found.reason.endswith("0.025 is needed")
