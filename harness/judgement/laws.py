"""The law that times follow as a quantity grows: a fixed part and a power of it.

Fitted are relative distances, so that milliseconds count as much as minutes. For a given
exponent the best parts follow exactly (non-negative least squares, Lawson and Hanson); the
exponent is searched for. What bounds it are the exponents whose fit is not significantly
worse (profile likelihood, by the F distribution). The noise is that of the samples of one
size, or what the law misses the sizes by, whichever is larger: a law of the wrong form
comes with wide bounds.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from harness.model.growth import Law

FEWEST_SIZES = 4
"""Three numbers are fitted: with fewer sizes any times would fit."""
ERROR_RATE = 0.05
WORTH_KNOWING = 1.05
"""A rise of less than this from the smallest size to the largest is not called growth."""
LOWEST, HIGHEST = 0.05, 4.0
"""Exponents that are looked at; a bound that is one of them bounds nothing."""
_STEPS = 80
_Values = NDArray[np.float64]


class Times(msgspec.Struct, frozen=True):
    """The samples of one size, in seconds."""

    size: int
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return float(np.median(self.seconds))


def rises(times: Sequence[Times]) -> bool | None:
    """Tell whether times grow with the size; None if neither is shown.

    They do if the order of the samples is that of their sizes, surer than chance
    (Kendall's tau), and the largest takes noticeably longer than the smallest.
    """
    ordered = sorted(times, key=lambda one: one.size)
    rise = ordered[-1].median / ordered[0].median
    pairs = [(one.size, second) for one in ordered for second in one.seconds]
    tau = stats.kendalltau(*zip(*pairs, strict=True), alternative="greater")
    if rise < WORTH_KNOWING:
        return False
    return True if float(tau.pvalue) <= ERROR_RATE else None


def law(times: Sequence[Times]) -> Law:
    """Return the law that fits best, with bounds of its exponent.

    Scaling all sizes or all times scales the law alike, and the order of the samples
    makes no difference. `ValueError` with fewer than four sizes.
    """
    sizes = sorted({one.size for one in times})
    if len(sizes) < FEWEST_SIZES:
        message = f"{len(sizes)} sizes: a law takes {FEWEST_SIZES}"
        raise ValueError(message)
    fit = _Fit(times)
    grid = np.linspace(LOWEST, HIGHEST, _STEPS)
    rough = int(np.argmin([fit.misfit(exponent) for exponent in grid]))
    near = grid[max(rough - 1, 0)], grid[min(rough + 1, _STEPS - 1)]
    found = optimize.minimize_scalar(fit.misfit, near, bounds=near, method="bounded")
    exponent = float(found.x)
    fixed, part = fit.parts(exponent)
    limit, noise = fit.limit(exponent)
    return Law(
        fixed=fixed,
        part=part,
        exponent=exponent,
        low=_bound(fit, exponent, LOWEST, limit),
        high=_bound(fit, exponent, HIGHEST, limit),
        error=noise,
    )


class _Fit:
    """Samples to which laws are fitted, in shares of the largest size and its median."""

    def __init__(self, times: Sequence[Times]) -> None:
        ordered = sorted(times, key=lambda one: one.size)
        self._unit = ordered[-1].size
        medians = [one.median for one in ordered]
        counts = [len(one.seconds) for one in ordered]
        self._samples = sum(counts)
        self._sizes = len(ordered)
        shares = np.array([one.size / self._unit for one in ordered])
        self._share: _Values = np.repeat(shares, counts)
        self._weight: _Values = np.repeat(1 / np.array(medians), counts)
        self._relative: _Values = np.concatenate(
            [
                np.sort(one.seconds) / median
                for one, median in zip(ordered, medians, strict=True)
            ]
        )
        means = [float(np.mean(group)) for group in self._groups(counts)]
        self._within = float(np.sum((self._relative - np.repeat(means, counts)) ** 2))

    def misfit(self, exponent: float) -> float:
        """Return the sum of the squares of all relative distances from the best law."""
        return self._solved(exponent)[1] ** 2

    def parts(self, exponent: float) -> tuple[float, float]:
        """Return the fixed part, and the part that goes with the power of a size."""
        (fixed, part), _ = self._solved(exponent)
        return float(fixed), float(part / self._unit**exponent)

    def limit(self, exponent: float) -> tuple[float, float]:
        """Return the misfit up to which an exponent is possible, and the noise."""
        misfit = self.misfit(exponent)
        free = 1 + int(np.count_nonzero(self._solved(exponent)[0]))
        between, within = self._sizes - free, self._samples - self._sizes
        missed = max(misfit - self._within, 0.0) / between
        if not within or missed > self._within / within:
            variance, freedom = max(missed, misfit / (self._samples - free)), between
        else:
            variance, freedom = misfit / (self._samples - free), self._samples - free
        reach = variance * float(stats.f.ppf(1 - ERROR_RATE, 1, freedom))
        return misfit + reach, float(np.sqrt(variance))

    def _solved(self, exponent: float) -> tuple[_Values, float]:
        powers = self._share**exponent
        matrix = np.column_stack((self._weight, self._weight * powers))
        parts, distance = optimize.nnls(matrix, self._relative)
        return parts, float(distance)

    def _groups(self, counts: Sequence[int]) -> list[_Values]:
        return np.split(self._relative, np.cumsum(counts)[:-1])


def _bound(fit: _Fit, best: float, end: float, limit: float) -> float:
    """Return the exponent towards an end beyond which the fit becomes too bad."""

    def beyond(exponent: float) -> float:
        return fit.misfit(exponent) - limit

    ways = np.linspace(best, end, _STEPS)
    last = best
    for one in map(float, ways[1:]):
        if beyond(one) > 0:
            return float(optimize.brentq(beyond, last, one))
        last = one
    return end
