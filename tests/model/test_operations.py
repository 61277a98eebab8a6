"""Laws of the operations, over schemas and rows drawn at random."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    Backfill,
    CommentOnColumn,
    CommentOnTable,
    CreateIndex,
    CreateTable,
    CreateType,
    DropCheck,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    DropType,
    DropUnique,
    Operation,
    RenameColumn,
    RenameTable,
    apply_all,
    reverse_all,
)
from harness.model.schema import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Schema,
    SchemaError,
    String,
    Table,
    Text,
    Unique,
)
from tests.model.strategies import backfills, histories, schemas

_ID = Column("id", Integer(), nullable=False, primary_key=True)
_NAME = Column("name", String(50))
_TEAMS = Table("teams", (_ID, Column("title", Text())))
_USERS = Table(
    "users",
    (_ID, _NAME, Column("team_id", Integer())),
    uniques=(Unique("uq_name", ("name",)),),
    indexes=(Index("ix_name", ("name",)),),
    foreign_keys=(ForeignKey("fk_team", ("team_id",), "teams", ("id",)),),
    checks=(Check("ck_name", "name <> 'name'"),),
)
_SCHEMA = Schema((_TEAMS, _USERS))


@given(st.data())
def test_the_reverse_restores_the_schema(data: st.DataObject) -> None:
    """Whatever the operations, undoing them leads back to the same schema."""
    before = data.draw(schemas())
    history = data.draw(histories(before))

    there = apply_all(history, before)
    back = apply_all(reverse_all(history, before), there)

    assert before.canonical() == back.canonical()


@given(st.data())
def test_a_schema_stays_whole(data: st.DataObject) -> None:
    """No operation that fits leaves a schema whose parts do not fit one another."""
    before = data.draw(schemas())

    after = apply_all(data.draw(histories(before)), before)

    assert after == after.validated()


@given(st.data())
def test_json_keeps_operations(data: st.DataObject) -> None:
    """Operations and schemas survive the way to disk and back."""
    schema = data.draw(schemas())
    history = data.draw(histories(schema))

    kept = msgspec.json.decode(
        msgspec.json.encode((schema, history)),
        type=tuple[Schema, tuple[Operation, ...]],
    )

    assert (schema, history) == kept


@given(st.data())
def test_a_backfill_leaves_the_schema(data: st.DataObject) -> None:
    """Filling rows changes no schema, and there is nothing to undo in one."""
    schema = data.draw(schemas())
    backfill = data.draw(backfills(schema))
    assume(schema.has(backfill.table))

    assert schema == backfill.apply(schema)
    assert () == backfill.reverse(schema)


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        (CreateTable(_TEAMS), "there is already a table teams"),
        (CreateTable(Table("empty", ())), "table empty has no columns"),
        (CreateTable(Table("twice", (_ID, _ID))), "table twice has two columns named"),
        (
            CreateTable(Table("loose", (_ID,), indexes=(Index("ix", ("gone",)),))),
            "table loose has no column gone",
        ),
        (DropTable("gone"), "there is no table gone"),
        (DropTable("teams"), "there is no table teams"),
        (RenameTable("gone", "new"), "there is no table gone"),
        (RenameTable("users", "teams"), "there is already a table teams"),
        (AddColumn("users", _NAME), "table users already has a column name"),
        (AddColumn("gone", _NAME), "there is no table gone"),
        (DropColumn("users", "gone"), "table users has no column gone"),
        (DropColumn("teams", "id"), "table teams has no column id"),
        (RenameColumn("users", "gone", "new"), "table users has no column gone"),
        (RenameColumn("users", "id", "name"), "table users already has a column name"),
        (AlterColumn("users", Column("gone", Text())), "table users has no column"),
        (AlterColumn("users", Column("name", Text())), "users.name is not as stated"),
        (
            CreateIndex("users", Index("ix", ("gone",))),
            "table users has no column gone",
        ),
        (CreateIndex("users", Index("ix_name", ("id",))), "two indexes named ix_name"),
        (DropIndex("users", Index("ix_name", ("id",))), "there is no Index"),
        (AddUnique("users", Unique("uq", ("gone",))), "table users has no column gone"),
        (AddUnique("users", Unique("uq_name", ("id",))), "two uniques named uq_name"),
        (DropUnique("users", Unique("uq", ("name",))), "there is no Unique"),
        (
            AddForeignKey("users", ForeignKey("fk", ("id",), "gone", ("id",))),
            "there is no table gone",
        ),
        (
            AddForeignKey("users", ForeignKey("fk", ("id",), "teams", ("gone",))),
            "table teams has no column gone",
        ),
        (
            AddForeignKey("users", ForeignKey("fk", ("gone",), "teams", ("id",))),
            "table users has no column gone",
        ),
        (
            DropForeignKey("users", ForeignKey("fk", ("id",), "teams", ("id",))),
            "there is no ForeignKey",
        ),
        (AddCheck("users", Check("ck_name", "id > 0")), "two checks named ck_name"),
        (DropCheck("users", Check("ck", "id > 0")), "there is no Check"),
        (Backfill("users", "gone", value="x"), "table users has no column gone"),
        (Backfill("users", "name", copy_of="gone"), "table users has no column gone"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_does_not_fit_is_refused(operation: Operation, complaint: str) -> None:
    """An operation that does not fit says what is missing or in its way."""
    with pytest.raises(SchemaError, match=complaint):
        operation.apply(_SCHEMA)


def test_dropping_the_only_column_is_refused() -> None:
    """A table without columns cannot be."""
    schema = Schema((Table("lonely", (_ID,)),))

    with pytest.raises(SchemaError, match="table lonely has no columns"):
        DropColumn("lonely", "id").apply(schema)


def test_a_renamed_column_is_followed_everywhere() -> None:
    """Constraints, indexes and conditions follow; a literal in a condition does not."""
    table = RenameColumn("users", "name", "login").apply(_SCHEMA).table("users")

    assert table.uniques == (Unique("uq_name", ("login",)),)
    assert table.indexes == (Index("ix_name", ("login",)),)
    assert table.checks == (Check("ck_name", "login <> 'name'"),)


def test_other_tables_follow_a_renamed_target() -> None:
    """A foreign key follows when the table or the column that it points to is renamed."""
    renames = (RenameTable("teams", "groups"), RenameColumn("groups", "id", "number"))

    (key,) = apply_all(renames, _SCHEMA).table("users").foreign_keys

    assert key == ForeignKey("fk_team", ("team_id",), "groups", ("number",))


def test_dropping_a_column_takes_what_stands_on_it() -> None:
    """Unique constraint, index and check on a column go with it, the rest stays."""
    table = DropColumn("users", "name").apply(_SCHEMA).table("users")

    assert (table.uniques, table.indexes, table.checks) == ((), (), ())
    assert table.foreign_keys == _USERS.foreign_keys


def test_comments_are_taken_back() -> None:
    """Undoing a comment says what was said before, if anything was."""
    first = (CommentOnTable("users", "one"), CommentOnColumn("users", _NAME, "two"))
    commented = apply_all(first, _SCHEMA)
    name = commented.table("users").column("name")
    second = (CommentOnTable("users", None), CommentOnColumn("users", name, "three"))

    for before, changes in ((_SCHEMA, first), (commented, second)):
        after = apply_all(changes, before)
        assert after != before
        assert before == apply_all(reverse_all(changes, before), after)
    with pytest.raises(SchemaError, match="not as stated"):
        CommentOnColumn("users", _NAME, "four").apply(commented)


def test_a_type_that_a_column_is_of_cannot_be_dropped() -> None:
    """A type changes no schema; it goes after the last column of it."""
    kinds = Enum("kind", ("a", "b"))
    grown = AddColumn("users", Column("kind", kinds)).apply(_SCHEMA)

    assert (DropType(kinds),) == CreateType(kinds).reverse(_SCHEMA)
    assert _SCHEMA == CreateType(kinds).apply(_SCHEMA) == DropType(kinds).apply(_SCHEMA)
    with pytest.raises(SchemaError, match="a column is of the type kind"):
        DropType(kinds).apply(grown)


def test_an_expression_follows_a_renamed_column() -> None:
    """A generated column is worked out from a column by the name that it has."""
    gross = Column("gross", Integer(), generated="net * 2")
    table = Table("parts", (_ID, Column("net", Integer()), gross))

    renamed = RenameColumn("parts", "net", "bare").apply(Schema((table,)))

    assert "bare * 2" == renamed.table("parts").column("gross").generated
