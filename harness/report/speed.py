"""What the report says of times: who was faster, by how much, and how sure that is."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable

import msgspec

from harness.judgement.false_alarms import alarms
from harness.judgement.wording import count, listed, percent
from harness.model.evidence import Sampling
from harness.model.speed import Match, Metric, Participant, Ratio, Versus, Word
from harness.report.columns import story
from harness.report.tables import Table

METHOD = (
    "Ratios are of times in the same block, in which everybody has a turn in an order "
    "drawn anew; in brackets is what bounds them. A difference is said to be there only "
    "if it is both surer than chance and larger than what a candidate differs from "
    "itself. docs/speed.md has the method."
)
_SHARED = 1.3
"""So many times the usual, and the clock ran ahead of the processor."""
_EMBEDDED = "sqlite"
_SPARE = 1.2
"""Whoever plans for this share of what the warm-up took has time in the end."""


class SpeedPart(msgspec.Struct, frozen=True):
    """The section on times."""

    method: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    conditions: tuple[str, ...]


def speed_part(matches: Iterable[Match]) -> SpeedPart | None:
    """Return the section for all that was timed; None if nothing was."""
    matches = tuple(matches)
    if not matches:
        return None
    return SpeedPart(
        method=METHOD,
        sentences=sentences(matches),
        tables=tuple(filter(None, (_comparisons(matches), _limits(matches)))),
        conditions=tuple(
            dict.fromkeys(
                sentence for match in matches for sentence in match.sampling.conditions
            )
        ),
    )


def sentences(matches: tuple[Match, ...]) -> tuple[str, ...]:
    """Return what is to be said of all that was timed together."""
    return (
        *_summaries(matches),
        *_left_out(matches),
        *_enough(matches),
        *_shared(matches),
        *_controls(matches),
        *_cost(matches),
    )


def _summaries(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say how often one was faster than another, for each two that were compared."""
    compared: dict[tuple[Participant, Participant], list[Versus]] = {}
    for match in matches:
        for versus in match.comparisons:
            compared.setdefault((versus.one, versus.other), []).append(versus)
    for (one, other), found in compared.items():
        said = (_words(metric, found) for metric in Metric)
        yield (
            f"{one.candidate} against {other.candidate} on {one.toolchain}, "
            f"{count(len(found), 'operation')}: {'; '.join(said)}."
        )


def _words(metric: Metric, found: list[Versus]) -> str:
    words = Counter(versus.by(metric).verdict for versus in found)
    return f"{metric} {listed(f'{words[w]} {w}' for w in Word if words[w])}"


