"""C5 and C6: histories that are to be a line, and who sees to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from claims.stories import (
    ALEMBIC,
    CLEAN_LINE,
    JOINED,
    LINEAR,
    MIGRATE,
    NO_LINE,
    share,
)
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import (
    RIGHT,
    Fate,
    cells,
    faulty,
    stopped_before_the_tool,
    title,
)
from harness.judgement.wording import count, listed
from harness.model.verdict import Finding, Grade

_FAMILY = "linearity/*"
_NO_FAULT = "no story came as far as a fault"


def _counts(fates: Iterable[Fate]) -> str:
    """Return how many stories came to each fate, best first."""
    counted = Counter(fates)
    return listed(f"{counted[fate]} {fate}" for fate in Fate if counted[fate])


def _left_out(view: View, candidate: str) -> str:
    grades = Counter(f.grade for f in view.unshown(candidate, _FAMILY))
    said = [
        f"{grades[grade]} {words}"
        for grade, words in (
            (Grade.UNSUPPORTED, "cannot be expressed and count neither way"),
            (Grade.UNKNOWN, "not established"),
        )
        if grades[grade]
    ]
    return f" ({'; '.join(said)})" if said else ""


def _by_itself(view: View) -> Answer:
    fates = faulty(view.shown(MIGRATE, _FAMILY))
    if not fates:
        return not_shown(_NO_FAULT)
    line = {f: fate for f, fate in fates.items() if f.cell.scenario in NO_LINE}
    rejected, of_line = _rejected(fates), _rejected(line)
    weighed = share(len(rejected), len(fates))
    rest = len(fates) - len(line)
    return Answer(
        weighed=weighed,
        sentence=f"of {count(len(fates), 'fault')}, {_counts(fates.values())}"
        f"{_left_out(view, MIGRATE)}; of the {len(line)} in which the tree itself is no "
        f"line, {_counts(line.values())}",
        condition=f"what is wrong: {len(of_line)} of {len(line)} come out right where "
        f"the tree is no line{_except(line)}, {len(rejected) - len(of_line)} of {rest} "
        "where names, scripts, books or databases are wrong"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(fates, _needed(view, MIGRATE)),
    )


def _needed(view: View, candidate: str) -> list[Finding]:
    return [view.finding(candidate, story) for story in (*NO_LINE, CLEAN_LINE)]


def _rejected(fates: dict[Finding, Fate]) -> list[Finding]:
    return [finding for finding, fate in fates.items() if fate in RIGHT]


def _except(fates: dict[Finding, Fate]) -> str:
    others = [title(f) for f, fate in fates.items() if fate not in RIGHT]
    return f" (not: {listed(others)})" if others else ""


class _Layer(msgspec.Struct, frozen=True):
    """The stories of linearity told by a candidate alone, and by one with a check."""

    alone: dict[str, tuple[Finding, Fate]]
    guarded: dict[str, tuple[Finding, Fate]]

    @property
    def both(self) -> list[str]:
        return [story for story in self.alone if story in self.guarded]

    @property
    def gaps(self) -> list[str]:
        """The faults of which the tool alone does not do what is right."""
        return [s for s in self.both if self.alone[s][1] not in RIGHT]

    @property
    def stopped(self) -> list[str]:
        """The faults that git or the check stops."""
        return [s for s in self.both if stopped_before_the_tool(self.guarded[s][0])]

    @property
    def earlier(self) -> list[str]:
        """Those of them that would come as far as the tool without the check."""
        return [
            s for s in self.stopped if not stopped_before_the_tool(self.alone[s][0])
        ]

    @property
    def through(self) -> list[str]:
        """The faults that neither the check nor the tool rejects."""
        rest = [s for s in self.both if s not in self.stopped]
        return [s for s in rest if self.guarded[s][1] not in RIGHT]


def _further_layer(view: View) -> Answer:
    layer = _Layer(
        _by_story(faulty(view.shown(ALEMBIC, _FAMILY))),
        _by_story(faulty(view.shown(LINEAR, _FAMILY))),
    )
    if not layer.both:
        return not_shown(_NO_FAULT)
    branching = view.shown(ALEMBIC, JOINED)
    branches = any(finding.grade is not Grade.BAD for finding in branching)
    no_line = [s for s in layer.both if s in NO_LINE]
    rejected = [s for s in no_line if s not in layer.gaps]
    parts = {
        "alembic allows a line": view.finding(ALEMBIC, CLEAN_LINE).grade is Grade.GOOD,
        "alembic leaves it unenforced": branches or not rejected,
        "a further check stops some before alembic would": bool(layer.earlier),
        "some get past both": bool(layer.through),
    }
    enforced = not branches and rejected == no_line
    weighed = _all_of(parts.values()) if not enforced else Weighed.REFUTED
    return Answer(
        weighed=weighed,
        sentence=f"alembic by itself {_joining(view)}, and rejects "
        f"{len(rejected)} of {count(len(no_line), 'fault')} in which the tree is no line "
        f"before any change; of {len(layer.both)} faults of all kinds, "
        f"{_counts(fate for _, fate in (layer.alone[s] for s in layer.both))}; "
        "under the linear policy git or the check stops "
        f"{len(layer.stopped)} of them ({len(layer.earlier)} before alembic itself "
        f"would), and {len(layer.through)} get past both",
        condition=_which_hold(parts) if weighed is Weighed.MIXED else "",
        cells=cells(
            [layer.alone[s][0] for s in layer.both],
            [layer.guarded[s][0] for s in layer.both],
            branching,
            *(_needed(view, name) for name in (ALEMBIC, LINEAR)),
        ),
    )


def _joining(view: View) -> str:
    """Say what becomes of a history that branches and is joined again."""
    for finding in view.shown(ALEMBIC, JOINED):
        does = "gets on" if finding.grade is not Grade.BAD else "does not get on"
        return f"{does} with a history that branches and is joined by a merge revision"
    return "cannot join a history that branches"


def _by_story(fates: dict[Finding, Fate]) -> dict[str, tuple[Finding, Fate]]:
    return {f.cell.scenario: (f, fate) for f, fate in fates.items()}


def _all_of(parts: Iterable[bool]) -> Weighed:
    return Weighed.SUPPORTED if all(parts) else Weighed.MIXED


def _which_hold(parts: dict[str, bool]) -> str:
    holds = [part for part, true in parts.items() if true]
    fails = [part for part, true in parts.items() if not true]
    return (
        f"which part is meant: it holds that {listed(holds)}; it does not hold as it "
        f"stands that {listed(fails)}"
    )


C5 = Claim(
    id="C5",
    sentence="sqlalchemy-migrate enforces linearity by itself.",
    why="A rule that the tool keeps needs no review and no further check.",
    needs=(Need(MIGRATE, (*NO_LINE, CLEAN_LINE)),),
    decide=_by_itself,
)
C6 = Claim(
    id="C6",
    sentence="alembic allows linear histories and does not enforce them; staying linear "
    "needs a further layer of checking, where errors slip through.",
    why="Every layer has to be written, run, and believed.",
    needs=(
        Need(ALEMBIC, (*NO_LINE, CLEAN_LINE)),
        Need(LINEAR, (*NO_LINE, CLEAN_LINE)),
    ),
    decide=_further_layer,
)
