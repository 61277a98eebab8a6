"""Laws fitted to made-up times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judgement.laws import Times, law, rises

SIZES = (10, 100, 1_000, 3_000, 10_000)
_fixed = st.floats(0.1, 2.0)
_share = st.floats(0.5, 50.0)
_exponents = st.floats(0.3, 3.0)


def times(
    fixed: float, share: float, exponent: float, noise: float = 0.0, seed: int = 0
) -> list[Times]:
    """Return three samples a size; the largest takes `share` times the fixed part more."""
    drawn = np.random.default_rng(seed).normal(0.0, noise, (len(SIZES), 3))
    return [
        Times(
            size,
            tuple(
                fixed * (1 + share * (size / SIZES[-1]) ** exponent) * np.exp(factor)
                for factor in factors
            ),
        )
        for size, factors in zip(SIZES, drawn, strict=True)
    ]


@settings(max_examples=30, deadline=None)
@given(_fixed, _share, _exponents)
def test_a_planted_law_is_recovered(
    fixed: float, share: float, exponent: float
) -> None:
    """Without noise it is found as it is, and its bounds hold it."""
    found = law(times(fixed, share, exponent))

    assert exponent == pytest.approx(found.exponent, abs=1e-3)
    assert fixed == pytest.approx(found.fixed, rel=0.01)
    assert fixed * (1 + share) == pytest.approx(found.seconds(SIZES[-1]), rel=0.01)
    assert found.low - 1e-3 <= exponent <= found.high + 1e-3


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_bounds_hold_the_exponent_as_often_as_they_say(exponent: float) -> None:
    """With noise they do in about 95 of 100."""
    # Fewer than 88 of them would be by chance in one of 100 such tests.
    found = [law(times(0.5, 6.0, exponent, 0.03, seed)) for seed in range(100)]

    held = sum(one.low <= exponent <= one.high for one in found)

    assert 88 <= held


@settings(max_examples=20, deadline=None)
@given(_exponents, st.floats(0.001, 1000.0), st.integers(2, 50), st.integers(0, 9))
def test_units_make_no_difference(
    exponent: float, unit: float, factor: int, seed: int
) -> None:
    """Other units of time and of size scale the law, and leave the exponent."""
    plain = times(0.5, 6.0, exponent, 0.03, seed)
    scaled = [
        Times(one.size * factor, tuple(s * unit for s in one.seconds)) for one in plain
    ]

    one, other = law(plain), law(scaled)

    assert one.exponent == pytest.approx(other.exponent, abs=1e-4)
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-3)
    assert one.fixed * unit == pytest.approx(other.fixed, rel=1e-3, abs=1e-6 * unit)
    assert one.seconds(500) * unit == pytest.approx(
        other.seconds(500 * factor), rel=1e-3
    )


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(SIZES))), st.permutations(range(3)))
def test_the_order_of_samples_makes_no_difference(
    sizes: list[int], within: list[int]
) -> None:
    """Neither of the sizes nor of the samples of one size."""
    plain = times(0.5, 6.0, 1.0, 0.05, 1)
    shuffled = [
        Times(plain[n].size, tuple(plain[n].seconds[m] for m in within)) for n in sizes
    ]

    assert law(plain) == law(shuffled)
    assert rises(plain) == rises(shuffled)


def test_a_law_of_another_form_has_wide_bounds() -> None:
    """Where times jump, no exponent is told with confidence, however steady they are."""
    jumping = [
        Times(size, (t, t * 1.001))
        for size, t in zip(SIZES, (1, 1, 5, 5, 9), strict=True)
    ]
    smooth = [
        Times(size, (t, t * 1.001))
        for size, t in zip(SIZES, (1, 1, 1.8, 3.4, 9), strict=True)
    ]

    jumps, grows = law(jumping), law(smooth)

    assert jumps.high - jumps.low > 3 * (grows.high - grows.low)


def test_a_law_takes_four_sizes() -> None:
    """With three, any times would fit."""
    with pytest.raises(ValueError, match="3 sizes: a law takes 4"):
        law(times(0.5, 6.0, 1.0)[:3])


def test_what_stays_the_same_does_not_rise() -> None:
    """Noise is told as growth as seldom as it is said, and clear growth always."""
    flat = [rises(times(0.5, 0.0, 1.0, 0.02, seed)) for seed in range(100)]
    grown = [rises(times(0.5, 1.0, 1.0, 0.05, seed)) for seed in range(100)]

    assert flat.count(True) <= 10
    assert [True] * 100 == grown


def test_what_varies_too_much_is_not_decided() -> None:
    """A rise that chance explains is neither growth nor its absence."""
    noisy = [Times(size, (1.0, 2.0, 3.0)) for size in SIZES[:-1]]

    assert rises([*noisy, Times(SIZES[-1], (1.0, 2.2, 3.0))]) is None
