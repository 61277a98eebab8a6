"""The Python that is written for each operation, to the letter."""

from __future__ import annotations

from textwrap import indent

import pytest

from adapters.migrate.rendering import python_script
from harness.contract import Unsupported
from harness.model.operations import (
    AddColumn,
    Backfill,
    CommentOnTable,
    CreateTable,
    CreateType,
    DropCheck,
    DropColumn,
    DropType,
    Operation,
    apply_all,
)
from harness.model.schema import (
    BigInteger,
    Check,
    Column,
    Enum,
    Index,
    Integer,
    Numeric,
    Schema,
    String,
    Table,
)
from harness.model.steps import Migration
from tests.adapters.migrate.operations import BEFORE, CHANGES, ID

_READ = """\
meta = MetaData(bind=migrate_engine)
users = Table("users", meta, autoload=True)
"""
_BODIES = {
    "create_table": """\
meta = MetaData(bind=migrate_engine)
teams = Table("teams", meta, autoload=True)
rooms = Table(
    "rooms",
    meta,
    Column("id", Integer, primary_key=True, nullable=False),
    Column("team_id", Integer),
    Column("label", Text),
    UniqueConstraint("label", name="uq_rooms_label"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_rooms_team"),
    CheckConstraint("label <> ''", name="ck_rooms_label"),
    Index("ix_rooms_team", "team_id"),
    sqlite_autoincrement=True,
)
rooms.create()
""",
    "drop_table": _READ + "users.drop()\n",
    "rename_table": _READ + 'users.rename("people")\n',
    "add_column": _READ + 'Column("email", String(80)).create(users)\n',
    "add_required_column": _READ
    + 'Column("visits", Integer, nullable=False, server_default="0").create(users)\n',
    "drop_column": _READ + "users.c.made_at.drop()\n",
    "drop_indexed_column": f"""\
{_READ}Index("ix_users_name", users.c.name).create()
Index("ix_users_two", users.c.name, users.c.active).create()
Index("ix_users_two", users.c.name, users.c.active).drop()
{_READ}users.c.name.drop()
""",
    "drop_constrained_columns": f"""\
{_READ}constraint.UniqueConstraint(
    users.c.name, users.c.active, name="uq_users_name"
).create()
{_READ}teams = Table("teams", meta, autoload=True)
constraint.ForeignKeyConstraint(
    [users.c.team_id], [teams.c.id], name="fk_users_team", ondelete="CASCADE"
).create()
if migrate_engine.name == "mysql":
    meta = MetaData(bind=migrate_engine)
    users = Table("users", meta, autoload=True)
    constraint.UniqueConstraint(
        users.c.name, users.c.active, name="uq_users_name"
    ).drop()
{_READ}users.c.name.drop()
if migrate_engine.name == "mysql":
    meta = MetaData(bind=migrate_engine)
    users = Table("users", meta, autoload=True)
    teams = Table("teams", meta, autoload=True)
    constraint.ForeignKeyConstraint(
        [users.c.team_id], [teams.c.id], name="fk_users_team", ondelete="CASCADE"
    ).drop()
{_READ}users.c.team_id.drop()
""",
    "rename_column": _READ + 'users.c.made_at.alter(name="created_at")\n',
    "alter_type": _READ + "users.c.name.alter(type=Text)\n",
    "alter_nullable": _READ + "users.c.active.alter(nullable=True)\n",
    "alter_both": _READ + "users.c.name.alter(type=String(200), nullable=False)\n",
    "create_index": _READ + 'Index("ix_users_name", users.c.name).create()\n',
    "create_unique_index": _READ
    + 'Index("ix_users_name", users.c.name, unique=True).create()\n',
    "drop_index": _READ + 'Index("ix_users_made_at", users.c.made_at).drop()\n',
    "add_unique": f"""\
{_READ}constraint.UniqueConstraint(
    users.c.name, users.c.active, name="uq_users_name"
).create()
""",
    "add_foreign_key": f"""\
{_READ}teams = Table("teams", meta, autoload=True)
constraint.ForeignKeyConstraint(
    [users.c.team_id], [teams.c.id], name="fk_users_team", ondelete="CASCADE"
).create()
""",
    "add_check": _READ
    + "constraint.CheckConstraint("
    + '"name <> \'\'", table=users, name="ck_users_name").create()\n',
    "drop_check": f"""\
{_READ}constraint.CheckConstraint("name <> ''", table=users, name="ck_users_name").create()
if migrate_engine.name == "mysql":
    migrate_engine.execute("ALTER TABLE users DROP CONSTRAINT ck_users_name")
else:
    meta = MetaData(bind=migrate_engine)
    users = Table("users", meta, autoload=True)
    constraint.CheckConstraint(
        "name <> ''", table=users, name="ck_users_name"
    ).drop()
""",
    "backfill": f"""\
{_READ}migrate_engine.execute(
    users.update().where(users.c.name.is_(None)).values(name="o'hara")
)
""",
    "backfill_copy": f"""\
{_READ}Column("nickname", String(50)).create(users)
migrate_engine.execute(
    users.update().where(users.c.nickname.is_(None)).values(nickname=users.c.name)
)
""",
    "run_statement": """\
migrate_engine.execute(text("UPDATE users SET name = 'a\\\\:b' WHERE name LIKE '%x'"))
""",
}


