"""C8: what the names of files tell of a history."""

from __future__ import annotations

import msgspec

from claims.stories import ALEMBIC, BY_HAND, CLEAN_LINE, MIGRATE, NO_LINE
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import cells
from harness.judgement.wording import count
from harness.model.cell import Cell
from harness.model.verdict import Finding

_LISTED_FAULTS = NO_LINE[:4]
_LISTED = "offline/read_the_history"
_STRAIGHT = ("changes/*", CLEAN_LINE)


class _Listing(msgspec.Struct, frozen=True):
    """What the names of a candidate's files tell, sorted as a directory shows them.

    `ordered` of `clean` histories are in their own order; `seen` of `faults` show as a
    number that is there twice or is left out.
    """

    ordered: int
    clean: int
    seen: int
    faults: int
    cells: tuple[Cell, ...]

    @property
    def tells_all(self) -> bool:
        return (self.ordered, self.seen) == (self.clean, self.faults)

    @property
    def words(self) -> str:
        return (
            f"{self.ordered} of {count(self.clean, 'clean history', 'clean histories')} "
            f"stand in their order and {self.seen} of {count(self.faults, 'fault')} can "
            "be seen"
        )


def _listing(view: View, candidate: str, other: str) -> _Listing:
    """Look at histories of two or more migrations that both candidates have written."""
    written = {f.cell.scenario for f in view.shown(other, *_STRAIGHT) if f.files[1:]}
    straight = view.shown(candidate, *_STRAIGHT)
    clean = [f for f in straight if f.files[1:] and f.cell.scenario in written]
    faults = [view.finding(candidate, story) for story in _LISTED_FAULTS]
    return _Listing(
        ordered=sum(sorted(f.files) == list(f.files) for f in clean),
        clean=len(clean),
        seen=sum(_shows_a_fault(f.files) for f in faults),
        faults=len(faults),
        cells=cells(clean, faults, [view.finding(candidate, CLEAN_LINE)]),
    )


def _shows_a_fault(files: tuple[str, ...]) -> bool:
    """Tell whether files begin with numbers, and one is there twice or left out."""
    numbers = [name.partition("_")[0] for name in files]
    if not all(number.isdecimal() for number in numbers):
        return False
    return sorted(map(int, numbers)) != list(range(1, len(numbers) + 1))


def _looked_up(by_hand: Finding) -> str:
    """Return what somebody had to look up who wrote a file by hand."""
    said = by_hand.headline
    return said.partition("to be looked up: ")[2] or said


def _by_command(view: View) -> str:
    """Say what alembic's own listing of the history could do without."""
    tries = [t for f in view.shown(ALEMBIC, _LISTED) for t in f.offline if t.without]
    works = sum(tried.kind.went_through for tried in tries)
    said = f"; alembic's own listing works in {works} of {len(tries)} tries with the "
    missing = "network, a database or the application's configuration missing"
    return f"{said}{missing}" if tries else ""


def _needs_a_tool(view: View) -> Answer:
    ours, theirs = _listing(view, ALEMBIC, MIGRATE), _listing(view, MIGRATE, ALEMBIC)
    if not (ours.clean and theirs.clean):
        return not_shown("no history of two files or more was written with both tools")
    by_hand = [view.finding(name, BY_HAND) for name in (ALEMBIC, MIGRATE)]
    condition = ""
    if ours.tells_all:
        weighed = Weighed.REFUTED
    elif theirs.tells_all:
        weighed = Weighed.SUPPORTED
    else:
        weighed = Weighed.MIXED
        condition = (
            "which half is meant: alembic's files do not tell, but numbered files do not "
            "tell all either"
        )
    return Answer(
        weighed=weighed,
        sentence="in a plain directory listing, with the names that alembic gives by "
        f"itself, {ours.words}; with numbered files, {theirs.words}; whoever "
        f"writes the next one by hand looks up, with alembic, {_looked_up(by_hand[0])}, "
        f"and with sqlalchemy-migrate {_looked_up(by_hand[1])}{_by_command(view)}",
        condition=condition,
        cells=(
            *ours.cells,
            *theirs.cells,
            *cells(by_hand, view.shown(ALEMBIC, _LISTED)),
        ),
    )


C8 = Claim(
    id="C8",
    sentence="Checking that an alembic history is linear needs a tool, because it is too "
    "hard to read off the files; with numbered files it can be seen.",
    why="A reviewer has a list of files, and often nothing else.",
    needs=(
        Need(ALEMBIC, (*_LISTED_FAULTS, CLEAN_LINE, BY_HAND)),
        Need(MIGRATE, (*_LISTED_FAULTS, CLEAN_LINE, BY_HAND)),
    ),
    backends=("sqlite",),
    decide=_needs_a_tool,
)
