"""The graph of a history: its ends, its partings, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from harness.assessment.values import MergeOf, Shape
from harness.model.history import History, Revision


def shape(history: History) -> Shape:
    """Return the shape of a history; an id that is there twice counts once."""
    revisions = by_id(history.revisions)
    children = Counter(p for r in revisions.values() for p in r.parents)
    return Shape(
        scripts=history.scripts,
        revisions=len(history.revisions),
        unread=tuple(r.id for r in revisions.values() if r.unread),
        heads=tuple(name for name in revisions if not children[name]),
        bases=tuple(r.id for r in revisions.values() if not r.parents),
        branch_points=tuple(n for n in revisions if children[n] > 1),
        merges=tuple(r.id for r in revisions.values() if len(r.parents) > 1),
        labels={label: r.id for r in revisions.values() for label in r.labels},
        dependencies=sum(len(r.depends_on) for r in revisions.values()),
    )


def by_id(revisions: Iterable[Revision]) -> dict[str, Revision]:
    """Return revisions by id, the first of each."""
    found: dict[str, Revision] = {}
    for revision in revisions:
        found.setdefault(revision.id, revision)
    return found


def merges(revisions: Mapping[str, Revision]) -> tuple[MergeOf, ...]:
    """Return the merge revisions, by date."""
    found = (
        MergeOf(r.id, r.date, r.message, r.parents)
        for r in revisions.values()
        if len(r.parents) > 1
    )
    return tuple(sorted(found, key=lambda merge: (merge.date, merge.id)))


def older_than_parents(revisions: Mapping[str, Revision]) -> tuple[str, ...]:
    """Return revisions with a date before that of a parent, where both have one."""
    return tuple(
        r.id
        for r in revisions.values()
        if r.date
        and any(
            r.date < revisions[parent].date
            for parent in r.parents
            if parent in revisions
        )
    )


def circles(revisions: Mapping[str, Revision]) -> tuple[tuple[str, ...], ...]:
    """Return groups of revisions that follow each other in a circle.

    Also by what they depend on. Revisions that nothing leads to from outside are taken
    away from both ends until only circles and what lies between them is left.
    """
    left = dict(revisions)
    while True:
        needed = {name for r in left.values() for name in _before(r)}
        kept = {
            name: r
            for name, r in left.items()
            if name in needed and any(before in left for before in _before(r))
        }
        if len(kept) == len(left):
            return tuple(_groups(left))
        left = kept


def ancestors(name: str, revisions: Mapping[str, Revision]) -> frozenset[str]:
    """Return everything before a revision, by parents."""
    found: set[str] = set()
    waiting = list(revisions[name].parents) if name in revisions else []
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(revisions[one].parents if one in revisions else ())
    return frozenset(found)


def _before(revision: Revision) -> tuple[str, ...]:
    return (*revision.parents, *revision.depends_on)


def _groups(left: Mapping[str, Revision]) -> Iterator[tuple[str, ...]]:
    """Return revisions in connected groups."""
    waiting = dict(left)
    while waiting:
        group: dict[str, None] = {}
        edge = [next(iter(waiting))]
        while edge:
            name = edge.pop()
            if waiting.pop(name, None) is None:
                continue
            group[name] = None
            edge.extend(n for n in _before(left[name]) if n in waiting)
            edge.extend(n for n, r in waiting.items() if name in _before(r))
        yield tuple(sorted(group))
