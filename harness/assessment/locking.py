"""Which acts lock or rewrite a table that is in use, per backend, and where that is said.

Facts of the databases' own manuals, for a table that is there already: what is done to
a table that the same script creates holds nobody up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from harness.assessment.values import LockUse
from harness.model.history import Act, ActKind, Revision, Trait
from harness.model.locks import Effect


class LockFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backend does for an act: all of `having` are there, none of `lacking`."""

    backend: str
    kind: ActKind
    having: frozenset[Trait] = frozenset()
    lacking: frozenset[Trait] = frozenset()
    effect: Effect
    words: str
    source: str

    def concerns(self, act: Act) -> bool:
        """Tell whether the fact is about an act."""
        traits = set(act.traits)
        return (
            act.kind is self.kind
            and self.having <= traits
            and not self.lacking & traits
        )


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facts: tuple[LockFact, ...]


def _read() -> tuple[LockFact, ...]:
    text = Path(__file__).with_suffix(".toml").read_bytes()
    return msgspec.toml.decode(text, type=_Facts).facts


FACTS = _read()


def locks(revisions: Mapping[str, Revision]) -> tuple[LockUse, ...]:
    """Return the facts that acts of upgrades fall under, each with those acts."""
    found: list[LockUse] = []
    for fact in FACTS:
        acts = list(_concerned(fact, revisions.values()))
        if acts:
            found.append(
                LockUse(
                    backend=fact.backend,
                    kind=fact.kind,
                    effect=fact.effect,
                    words=fact.words,
                    source=fact.source,
                    revisions=tuple(dict.fromkeys(r.id for r, _ in acts)),
                    acts=tuple(_place(r, act) for r, act in acts),
                )
            )
    return tuple(found)


def _concerned(
    fact: LockFact, revisions: Iterable[Revision]
) -> Iterator[tuple[Revision, Act]]:
    for revision in revisions:
        if not revision.parents:
            continue  # It begins with an empty database.
        everything = revision.upgrade.acts
        acts = [act for act in everything if fact.backend not in act.left_out]
        new = {act.table for act in acts if act.kind is ActKind.CREATE_TABLE}
        for act in acts:
            if fact.concerns(act) and not (act.table and act.table in new):
                yield revision, act


def _place(revision: Revision, act: Act) -> str:
    what = " ".join(filter(None, (act.kind, act.table, act.name)))
    return f"{revision.id}: {what} (line {act.line})"
