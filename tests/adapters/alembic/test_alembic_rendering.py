"""The Python that is written where SQLite has nothing to try it on."""

from __future__ import annotations

from adapters.alembic.rendering import body
from harness.model.operations import (
    AddColumn,
    AlterColumn,
    CommentOnColumn,
    CommentOnTable,
    CreateType,
    DropColumn,
    DropType,
)
from harness.model.schema import Column, Enum, Index, Integer, Schema, String, Table

_NAME = Column("name", String(50))
_USERS = Schema((Table("users", (_NAME,)),))


def test_a_type_of_words_is_seen_to_beside_its_column() -> None:
    """`op.add_column` does not create it, and `op.drop_column` does not drop it."""
    kinds = Enum("kind", ("a", "b"))
    added = AddColumn("users", Column("kind", kinds))

    there = body((CreateType(kinds), added), _USERS, batches=False)
    back = body((DropType(kinds),), _USERS, batches=False)

    create = 'sa.Enum("a", "b", name="kind").create(op.get_bind(), checkfirst=True)'
    assert create in there
    assert create.replace("create", "drop") in back
    assert there.index("create(") < there.index("op.add_column(")


def test_comments_state_what_was_there() -> None:
    """MySQL restates whole columns, and would lose what is not said again."""
    commented = Column("name", String(50), comment="old")
    change = (
        CommentOnTable("users", "people"),
        CommentOnTable("users", None, "people"),
        CommentOnColumn("users", commented, None),
    )

    lines = body(change, Schema((Table("users", (commented,)),)), batches=False)

    assert 'op.create_table_comment("users", "people", existing_comment=None)' in lines
    assert 'op.drop_table_comment("users", existing_comment="people")' in lines
    assert 'existing_comment="old",\n        comment=None,\n' in lines


def test_a_generated_column_is_stored() -> None:
    """SQLAlchemy leaves it to the database otherwise."""
    total = Column("total", Integer(), generated="id * 2", comment="twice")

    line = body((AddColumn("users", total),), _USERS, batches=False)

    assert 'sa.Computed("id * 2", persisted=True)' in line
    assert 'comment="twice"' in line


def test_a_plain_migration_is_one_call_for_one_change() -> None:
    """There is no batch, and no word on an index that stands on a column."""
    columns = (_NAME, Column("age", Integer()))
    indexed = Table("users", columns, indexes=(Index("ix_name", ("name",)),))
    change = (
        AlterColumn("users", _NAME, type=String(99)),
        DropColumn("users", "name"),
    )

    lines = body(change, Schema((indexed,)), batches=True, plain=True)

    assert "batch" not in lines
    assert "drop_index" not in lines
    assert lines.endswith('    op.drop_column("users", "name")')
