"""How cost grows: with the history, with the schema, and with the rows of a table."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.growth import Growth, Quantity, Stage
from harness.model.operations import (
    AddColumn,
    AddUnique,
    AlterColumn,
    CreateIndex,
    CreateTable,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Index, Integer, String, Table, Unique
from harness.model.steps import (
    Author,
    CompareModels,
    Current,
    Declare,
    Fill,
    Grow,
    GrowWithMerges,
    ListHeads,
    Measurable,
    Measure,
    Migration,
    Propose,
    Stamp,
    Step,
    Upgrade,
)
from scenarios.world import CREATE_USERS, ID

REVISIONS = Quantity("the revisions of a line", "revision")
MERGED = Quantity("the revisions of a history that branches and merges", "revision")
TABLES = Quantity("the tables of the schema", "table")
AWAY = Quantity("milliseconds to the server and back", "millisecond")
ROWS = Quantity("the rows of the table", "row")

_LENGTHS = (10, 100, 300, 1_000, 2_000, 5_000, 10_000)
_COUNTS = (1, 10, 100, 200, 500, 1_000)
_DISTANCES = (0, 1, 2, 4, 7, 10)
_HEAPS = (1_000, 10_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
_NUMBER = Column("number", Integer())
_PEOPLE = Table("people", (ID, Column("name", String(50)), _NUMBER))
_CREATE_PEOPLE = Migration("create_people", (CreateTable(_PEOPLE),))
_STAMPED = (
    "The database is stamped with the newest of them, and has none of their tables."
)
_ASKED = "Every question to the server takes that long until it is answered."
_USUAL = (
    "history_heads",
    "history_upgrade_by_one",
    "history_upgrade_from_empty",
    "merges_upgrade_by_one",
    "tables_autogenerate",
    "rows_add_index",
    "rows_alter_column",
    "distance_upgrade_by_twenty",
)
_Story = Callable[[int], tuple[tuple[Step, ...], Measurable]]


def _growth(
    name: str,
    timed: str,
    why: str,
    quantity: Quantity,
    sizes: tuple[int, ...],
    story: _Story,
    *backends: str,
) -> Growth:
    question = f"How does the cost of {timed} grow with {quantity.name}?"
    return Growth(
        name=name,
        question=question,
        why=why,
        timed=timed,
        quantity=quantity,
        usual=name in _USUAL,
        stages=tuple(
            Stage(
                size,
                Scenario(
                    name=f"{name}_{size}",
                    family=Family.SPEED,
                    backends=backends or ("sqlite",),
                    question=question,
                    why=why,
                    steps=(*story(size)[0], Measure(story(size)[1])),
                ),
                distance=size if quantity is AWAY else None,
            )
            for size in sizes
        ),
    )


def _stamped(revisions: int) -> tuple[Step, ...]:
    return Grow(revisions), Stamp(f"grown_{revisions:05}")


def _stamped_after_merges(revisions: int) -> tuple[Step, ...]:
    return GrowWithMerges(revisions), Stamp(f"grown_{revisions:05}")


def _tables(count: int) -> tuple[Step, ...]:
    """Return the steps that lead to a database with so many tables, and to its models."""
    columns = (ID, Column("name", String(50)), _NUMBER)
    made = tuple(CreateTable(Table(f"t{n:05}", columns)) for n in range(1, count + 1))
    return Author(Migration("create_tables", made)), Upgrade()


def _on_rows(name: str, what: str, *operations: Operation) -> Growth:
    def story(rows: int) -> tuple[tuple[Step, ...], Measurable]:
        before = (Author(_CREATE_PEOPLE), Upgrade(), Fill("people", rows))
        return (*before, Author(Migration(name, operations))), Upgrade()

    return _growth(
        f"rows_{name}",
        what,
        "On a large table the database's work may outweigh the tool's, or the tool may "
        "have the database copy the table.",
        ROWS,
        _HEAPS,
        story,
        "sqlite",
        "postgresql",
    )


HISTORY = (
    _growth(
        "history_upgrade_by_one",
        "an upgrade by one revision",
        f"It is what a deployment of an old project does. {_STAMPED}",
        REVISIONS,
        _LENGTHS,
        lambda n: ((*_stamped(n), Author(CREATE_USERS)), Upgrade()),
    ),
    _growth(
        "history_upgrade_with_nothing_to_do",
        "an upgrade that has nothing to do",
        f"Services often upgrade whenever they start. {_STAMPED}",
        REVISIONS,
        _LENGTHS,
        lambda n: (_stamped(n), Upgrade()),
    ),
    _growth(
        "history_current",
        "asking where a database stands",
        f"Services and operators ask it. {_STAMPED}",
        REVISIONS,
        _LENGTHS,
        lambda n: (_stamped(n), Current()),
    ),
    _growth(
        "history_heads",
        "asking for the newest revisions",
        "Gates ask for it on every patch.",
        REVISIONS,
        _LENGTHS,
        lambda n: ((Grow(n),), ListHeads()),
    ),
    _growth(
        "history_author",
        "writing one more migration",
        "Developers do it every day.",
        REVISIONS,
        _LENGTHS,
        lambda n: ((Grow(n),), Author(CREATE_USERS)),
    ),
    _growth(
        "history_upgrade_from_empty",
        "an upgrade from empty",
        "Every test run that makes a database with migrations pays it.",
        REVISIONS,
        _LENGTHS,
        lambda n: ((Grow(n),), Upgrade()),
    ),
)
MERGES = (
    _growth(
        "merges_upgrade_by_one",
        "an upgrade by one revision",
        f"It is what a deployment of an old project does. {_STAMPED}",
        MERGED,
        _LENGTHS,
        lambda n: ((*_stamped_after_merges(n), Author(CREATE_USERS)), Upgrade()),
    ),
    _growth(
        "merges_heads",
        "asking for the newest revisions",
        "Gates ask for it on every patch.",
        MERGED,
        _LENGTHS,
        lambda n: ((GrowWithMerges(n),), ListHeads()),
    ),
    _growth(
        "merges_upgrade_from_empty",
        "an upgrade from empty",
        "Every test run that makes a database with migrations pays it.",
        MERGED,
        _LENGTHS,
        lambda n: ((GrowWithMerges(n),), Upgrade()),
    ),
)
SCHEMA = (
    _growth(
        "tables_compare_models",
        "comparing a database with its models",
        "Gates do it on every patch.",
        TABLES,
        _COUNTS,
        lambda n: ((*_tables(n), Declare(("create_tables",))), CompareModels()),
    ),
    _growth(
        "tables_autogenerate",
        "having a migration written from the models",
        "Developers do it every day.",
        TABLES,
        _COUNTS,
        lambda n: (
            (
                *_tables(n),
                Declare(
                    ("create_tables",),
                    (AddColumn("t00001", Column("town", String(50))),),
                ),
            ),
            Propose("add_town"),
        ),
    ),
    _growth(
        "tables_upgrade_by_one",
        "an upgrade that adds a column to one table",
        "Nothing about the other tables is asked for.",
        TABLES,
        _COUNTS,
        lambda n: (
            (
                *_tables(n),
                Author(
                    Migration(
                        "add_town", (AddColumn("t00001", Column("town", String(50))),)
                    )
                ),
            ),
            Upgrade(),
        ),
    ),
)
TABLE = (
    _on_rows(
        "add_column", "adding a column", AddColumn("people", Column("town", String(50)))
    ),
    _on_rows(
        "add_index",
        "adding an index",
        CreateIndex("people", Index("ix_people_number", ("number",))),
    ),
    _on_rows(
        "add_constraint",
        "adding a unique constraint",
        AddUnique("people", Unique("uq_people_number", ("number",))),
    ),
    _on_rows(
        "alter_column",
        "changing the type of a column",
        AlterColumn("people", _NUMBER, type=String(20)),
    ),
)


DISTANCE = (
    _growth(
        "distance_upgrade_by_one",
        "an upgrade by one revision",
        f"Deployments often run elsewhere than the database. {_ASKED}",
        AWAY,
        _DISTANCES,
        lambda _: ((Grow(1), Upgrade(), Author(CREATE_USERS)), Upgrade()),
        "postgresql",
    ),
    _growth(
        "distance_upgrade_by_twenty",
        "an upgrade from empty by twenty revisions",
        f"What a tool asks at every revision is paid for every revision. {_ASKED}",
        AWAY,
        _DISTANCES,
        lambda _: ((Grow(20),), Upgrade()),
        "postgresql",
    ),
)
