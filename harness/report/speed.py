"""What the report says of times: who was faster, by how much, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec
from scipy import stats

from harness.judgement.wording import count, percent
from harness.model.speed import Match, Metric, Participant, Ratio, Versus, Word
from harness.report.columns import story
from harness.report.tables import Table

METHOD = (
    "Ratios are of times in the same block, in which everybody has a turn in an order "
    "drawn anew; in brackets is what bounds them. A difference is said to be there only "
    "if it is both surer than chance and larger than what a candidate differs from "
    "itself. docs/speed.md has the method."
)


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
    return (*_controls(matches), *_cost(matches), *_left_out(matches))


def _controls(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say how often a candidate was told to differ from itself."""
    for metric in Metric:
        found = [v.by(metric) for match in matches for v in match.controls]
        if not found:
            continue
        wrong = sum(ratio.verdict.differs for ratio in found)
        rate = matches[0].sampling.error_rate
        bounds = stats.binomtest(wrong, len(found)).proportion_ci(method="exact")
        yield (
            f"Held against itself by {metric}, a candidate came out as different in "
            f"{wrong} of {count(len(found), 'control')} (so in {100 * bounds.low:.0f} to "
            f"{100 * bounds.high:.0f} % of all such); the method allows {100 * rate:.0f} %."
        )


def _cost(matches: tuple[Match, ...]) -> Iterable[str]:
    """Say what of the time went into anything but what was timed."""
    seconds = sum(match.sampling.seconds for match in matches)
    sampled = sum(match.sampling.sampled_seconds for match in matches)
    if sampled:
        share = 100 * (seconds - sampled) / seconds
        yield (
            f"Of {seconds:.0f} s from first blocks to last ones, {share:.1f} % went by "
            "between the samples."
        )


def _left_out(matches: tuple[Match, ...]) -> Iterable[str]:
    for match in matches:
        for who, why in match.left_out:
            yield f"{_place(match, matches)}, {_name(who)}: no times, because {why}."
        for who, row in match.rows:
            if row.void:
                because = f"void, because {row.void}"
                yield f"{_place(match, matches)}, {_name(who)}: {because}."


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
