"""C1, C2 and C7: patches that compete for the next place in the history."""

from __future__ import annotations

from claims.stories import (
    ALEMBIC,
    JOINED,
    LINEAR,
    MANIFEST,
    MIGRATE,
    REDONE,
    STACK,
    costs,
    costs_said,
    share,
    unmended,
)
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import cells, title
from harness.judgement.wording import cost_in_words, count, listed
from harness.model.verdict import Cost, Finding, Loser

_RACES = (
    "conflicts/two_patches_race_one_by_one",
    "conflicts/three_patches_race_one_by_one",
    "conflicts/ten_patches_race_one_by_one",
)
_ALL_RACES = "conflicts/*_patches_race_one_by_one"
_COMPARED = (*REDONE, STACK)


def _had_to(loser: Loser) -> bool:
    """Tell whether a loser was changed, and had met trouble without that."""
    watched = loser.watched
    return loser.changed and bool(watched.stopped or watched.harm)


def _counted(findings: tuple[Finding, ...]) -> tuple[int, int]:
    """Return how many losers had to be changed, and how many there were."""
    losers = [loser for f in findings if f.race for loser in f.race.losers]
    return sum(map(_had_to, losers)), len(losers)


def _only_one_wins(view: View) -> Answer:
    races = tuple(f for f in view.shown(MIGRATE, _ALL_RACES) if f.race)
    sizes = sorted(f.race.authors for f in races if f.race)
    had_to, losers = _counted(races)
    if not losers:
        return not_shown("no race was run to its end")
    free = [title(f) for f in races if _counted((f,))[0] < _counted((f,))[1]]
    others = {n: view.shown(n, _ALL_RACES) for n in (MANIFEST, ALEMBIC, LINEAR)}
    weighed = share(had_to, losers)
    return Answer(
        weighed=weighed,
        sentence=f"of {listed(map(str, sizes))} patches landed one by one, {had_to} of "
        f"{count(losers, 'loser')} had to be changed{_for_comparison(others)}",
        condition=f"the race: not all had to be changed in {listed(free)}"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(
            (view.finding(MIGRATE, s) for s in _RACES), races, *others.values()
        ),
    )


def _for_comparison(others: dict[str, tuple[Finding, ...]]) -> str:
    counted = {name: _counted(findings) for name, findings in others.items()}
    said = [f"{name} {some} of {of}" for name, (some, of) in counted.items() if of]
    return f"; for comparison: {listed(said)}" if said else ""


def _small(cost: Cost) -> bool:
    """Tell whether redoing touches one file, and at most one line of it."""
    lines = max(cost.lines_added, cost.lines_deleted)
    return cost.files <= 1 and lines <= 1


def _many_files(view: View) -> Answer:
    missing = unmended(view, MIGRATE, REDONE)
    if missing:
        return not_shown(missing)
    found = costs(view, MIGRATE, REDONE)
    small = [kind for kind, cost in found.items() if _small(cost)]
    large = [kind for kind in found if kind not in small]
    weighed = share(len(large), len(found))
    return Answer(
        weighed=weighed,
        sentence=f"redoing a loser took, for {costs_said(found)}",
        condition=f"what the patch consists of: more than one file or one line for "
        f"{listed(large)}; not for {listed(small)}"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(view.finding(MIGRATE, story) for story in REDONE),
    )


def _alembic_is_worse(view: View) -> Answer:
    missing = [unmended(view, name, _COMPARED) for name in (ALEMBIC, MIGRATE)]
    if any(missing):
        return not_shown("; ".join(filter(None, missing)))
    ours, theirs = (costs(view, name, _COMPARED) for name in (ALEMBIC, MIGRATE))
    more = [kind for kind in ours if _compared(ours[kind], theirs[kind])[0]]
    less = [kind for kind in ours if _compared(ours[kind], theirs[kind])[1]]
    joined = view.shown(ALEMBIC, JOINED)
    unedited = any(f.costs and not f.costs[0].edited for f in joined)
    if not more:
        weighed = Weighed.REFUTED
    elif less or unedited:
        weighed = Weighed.MIXED
    else:
        weighed = Weighed.SUPPORTED
    return Answer(
        weighed=weighed,
        sentence="redoing a loser took, with alembic against sqlalchemy-migrate, for "
        f"{_side_by_side(ours, theirs)} (alembic takes no SQL files: its "
        f"patch is the script alone){_merge_words(joined)}",
        condition=_what_decides(ours, theirs, unedited=unedited)
        if weighed is Weighed.MIXED
        else "",
        cells=cells(
            (view.finding(n, s) for n in (ALEMBIC, MIGRATE) for s in _COMPARED), joined
        ),
    )


def _lines(cost: Cost) -> int:
    return cost.lines_added + cost.lines_deleted


def _compared(one: Cost, other: Cost) -> tuple[bool, bool]:
    """Tell whether one cost is more in some count, and whether it is less in some."""
    mine, theirs = ((c.files, _lines(c), c.commands) for c in (one, other))
    pairs = list(zip(mine, theirs, strict=True))
    return any(a > b for a, b in pairs), any(a < b for a, b in pairs)


def _side_by_side(ours: dict[str, Cost], theirs: dict[str, Cost]) -> str:
    return "; ".join(
        f"{kind}: {cost_in_words(ours[kind])} against {cost_in_words(theirs[kind])}"
        for kind in ours
    )


def _merge_words(joined: tuple[Finding, ...]) -> str:
    said = [cost_in_words(f.costs[0]) for f in joined if f.costs]
    return (
        f"; joining both with a merge revision instead took {said[0]}" if said else ""
    )


def _what_decides(
    ours: dict[str, Cost], theirs: dict[str, Cost], *, unedited: bool
) -> str:
    pairs = {kind: (ours[kind], theirs[kind]) for kind in ours}
    said = [
        f"{words} with alembic for {listed(kinds)}"
        for words, kinds in (
            ("more files", [k for k, (a, b) in pairs.items() if a.files > b.files]),
            ("fewer files", [k for k, (a, b) in pairs.items() if a.files < b.files]),
            ("more lines", [k for k, (a, b) in pairs.items() if _lines(a) > _lines(b)]),
            (
                "fewer lines",
                [k for k, (a, b) in pairs.items() if _lines(a) < _lines(b)],
            ),
        )
        if kinds
    ]
    if unedited:
        said.append("with a merge revision no header is edited")
    return f"what is counted: {'; '.join(said)}"


C1 = Claim(
    id="C1",
    sentence="With sqlalchemy-migrate, when several patches compete for the next version "
    "number only one can win; each of the others must be redone by hand.",
    why="Every loser is a day of review lost, and on a busy project there are many.",
    needs=(Need(MIGRATE, _RACES),),
    decide=_only_one_wins,
)
C2 = Claim(
    id="C2",
    sentence="Redoing it means renaming a selection of files, and changing tests that "
    "have the number baked in, not a one-line change.",
    why="A mechanical one-line change could be made, and reviewed, without thought.",
    needs=(Need(MIGRATE, REDONE),),
    backends=("sqlite",),
    decide=_many_files,
)
C7 = Claim(
    id="C7",
    sentence="For competing patches alembic is worse, because the header of the losing "
    "migration has to be edited.",
    why="Where patches compete every week, the cost of losing decides.",
    needs=(Need(ALEMBIC, _COMPARED), Need(MIGRATE, _COMPARED)),
    backends=("sqlite",),
    decide=_alembic_is_worse,
)
