"""Statistics of paired times: what is estimated, how surely, and by what chance.

A pair is what two participants took in the same block, and its value the logarithm of
their ratio, so that "half" and "twice" are equally far from "the same". Methods: the
Hodges-Lehmann estimate (the median of the means of all pairs of values), the signed-rank
test over all assignments of signs, and the bootstrap (BCa, Efron 1987).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from harness.model.speed import Spread

Values = NDArray[np.float64]
_RESAMPLES = 1000
_ENUMERATED = 9999
_FENCE = 1.5
_DIGITS = 12
"""Beyond these, logarithms differ by how they were rounded, and not by what took long."""


def logarithms(one: Sequence[float], other: Sequence[float]) -> Values:
    """Return the logarithm of the ratio of every pair."""
    values: Values = np.log(np.asarray(one)) - np.log(np.asarray(other))
    return values.round(_DIGITS)


def centre(values: Values, axis: int = -1) -> Any:  # noqa: ANN401
    """Return the Hodges-Lehmann estimate along an axis."""
    moved = np.moveaxis(np.asarray(values), axis, -1)
    first, second = np.triu_indices(moved.shape[-1])
    return np.median((moved[..., first] + moved[..., second]) / 2, axis=-1)


def chance(values: Values) -> float:
    """Return the probability of values this one-sided if either sign were as likely."""
    if not np.any(values):
        return 1.0
    signed_ranks = np.sign(values) * stats.rankdata(np.abs(values))
    found = stats.permutation_test(
        (signed_ranks,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_ENUMERATED,
        rng=_generator(),
    )
    return min(float(found.pvalue), 1.0)


def interval(values: Values, error_rate: float) -> tuple[float, float]:
    """Return bounds of the centre that miss it at most at this rate.

    Where BCa cannot be worked out, as when nearly all values are alike, plain
    percentiles of the same resamples are taken.
    """
    if np.ptp(values) == 0.0:
        return float(values[0]), float(values[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # What it warns of is seen in what it returns.
        bounds = _bootstrapped(values, error_rate, "BCa")
    if not all(map(math.isfinite, bounds)):
        bounds = _bootstrapped(values, error_rate, "percentile")
    return bounds


def least_blocks(error_rate: float) -> int:
    """Return how many blocks it takes to be that sure of anything."""
    return math.ceil(math.log2(2 / error_rate))


def shown(controls: Sequence[Values], blocks: int, error_rate: float) -> float:
    """Return the size that what differs in nothing exceeds at this rate only.

    A candidate is held against itself in so many blocks drawn from those that there
    are, again and again, either twin first. What two set-ups of the same differ by
    always, stays in. With too few blocks to draw from it is infinite.
    """
    usable = [values for values in controls if len(values) > 1]
    if not usable or not blocks:
        return math.inf
    generator = _generator()
    sizes = [
        np.abs(centre(generator.choice(values, (_RESAMPLES, blocks))))
        for values in usable
    ]
    return float(np.quantile(np.concatenate(sizes), 1 - error_rate))


def spread(values: Sequence[float]) -> Spread:
    """Return the numbers that describe samples, with how many are far out."""
    lowest, quarter, median, three_quarters, highest = map(
        float, np.quantile(values, (0, 0.25, 0.5, 0.75, 1))
    )
    reach = _FENCE * (three_quarters - quarter)
    far = (v for v in values if not quarter - reach <= v <= three_quarters + reach)
    outliers = sum(1 for _ in far)
    return Spread(median, lowest, quarter, three_quarters, highest, outliers)


def _bootstrapped(
    values: Values, error_rate: float, method: Literal["BCa", "percentile"]
) -> tuple[float, float]:
    found: Any = stats.bootstrap(
        (values,),
        centre,
        n_resamples=_RESAMPLES,
        confidence_level=1 - error_rate,
        method=method,
        rng=_generator(),
        vectorized=True,
    )
    bounds = found.confidence_interval
    return float(bounds.low), float(bounds.high)


def _generator() -> np.random.Generator:
    """Return chance that is the same each time: the same evidence says the same."""
    return np.random.default_rng(0)
