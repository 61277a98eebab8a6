"""The quality of revision ids: whether they were drawn, and whether they differ enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from harness.assessment.graph_faults import finding, shown
from harness.assessment.values import Finding
from harness.contract import Identity
from harness.model.faults import FaultKind
from harness.model.history import Revision

_FEW = 4


def id_faults(
    revisions: Mapping[str, Revision], identity: Identity
) -> Iterator[Finding]:
    """Return what is wrong with ids that are not numbers."""
    if identity.numbered:
        return
    yield from _bad(revisions, identity)
    typed = [r for r in revisions.values() if is_typed(r.id)]
    if typed:
        words = (
            f"{_ids(len(typed))} typed, not drawn: others type the same, and then two "
            "scripts have one id"
        )
        yield finding(FaultKind.TYPED_ID, words, "let the tool draw the id", *typed)
    yield from _close(revisions)


def is_typed(name: str) -> bool:
    """Tell whether an id looks as if somebody had typed it along the keyboard.

    Letters and digits that alternate and ascend, as in `a1b2c3d4e5f6`; one step from
    each character to the next, as in `123456789abc`; or very few different characters.
    Words are chosen, and are not meant here.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{8,}", name):
        return False
    lower = name.lower()
    halves = (lower[::2], lower[1::2])
    alternating = any(
        one.isalpha() and other.isdigit() for one, other in (halves, halves[::-1])
    )
    if alternating and any(_ascends(half) for half in halves):
        return True
    values = [int(character, 16) for character in lower]
    steps = {b - a for a, b in pairwise(values)}
    return len(steps) == 1 or steps == {1, -9} or len(set(lower)) <= _FEW - 1


def _ascends(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1}


def _bad(revisions: Mapping[str, Revision], identity: Identity) -> Iterator[Finding]:
    for r in revisions.values():
        if not r.id or r.id in identity.words:
            words = f"{shown(r.id)} is an id that commands do not take for a revision"
            yield finding(FaultKind.BAD_ID, words, "give it another id", r)
        reserved = sorted(set(r.id) & set(identity.reserved))
        if reserved:
            words = f"{r.id} holds {' '.join(reserved)}, which commands read otherwise"
            yield finding(FaultKind.BAD_ID, words, "give it another id", r)
        if identity.limit is not None and len(r.id) > identity.limit:
            words = f"{r.id} has {len(r.id)} characters; {identity.limit} are stored"
            yield finding(FaultKind.BAD_ID, words, "give it a shorter id", r)


def _close(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    """Tell ids that are the beginning of another, or differ in case only."""
    names = sorted(revisions)
    for name, following in pairwise(names):
        if name and following.startswith(name):
            words = (
                f"{name} is the beginning of {following}: abbreviated, it is not clear"
            )
            pair = (revisions[name], revisions[following])
            yield finding(FaultKind.CLOSE_IDS, words, "give one another id", *pair)
    lower: dict[str, str] = {}
    for name in names:
        other = lower.setdefault(name.lower(), name)
        if other != name:
            words = f"{other} and {name} differ in case only"
            pair = (revisions[other], revisions[name])
            yield finding(FaultKind.CLOSE_IDS, words, "give one another id", *pair)


def chosen(revisions: Mapping[str, Revision], identity: Identity) -> tuple[str, ...]:
    """Return ids that the tool has not drawn, going by their form."""
    if identity.numbered or not identity.drawn:
        return ()
    return tuple(n for n in revisions if not re.fullmatch(identity.drawn, n))


def longest_common_beginning(revisions: Mapping[str, Revision]) -> int:
    """Return how many characters the two most alike ids begin with together."""
    names = sorted(revisions)
    pairs = pairwise(names)
    return max((_common(a, b) for a, b in pairs), default=0)


def _common(a: str, b: str) -> int:
    same = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        same += 1
    return same


def _ids(count: int) -> str:
    return "1 id was" if count == 1 else f"{count} ids were"
