"""What the first screen says of times: who was faster, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from harness.judgement.wording import count
from harness.model.speed import Match, Metric, Participant, Ratio, Versus, Word
from harness.report.columns import story
from harness.report.phrases import seconds

_SHOWN = 4
_NOTHING = "–"
_OPPOSITE = {Word.FASTER: Word.SLOWER, Word.SLOWER: Word.FASTER}
_Row = tuple[str, ...]


def speed_rows(
    matches: Iterable[Match], candidates: Iterable[str], toolchain: str, backend: str
) -> tuple[_Row, ...]:
    """Return a row on all comparisons, and one for each of those that matter most.

    All are by wall time, on one toolchain and backend. Where nothing was timed, the row
    says why. No row if nothing was to be timed.
    """
    here = tuple(match for match in matches if match.backend == backend)
    columns = tuple(Participant(candidate, toolchain) for candidate in candidates)
    timed = tuple(m for m in here if any(who in columns for who, _ in m.rows))
    if not here:
        return ()
    if not timed:
        return (("nothing was timed, because", *(_why(here, who) for who in columns)),)
    compared = [
        versus
        for match in timed
        for versus in match.comparisons
        if {versus.one, versus.other} <= set(columns)
    ]
    rows = [_medians(match, columns) for match in timed[:_SHOWN]]
    if compared:
        pairs = [m for m in timed if any(v in compared for v in m.comparisons)]
        title = f"compared by wall time, {count(len(pairs), 'operation')}"
        rows.insert(0, (title, *(_counted(compared, who) for who in columns)))
    return tuple(rows)


def _why(matches: tuple[Match, ...], who: Participant) -> str:
    reasons = (why for match in matches for one, why in match.left_out if one == who)
    return next(reasons, _NOTHING)


def _counted(compared: list[Versus], who: Participant) -> str:
    """Return how often somebody was faster, and slower, than another."""
    words = Counter(
        word if versus.one == who else _OPPOSITE.get(word, word)
        for versus in compared
        if who in {versus.one, versus.other}
        for word in [versus.by(Metric.WALL).verdict]
    )
    said = (f"{words[word]} {word}" for word in Word if words[word])
    return ", ".join(said) or _NOTHING


def _medians(match: Match, columns: tuple[Participant, ...]) -> _Row:
    return (
        f"{story(match.scenario)}, median",
        *(_median(match, who) for who in columns),
    )


def _median(match: Match, who: Participant) -> str:
    """Return what somebody took, with what is said of it against the others."""
    timed = dict(match.rows).get(who)
    if timed is None:
        return _NOTHING
    if timed.void:
        return "void"
    against = (v for v in match.comparisons if v.one == who)
    said = (_said(versus.by(Metric.WALL), versus.other) for versus in against)
    return "; ".join((seconds(timed.wall.median), *said))


def _said(ratio: Ratio, other: Participant) -> str:
    bounds = f" ({ratio.low:.2f} to {ratio.high:.2f})" if ratio.is_bounded else ""
    return f"×{ratio.ratio:.2f}{bounds} of {other.candidate}: {ratio.verdict}"
