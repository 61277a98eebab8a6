"""C14: what a migration costs on real data."""

from __future__ import annotations

from claims.stories import ALEMBIC, MIGRATE
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import cells
from harness.judgement.wording import listed
from harness.model.speed import Spread

_EVERY = "speed/backfill_that_changes_every_row"
_NONE = "speed/backfill_that_changes_no_row"
_TOLD = (_EVERY, _NONE)
_TOOLS = {ALEMBIC: "alembic", MIGRATE: "sqlalchemy-migrate"}


def _depends(view: View) -> Answer:
    taken = {name: pair for name in _TOOLS if (pair := _times(view, name)) is not None}
    if len(taken) < len(_TOOLS):
        return not_shown("the stories went through, and nothing was timed in them")
    apart = [_TOOLS[name] for name, pair in taken.items() if _apart(*pair)]
    said = "; ".join(_words(_TOOLS[name], *pair) for name, pair in taken.items())
    sentence = (
        "the same migration, on two tables of as many rows and bytes, took "
        f"{said} (in brackets, half of the samples)"
    )
    if not apart:
        return not_shown(f"these two sets of data do not differ enough: {sentence}")
    whole = len(apart) == len(taken)
    return Answer(
        weighed=Weighed.SUPPORTED if whole else Weighed.MIXED,
        sentence=sentence,
        condition=""
        if whole
        else f"the tool: the two sets are told apart with {listed(apart)} only",
        cells=cells(view.finding(name, story) for name in _TOOLS for story in _TOLD),
    )


def _times(view: View, candidate: str) -> tuple[Spread, Spread] | None:
    every = view.finding(candidate, _EVERY).timed
    none = view.finding(candidate, _NONE).timed
    return (every.wall, none.wall) if every and none else None


def _apart(one: Spread, other: Spread) -> bool:
    """Tell whether half of the samples of one lie beyond half of those of the other."""
    return one.quarter > other.three_quarters or other.quarter > one.three_quarters


def _words(tool: str, every: Spread, none: Spread) -> str:
    return (
        f"{_in_seconds(every)} with {tool} where it changes every row and "
        f"{_in_seconds(none)} where it changes none"
    )


def _in_seconds(spread: Spread) -> str:
    quarters = f"{spread.quarter:.2f} to {spread.three_quarters:.2f} s"
    return f"{spread.median:.2f} s ({quarters})"


C14 = Claim(
    id="C14",
    sentence="How long a migration takes on a real deployment cannot be told by reading "
    "it; it depends on the shape of the data.",
    why="A window for maintenance is planned from something, and reading is cheapest.",
    needs=(Need(ALEMBIC, _TOLD), Need(MIGRATE, _TOLD)),
    decide=_depends,
)