def _shared(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say where the clock ran ahead of the processor and did not elsewhere.

    Told of the embedded database only: with a server, a command waits for that.
    """
    own = (m for m in matches if m.backend == _EMBEDDED)
    ahead = [(match, _ahead(match)) for match in own if _ahead(match)]
    usual = statistics.median(times for _, times in ahead) if ahead else math.inf
    odd = [(match, times) for match, times in ahead if times > _SHARED * usual]
    for match, times in odd:
        yield (
            f"While {_place(match, matches)} was timed, other work held the processor as "
            f"well: by the clock it took ×{times:.1f} of its processor time, and what else "
            f"was timed on {_EMBEDDED} ×{usual:.1f}. Go by processor time there."
        )


def _ahead(match: Match) -> float:
    """Return how many times their processor time commands took; 0 if none has times."""
    rows = [row for _, row in match.rows if not row.void and row.cpu.median]
    return (
        statistics.median(r.wall.median / r.cpu.median for r in rows) if rows else 0.0
    )


def _controls(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say how often a candidate was told to differ from itself."""
    for metric in Metric:
        found = [v.by(metric) for match in matches for v in match.controls]
        if not found:
            continue
        told = alarms(found, matches[0].sampling.error_rate)
        yield (
            f"Held against itself by {metric}, a candidate came out as different in "
            f"{told.wrong} of {count(told.of, 'control')} (so in {100 * told.low:.0f} to "
            f"{100 * told.high:.0f} % of all such); the method allows "
            f"{100 * told.rate:.0f} %."
        )


def _cost(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say what of the time went into anything but what was timed."""
    timed = [match.sampling for match in matches if match.sampling.sampled_seconds]
    if not timed:
        return
    backends = tuple(dict.fromkeys(match.backend for match in matches))
    shares = (
        (backend, [m.sampling for m in matches if m.backend == backend])
        for backend in backends
    )
    each = listed(
        f"{_between(own)} on {backend}"
        for backend, own in shares
        if any(one.sampled_seconds for one in own)
    )
    yield (
        f"Of {sum(one.seconds for one in timed):.0f} s from first blocks to last ones, "
        f"{_between(timed)} went by between the samples"
        f"{f' ({each})' if len(backends) > 1 else ''}."
    )


def _between(samplings: Iterable[Sampling]) -> str:
    """Return the share of the time in which nothing was timed."""
    samplings = tuple(samplings)
    seconds = sum(one.seconds for one in samplings)
    sampled = sum(one.sampled_seconds for one in samplings)
    return f"{100 * (seconds - sampled) / seconds:.1f} %"


def _left_out(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say what has no times and why, a sentence for each reason."""
    reasons: dict[str, list[str]] = {}
    for match in matches:
        for why, whom in _without_times(match).items():
            place = _place(match, matches)
            everybody = len(whom) == len(match.rows) + len(match.left_out)
            who = "" if everybody else f" with {listed(map(_name, whom))}"
            reasons.setdefault(why, []).append(f"{place}{who}")
    for why, what in reasons.items():
        yield f"No times for {listed(what)}: {why}."


def _without_times(match: Match) -> dict[str, list[Participant]]:
    """Return whom there are no times of that count, by the reason."""
    found: dict[str, list[Participant]] = {}
    for who, why in match.left_out:
        found.setdefault(why, []).append(who)
    for who, row in match.rows:
        if row.void:
            found.setdefault(f"void, because {row.void}", []).append(who)
    return found


def _enough(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say which budget would have been enough, if there was none for something."""
    wanted = [match.sampling.wanted_seconds for match in matches]
    if any(m.sampling.wanted_seconds and not m.sampling.looks for m in matches):
        minutes = math.ceil(_SPARE * sum(wanted) / 60)
        yield (
            f"To time all {count(len(matches), 'operation')} well takes about "
            f"{count(minutes, 'minute')} for samples: `run --speed-budget {minutes}`, or "
            f"`bench --budget {minutes}`. Operations that matter most come first."
        )


def _comparisons(matches: tuple[Match, ...]) -> Table | None:
    rows = tuple(
        (
            _place(match, matches),
            f"{versus.one.candidate} against {versus.other.candidate}",
            versus.one.toolchain,
            *(said(versus.by(metric)) for metric in Metric),
        )
        for match in matches
        for versus in match.comparisons
    )
    headings = ("what", "who", "toolchain", *map(str, Metric))
    return Table(headings, rows) if rows else None


def _limits(matches: tuple[Match, ...]) -> Table | None:
    """Return what each candidate differs from itself, and what that lets be shown."""
    rows = tuple(
        (
            _place(match, matches),
            _name(versus.one),
            f"{match.sampling.blocks} of "
            f"{match.sampling.looks[-1] if match.sampling.looks else 0}: "
            f"{match.sampling.stopped}",
            *(_against_itself(versus, metric) for metric in Metric),
        )
        for match in matches
        for versus in match.controls
    )
    headings = ("what", "against itself", "blocks", *map(str, Metric))
    return Table(headings, rows) if rows else None


def _against_itself(versus: Versus, metric: Metric) -> str:
    ratio = versus.by(metric)
    told = f", told as {ratio.verdict}" if ratio.verdict.differs else ""
    return f"{_number(ratio)}; what counts begins at {_limit(ratio)}{told}"


def _limit(ratio: Ratio) -> str:
    return percent(ratio.shows) if math.isfinite(ratio.shows) else "no size"


def said(ratio: Ratio) -> str:
    """Return a verdict with its ratio, as `slower: ×1.52 (1.47 to 1.58)`."""
    because = f", because {ratio.reason}" if ratio.reason else ""
    if ratio.verdict is Word.NO_DIFFERENCE:
        because = f"; {ratio.reason}"
    return f"{ratio.verdict}: {_number(ratio)}{because}"


def _number(ratio: Ratio) -> str:
    if not ratio.blocks:
        return "no ratio"
    if not math.isfinite(ratio.high):
        return f"×{ratio.ratio:.3f}, unbounded"
    return f"×{ratio.ratio:.3f} ({ratio.low:.3f} to {ratio.high:.3f})"


def _place(match: Match, matches: tuple[Match, ...]) -> str:
    several = len({one.backend for one in matches}) > 1
    name = story(match.scenario)
    return f"{name} ({match.backend})" if several else name


def _name(who: Participant) -> str:
    return f"{who.candidate} ({who.toolchain})"
