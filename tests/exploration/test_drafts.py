"""What is drawn can be carried out by any database, there and back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from harness.exploration.drafts import BASE, Draft, drafts, scenario_of
from harness.exploration.pruning import pruned
from harness.exploration.soundness import after, check, moved
from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    DropColumn,
    DropTable,
    Operation,
    RenameTable,
)
from harness.model.rows import Row
from harness.model.schema import (
    Check,
    Column,
    ForeignKey,
    Integer,
    Schema,
    SchemaError,
    String,
    Table,
    Unique,
)
from harness.model.steps import Author, Expect

_ID = Column("id", Integer(), nullable=False, primary_key=True)
_NAME = Column("name", String(20))
_TEAM = Column("team_id", Integer())
_SCHEMA = Schema((Table("teams", (_ID,)), Table("users", (_ID, _NAME, _TEAM))))
_PEOPLE: tuple[Row, ...] = (
    {"id": 1, "name": "Zoé", "team_id": None},
    {"id": 2, "name": "zoe ", "team_id": 3},
    {"id": 3, "name": None, "team_id": None},
)
_ROWS = {"teams": (), "users": _PEOPLE}
_MODEST = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@_MODEST
@given(drafts(("sqlite",)))
def test_drafts_are_sound(draft: Draft) -> None:
    """Whatever moves are drawn, every operation on the way fits schema and rows."""
    ground = (
        Schema(draft.tables),
        {t.name: draft.rows.get(t.name, ()) for t in draft.tables},
    )

    check(ground)
    moved(ground, draft.line, draft.moves, draft.furnished)

    assert all(migration.upgrade for migration in draft.line)


@_MODEST
@given(drafts(("sqlite", "postgresql")))
def test_drafts_for_several_backends_use_what_all_of_them_know(draft: Draft) -> None:
    """A collation or a trigger that is SQLite's own is not drawn for others."""
    types = [column.type for table in draft.tables for column in table.columns]

    assert draft.furnished == ""
    assert all(getattr(kind, "collation", None) is None for kind in types)


@_MODEST
@given(drafts(("sqlite",)))
def test_a_story_looks_at_the_database_after_every_move(draft: Draft) -> None:
    """There is an expectation for the ground and for each move, and no more."""
    steps = scenario_of(draft, ("sqlite",)).steps
    written = [s.migration.name for s in steps if isinstance(s, Author)]
    looks = [s.after for s in steps if isinstance(s, Expect)]

    assert [BASE, *(m.name for m in draft.line)] == written
    assert [1, *(1 + place for place in draft.moves)] == [len(names) for names in looks]


@_MODEST
@given(drafts(("sqlite",)))
def test_pruning_leaves_what_shows_and_nothing_else(draft: Draft) -> None:
    """Of a draft that shows what any draft shows, one bare table is left."""
    left = pruned(draft, lambda _: True)

    assert left.line == ()
    assert left.rows == {}
    assert [table.columns for table in left.tables] in ([], [(_ID,)])


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        (AddColumn("users", Column("x", Integer(), nullable=False)), "needs a default"),
        (AddUnique("users", Unique("uq", ("name",))), "duplicates"),
        (AlterColumn("users", _NAME, nullable=False), "has nulls"),
        (AlterColumn("users", _NAME, type=String(3)), "do not fit"),
        (AlterColumn("users", _NAME, type=Integer()), "something else"),
        (AlterColumn("users", _ID, nullable=True), "stays required"),
        (DropColumn("users", "id"), "could not be put back"),
        (DropTable("teams"), "has to keep its name"),
        (RenameTable("teams", "groups"), "has to keep its name"),
        (
            AddForeignKey("users", ForeignKey("fk", ("team_id",), "teams", ("id",))),
            "point nowhere",
        ),
        (
            AddForeignKey("users", ForeignKey("fk", ("name",), "teams", ("id",))),
            "key of its type",
        ),
        (AddUnique("users", Unique("teams", ("team_id",))), "used twice"),
        (AddUnique("users", Unique("uq", ("id",))), "two keys"),
        (AddCheck("users", Check("ck", "id <> 13")), "on a primary key"),
        (AddCheck("users", Check("ck", "order <> 13")), "reserved word"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_no_database_could_do_is_refused(
    operation: Operation, complaint: str
) -> None:
    """Rows and shared rules of databases decide, not the schema alone."""
    with pytest.raises(SchemaError, match=complaint):
        after((_SCHEMA, _ROWS), (operation,), ("teams",))