def _upgrade(operations: tuple[Operation, ...], before: Schema) -> str:
    script = python_script(Migration("change", operations, ()), before)
    return script.partition("def upgrade(migrate_engine):\n")[2].partition("\n\n\n")[0]


@pytest.mark.parametrize("name", _BODIES)
def test_operation_in_python(name: str) -> None:
    """An operation is written as the manual of the tool has it."""
    assert indent(_BODIES[name].rstrip(), "    ") == _upgrade(CHANGES[name], BEFORE)


def test_a_whole_script() -> None:
    """A script imports what it needs, and goes up and down."""
    column = Column("email", String(50))
    migration = Migration(
        "add_email",
        (AddColumn("users", column), Backfill("users", "email", value="none")),
        (DropColumn("users", "email"),),
    )

    assert (
        python_script(migration, BEFORE)
        == """\
from sqlalchemy import Column, MetaData, String, Table


def upgrade(migrate_engine):
    meta = MetaData(bind=migrate_engine)
    users = Table("users", meta, autoload=True)
    Column("email", String(50)).create(users)
    migrate_engine.execute(
        users.update().where(users.c.email.is_(None)).values(email="none")
    )


def downgrade(migrate_engine):
    meta = MetaData(bind=migrate_engine)
    users = Table("users", meta, autoload=True)
    users.c.email.drop()
"""
    )


def test_a_placeholder() -> None:
    """A migration that does nothing is a script that does nothing."""
    assert (
        python_script(Migration("placeholder"), Schema())
        == """\
def upgrade(migrate_engine):
    pass


def downgrade(migrate_engine):
    pass
"""
    )


def test_a_check_of_a_table_with_a_reserved_name_is_dropped_on_mysql() -> None:
    """What is written as text has the quotes that MySQL wants."""
    check = Check("ck", "id > 0")
    before = Schema((Table("group", (ID,), checks=(check,)),))

    script = _upgrade((DropCheck("group", check),), before)

    assert "ALTER TABLE `group` DROP CONSTRAINT ck" in script


def test_names_that_python_has_a_use_for() -> None:
    """Tables and columns may be named as Python's words and the tool's methods."""
    table = Table(
        "meta",
        (ID, Column("class", BigInteger()), Column("keys", Numeric(9, 2))),
    )
    change = (
        Backfill("meta", "class", value=1),
        Backfill("meta", "keys", value=None),
    )

    assert (
        _upgrade(change, apply_all((CreateTable(table),), Schema()))
        == """\
    meta = MetaData(bind=migrate_engine)
    meta_table = Table("meta", meta, autoload=True)
    migrate_engine.execute(
        meta_table.update().where(meta_table.c["class"].is_(None)).values({"class": 1})
    )
    migrate_engine.execute(
        meta_table.update().where(meta_table.c["keys"].is_(None)).values(keys=None)
    )"""
    )


@pytest.mark.parametrize("name", CHANGES)
def test_lines_fit(name: str) -> None:
    """No line of a script is longer than Python's readers like it."""
    script = python_script(Migration("change", CHANGES[name], ()), BEFORE)

    assert [] == [line for line in script.splitlines() if len(line) > 88]


def test_descriptions_in_python() -> None:
    """A type of words is created beside its column; a comment goes into the column."""
    kinds = Enum("kind", ("a", "b"))
    column = Column("kind", kinds, comment="of two")
    total = Column("total", Integer(), generated="id * 2")
    upgrade = (CreateType(kinds), AddColumn("users", column), AddColumn("users", total))
    downgrade = (DropColumn("users", "kind"), DropType(kinds))

    script = python_script(Migration("kinds", upgrade, downgrade), BEFORE)

    assert (
        'Enum("a", "b", name="kind").create(migrate_engine, checkfirst=True)' in script
    )
    assert 'Enum("a", "b", name="kind").drop(migrate_engine, checkfirst=True)' in script
    assert 'Column("kind", Enum("a", "b", name="kind"), comment="of two")' in script
    assert 'Column("total", Integer, Computed("id * 2", persisted=True))' in script


def test_a_comment_alone_cannot_be_said() -> None:
    """The tool takes a column's new comment and changes nothing."""
    comment = CommentOnTable("users", "people")

    with pytest.raises(Unsupported, match="no operation on comments"):
        python_script(Migration("comment", (comment,)), BEFORE)


@pytest.mark.parametrize("plain", [False, True])
def test_a_plain_migration_takes_no_way_around(*, plain: bool) -> None:
    """An index over more columns stays, and MySQL gets no statement of its own."""
    check = Check("ck_name", "name <> ''")
    wide = Index("ix_wide", ("id", "name"))
    users = Table(
        "users", (ID, Column("name", String(50))), indexes=(wide,), checks=(check,)
    )
    change = (DropCheck("users", check), DropColumn("users", "name"))

    script = python_script(Migration("drop", change, (), plain=plain), Schema((users,)))

    assert ('Index("ix_wide"' in script) is not plain
    assert ('migrate_engine.name == "mysql"' in script) is not plain
    assert "users.c.name.drop()" in script
