"""Which acts lock or rewrite a table that is in use, per backend, and where that is said.

Facts of the databases' own manuals, for a table that is there already: what is done to
a table that the same script creates holds nobody up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from harness.assessment.values import Effect, LockUse
from harness.model.history import Act, ActKind, Revision, Trait

_PG = "https://www.postgresql.org/docs/current/"
_PG_ALTER = f"{_PG}sql-altertable.html"
_MYSQL = "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html"
_SQLITE = "https://www.sqlite.org/lang_altertable.html"


class LockFact(msgspec.Struct, frozen=True, kw_only=True):
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


FACTS = (
    LockFact(
        backend="postgresql",
        kind=ActKind.ALTER_COLUMN,
        having=frozenset({Trait.TYPE}),
        effect=Effect.REWRITES,
        words="another type rewrites the table and its indexes under ACCESS EXCLUSIVE, "
        "unless the old type is binary coercible to the new",
        source=_PG_ALTER,
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.ALTER_COLUMN,
        having=frozenset({Trait.NOT_NULL}),
        effect=Effect.SCANS,
        words="SET NOT NULL reads the table under ACCESS EXCLUSIVE, unless a CHECK shows "
        "that there is no NULL",
        source=_PG_ALTER,
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.ADD_COLUMN,
        having=frozenset({Trait.NOT_NULL}),
        lacking=frozenset({Trait.DEFAULT}),
        effect=Effect.FAILS,
        words="a column that is NOT NULL and has no default cannot be added to rows",
        source=_PG_ALTER,
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.ADD_COLUMN,
        having=frozenset({Trait.FOREIGN_KEY}),
        effect=Effect.BLOCKS,
        words="a foreign key takes SHARE ROW EXCLUSIVE on both tables",
        source=_PG_ALTER,
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.ADD_COLUMN,
        having=frozenset({Trait.UNIQUE}),
        effect=Effect.BLOCKS,
        words="UNIQUE builds an index under ACCESS EXCLUSIVE",
        source=_PG_ALTER,
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.CREATE_INDEX,
        lacking=frozenset({Trait.CONCURRENTLY}),
        effect=Effect.BLOCKS,
        words="CREATE INDEX without CONCURRENTLY keeps writers out until it is built",
        source=f"{_PG}sql-createindex.html",
    ),
    LockFact(
        backend="postgresql",
        kind=ActKind.ADD_CONSTRAINT,
        having=frozenset({Trait.FOREIGN_KEY}),
        effect=Effect.BLOCKS,
        words="a foreign key takes SHARE ROW EXCLUSIVE on both tables and checks all "
        "rows, unless it is NOT VALID",
        source=_PG_ALTER,
    ),
    *(
        LockFact(
            backend="postgresql",
            kind=ActKind.ADD_CONSTRAINT,
            having=frozenset({trait}),
            effect=Effect.SCANS if trait is Trait.CHECK else Effect.BLOCKS,
            words=f"a {trait} constraint {how} under ACCESS EXCLUSIVE",
            source=_PG_ALTER,
        )
        for trait, how in (
            (Trait.CHECK, "reads all rows"),
            (Trait.UNIQUE, "builds an index"),
            (Trait.PRIMARY_KEY, "builds an index"),
        )
    ),
    LockFact(
        backend="mysql",
        kind=ActKind.ALTER_COLUMN,
        having=frozenset({Trait.TYPE}),
        effect=Effect.REWRITES,
        words="another type copies the table and keeps writers out; a longer VARCHAR "
        "within the same length bytes does not",
        source=_MYSQL,
    ),
    *(
        LockFact(
            backend="mysql",
            kind=ActKind.ALTER_COLUMN,
            having=frozenset({trait}),
            lacking=frozenset({Trait.TYPE}),
            effect=Effect.REWRITES,
            words="NULL or NOT NULL rebuilds the table in place; writers go on",
            source=_MYSQL,
        )
        for trait in (Trait.NOT_NULL, Trait.NULLABLE)
    ),
    LockFact(
        backend="mysql",
        kind=ActKind.DROP_COLUMN,
        effect=Effect.REWRITES,
        words="dropping a column rebuilds the table in place before MySQL 8.0.29, and is "
        "instant from then on",
        source=_MYSQL,
    ),
    LockFact(
        backend="mysql",
        kind=ActKind.ADD_CONSTRAINT,
        having=frozenset({Trait.FOREIGN_KEY}),
        effect=Effect.REWRITES,
        words="a foreign key copies the table and keeps writers out, unless "
        "foreign_key_checks is off",
        source=_MYSQL,
    ),
    LockFact(
        backend="mysql",
        kind=ActKind.ADD_CONSTRAINT,
        having=frozenset({Trait.PRIMARY_KEY}),
        effect=Effect.REWRITES,
        words="a primary key rebuilds the table in place",
        source=_MYSQL,
    ),
    LockFact(
        backend="sqlite",
        kind=ActKind.DROP_COLUMN,
        lacking=frozenset({Trait.COPY}),
        effect=Effect.REWRITES,
        words="DROP COLUMN writes all rows anew",
        source=_SQLITE,
    ),
    *(
        LockFact(
            backend="sqlite",
            kind=kind,
            having=frozenset({Trait.COPY}),
            effect=Effect.REWRITES,
            words="SQLite cannot change this in place: the tool copies the table, and "
            "nobody else can write to the database meanwhile",
            source=_SQLITE,
        )
        for kind in (
            ActKind.ADD_COLUMN,
            ActKind.DROP_COLUMN,
            ActKind.RENAME_COLUMN,
            ActKind.ALTER_COLUMN,
            ActKind.ADD_CONSTRAINT,
            ActKind.DROP_CONSTRAINT,
        )
    ),
    LockFact(
        backend="sqlite",
        kind=ActKind.CREATE_INDEX,
        effect=Effect.BLOCKS,
        words="SQLite has one writer at a time: nobody else writes while it is built",
        source="https://www.sqlite.org/lockingv3.html",
    ),
)


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
        acts = revision.upgrade.acts
        if not revision.parents and any(a.kind is ActKind.CREATE_TABLE for a in acts):
            continue  # It begins with an empty database.
        new = {act.table for act in acts if act.kind is ActKind.CREATE_TABLE}
        for act in acts:
            if fact.concerns(act) and not (act.table and act.table in new):
                yield revision, act


def _place(revision: Revision, act: Act) -> str:
    what = " ".join(filter(None, (act.kind, act.table, act.name)))
    return f"{revision.id}: {what} (line {act.line})"
