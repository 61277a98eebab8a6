"""Whether planted differences were found: the benchmark of the benchmark."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.speed import Match, Metric, Versus, Word

_OPPOSITE = {Word.FASTER: Word.SLOWER, Word.SLOWER: Word.FASTER}


class Found(msgspec.Struct, frozen=True):
    """What became of one planted difference; `right` is whether that is as it should."""

    sentence: str
    right: bool


def found(matches: Iterable[Match], slowed: dict[str, int]) -> tuple[Found, ...]:
    """Return what was told of each candidate that was slowed, against the plain one."""
    return tuple(
        _told(match, versus, metric, slowed[versus.other.candidate])
        for match in matches
        for versus in match.comparisons
        if versus.other.candidate in slowed
        and versus.other.candidate.startswith(f"{versus.one.candidate}-slowed-")
        for metric in Metric
    )


def _told(match: Match, versus: Versus, metric: Metric, per_cent: int) -> Found:
    """Judge one comparison: of what is there nothing else may be said.

    By wall time on a busy machine, that nothing can be told is an honest answer.
    """
    ratio = versus.by(metric)
    told = _OPPOSITE.get(ratio.verdict, ratio.verdict)
    if per_cent:
        right = told is Word.SLOWER
        right |= metric is Metric.WALL and told is Word.INCONCLUSIVE
    else:
        right = not told.differs
    return Found(
        f"{match.scenario}: {versus.one.candidate} slowed by {per_cent} %, against "
        f"itself by {metric}: {told} (×{1 / ratio.ratio:.3f}, what counts begins at "
        f"×{ratio.shows:.3f})",
        right,
    )
