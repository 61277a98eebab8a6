"""Faults of the order of a history: every departure from a clean line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from harness.assessment.shape import ancestors, by_id, circles
from harness.assessment.values import Finding, severity_of
from harness.contract import Identity
from harness.model.faults import FaultKind
from harness.model.history import History, Revision


def graph_faults(history: History, identity: Identity) -> Iterator[Finding]:
    """Return what is wrong with the order of a history."""
    revisions = by_id(history.revisions)
    yield from _duplicates(history)
    yield from _missing(revisions)
    yield from _circles(revisions)
    yield from _ends(revisions)
    yield from _labels(revisions)
    yield from _headings(revisions)
    yield from _parents(revisions)
    if identity.numbered:
        yield from _gaps(revisions)
        yield from _start(revisions)


def finding(kind: FaultKind, words: str, remedy: str, *revisions: Revision) -> Finding:
    """Return a finding about revisions, with their files."""
    return Finding(
        kind=kind,
        severity=severity_of(kind),
        words=words,
        remedy=remedy,
        revisions=tuple(dict.fromkeys(r.id for r in revisions)),
        files=tuple(dict.fromkeys(f for r in revisions for f in r.files)),
    )


def shown(name: str) -> str:
    """Return an id as it is told; one that is empty cannot be seen."""
    return name or "''"


def _duplicates(history: History) -> Iterator[Finding]:
    found: dict[str, list[Revision]] = defaultdict(list)
    for revision in history.revisions:
        found[revision.id].append(revision)
    for name, several in found.items():
        if len(several) > 1:
            yield finding(
                FaultKind.DUPLICATE_ID,
                f"{name} is the id of {len(several)} scripts",
                "give all but one an id of its own, and see what follows them",
                *several,
            )


def _missing(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    labels = {label for r in revisions.values() for label in r.labels}
    for revision in revisions.values():
        for parent in revision.parents:
            if parent not in revisions:
                yield finding(
                    FaultKind.MISSING_PARENT,
                    f"{revision.id} follows {shown(parent)}, which is not there",
                    f"bring back {shown(parent)}, or let {revision.id} follow another",
                    revision,
                )
        for needed in revision.depends_on:
            if needed not in revisions and needed not in labels:
                yield finding(
                    FaultKind.MISSING_DEPENDENCY,
                    f"{revision.id} depends on {shown(needed)}, which is not there",
                    f"bring back {shown(needed)}, or take it out of {revision.id}",
                    revision,
                )


def _gaps(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    """Return the numbers that are missing between two others."""
    for before, here in pairwise(sorted(map(int, revisions))):
        if before + 1 < here:
            several = f"{before + 1} to {here - 1} are missing"
            missing = f"{before + 1} is missing" if before + 2 == here else several
            words = f"after {before} comes {here}: {missing}"
            remedy = (
                f"number {here} and what follows anew, or put empty scripts in the gap"
            )
            yield finding(FaultKind.GAP, words, remedy, revisions[str(here)])


def _circles(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    for group in circles(revisions):
        members = [revisions[name] for name in group]
        words = f"{', '.join(group)} follow each other in a circle"
        remedy = "let one of them follow a revision outside of the circle"
        yield finding(FaultKind.CYCLE, words, remedy, *members)


def _ends(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    followed = {parent for r in revisions.values() for parent in r.parents}
    heads = [r for r in revisions.values() if r.id not in followed]
    bases = [r for r in revisions.values() if not r.parents]
    unlabelled = [r for r in heads if not _label_of(r, revisions)]
    names = ", ".join(r.id for r in heads)
    if len(heads) > 1 and unlabelled:
        words = f"the history has {len(heads)} heads: {names}"
        remedy = "merge them, or let one follow the other"
        yield finding(FaultKind.SEVERAL_HEADS, words, remedy, *heads)
    if len(bases) > 1:
        words = (
            f"the history begins {len(bases)} times: {', '.join(r.id for r in bases)}"
        )
        remedy = "leave it if these are independent lines; else give one a parent"
        yield finding(FaultKind.SEVERAL_BASES, words, remedy, *bases)


def _label_of(head: Revision, revisions: Mapping[str, Revision]) -> tuple[str, ...]:
    """Return the labels of the line that ends with a head: lines on purpose have one."""
    before = (revisions[n] for n in ancestors(head.id, revisions) if n in revisions)
    return (*head.labels, *(label for r in before for label in r.labels))


def _labels(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    found: dict[str, list[Revision]] = defaultdict(list)
    for revision in revisions.values():
        for label in dict.fromkeys(revision.labels):
            found[label].append(revision)
    for label, several in found.items():
        if label in revisions:
            words = f"the label {label} on {several[0].id} is also the id of a revision"
            owner = revisions[label]
            remedy = "give the line another label"
            yield finding(FaultKind.DUPLICATE_LABEL, words, remedy, *several, owner)
        elif len(several) > 1 and not _computed(label):
            words = f"the label {label} is on {len(several)} revisions"
            yield finding(FaultKind.DUPLICATE_LABEL, words, "keep one", *several)


def _computed(label: str) -> bool:
    return not label.replace("-", "_").isidentifier()


def _headings(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    for r in revisions.values():
        if r.said is not None and set(r.said) != set(filter(None, r.parents)):
            said = ", ".join(r.said) or "nothing"
            truly = ", ".join(r.parents) or "nothing"
            words = (
                f"{r.id} says in its heading that it follows {said}; it follows {truly}"
            )
            yield finding(FaultKind.STALE_HEADING, words, "write the heading anew", r)


def _parents(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    for r in revisions.values():
        for parent in r.parents if len(r.parents) > 1 else ():
            others = [other for other in r.parents if other != parent]
            if any(parent in ancestors(other, revisions) for other in others):
                words = (
                    f"{r.id} joins {parent}, which lies before another of its parents"
                )
                remedy = f"leave {parent} out of its parents"
                yield finding(FaultKind.REDUNDANT_PARENT, words, remedy, r)
        if len(r.parents) > 1 and r.upgrade.acts:
            words = f"{r.id} joins lines and changes the database as well"
            remedy = "put the changes into a revision after it"
            yield finding(FaultKind.MERGE_WITH_CHANGES, words, remedy, r)


def _start(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    first = min(revisions.values(), key=lambda r: int(r.id), default=None)
    if first is not None and int(first.id) > 1:
        words = f"the history begins at {first.id}, not at 1"
        yield finding(FaultKind.LATE_START, words, "", first)
