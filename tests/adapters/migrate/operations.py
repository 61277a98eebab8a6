"""Every operation on one small schema, for the tests of what is written for it."""

from __future__ import annotations

from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    Backfill,
    CreateIndex,
    CreateTable,
    DropCheck,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    DropUnique,
    Operation,
    RenameColumn,
    RenameTable,
    RunStatement,
    apply_all,
)
from harness.model.schema import (
    Boolean,
    Check,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Schema,
    String,
    Table,
    Text,
    Unique,
)
from harness.model.steps import Migration

ID = Column("id", Integer(), nullable=False, primary_key=True)
NAME = Column("name", String(50))
ACTIVE = Column("active", Boolean(), nullable=False, default="1")
USERS = Table(
    "users",
    (ID, NAME, ACTIVE, Column("team_id", Integer()), Column("made_at", DateTime())),
    uniques=(Unique("uq_users_made_at", ("made_at",)),),
    indexes=(Index("ix_users_made_at", ("made_at",)),),
)
TEAMS = Table("teams", (ID, Column("title", String(50), nullable=False)))
GROUND = Migration("ground", (CreateTable(TEAMS), CreateTable(USERS)))
BEFORE = apply_all(GROUND.upgrade, Schema())

UNIQUE = Unique("uq_users_name", ("name", "active"))
INDEX = Index("ix_users_name", ("name",))
WIDE = Index("ix_users_two", ("name", "active"))
KEY = ForeignKey("fk_users_team", ("team_id",), "teams", ("id",), on_delete="CASCADE")
CHECK = Check("ck_users_name", "name <> ''")
ROOMS = Table(
    "rooms",
    (ID, Column("team_id", Integer()), Column("label", Text())),
    uniques=(Unique("uq_rooms_label", ("label",)),),
    indexes=(Index("ix_rooms_team", ("team_id",)),),
    foreign_keys=(ForeignKey("fk_rooms_team", ("team_id",), "teams", ("id",)),),
    checks=(Check("ck_rooms_label", "label <> ''"),),
    autoincrement=True,
)

CHANGES: dict[str, tuple[Operation, ...]] = {
    "create_table": (CreateTable(ROOMS),),
    "drop_table": (DropTable("users"),),
    "rename_table": (RenameTable("users", "people"),),
    "add_column": (AddColumn("users", Column("email", String(80))),),
    "add_required_column": (
        AddColumn("users", Column("visits", Integer(), nullable=False, default="0")),
    ),
    "drop_column": (DropColumn("users", "made_at"),),
    "drop_indexed_column": (
        CreateIndex("users", INDEX),
        CreateIndex("users", WIDE),
        DropColumn("users", "name"),
    ),
    "drop_constrained_columns": (
        AddUnique("users", UNIQUE),
        AddForeignKey("users", KEY),
        DropColumn("users", "name"),
        DropColumn("users", "team_id"),
    ),
    "rename_column": (RenameColumn("users", "made_at", "created_at"),),
    "alter_type": (AlterColumn("users", NAME, type=Text()),),
    "alter_nullable": (AlterColumn("users", ACTIVE, nullable=True),),
    "alter_both": (AlterColumn("users", NAME, type=String(200), nullable=False),),
    "create_index": (CreateIndex("users", INDEX),),
    "create_unique_index": (
        CreateIndex("users", Index("ix_users_name", ("name",), unique=True)),
    ),
    "drop_index": (DropIndex("users", USERS.indexes[0]),),
    "add_unique": (AddUnique("users", UNIQUE),),
    "drop_unique": (AddUnique("users", UNIQUE), DropUnique("users", UNIQUE)),
    "add_foreign_key": (AddForeignKey("users", KEY),),
    "drop_foreign_key": (AddForeignKey("users", KEY), DropForeignKey("users", KEY)),
    "add_check": (AddCheck("users", CHECK),),
    "drop_check": (AddCheck("users", CHECK), DropCheck("users", CHECK)),
    "backfill": (Backfill("users", "name", value="o'hara"),),
    "backfill_copy": (
        AddColumn("users", Column("nickname", String(50))),
        Backfill("users", "nickname", copy_of="name"),
    ),
    "run_statement": (
        RunStatement("UPDATE users SET name = 'a:b' WHERE name LIKE '%x'"),
    ),
}
"""A change by name; none of them needs another."""

EVERYTHING = Migration(
    "everything",
    (
        CreateTable(ROOMS),
        AddColumn("rooms", Column("floor", Integer(), nullable=False, default="0")),
        Backfill("rooms", "floor", value=1),
        RenameColumn("users", "made_at", "created_at"),
        AddUnique("users", UNIQUE),
        CreateIndex("users", INDEX),
        AlterColumn("users", NAME, type=String(200), nullable=False),
        AddForeignKey("users", KEY),
        DropIndex("users", INDEX),
        DropUnique("users", UNIQUE),
        RenameTable("users", "people"),
        DropColumn("people", "created_at"),
        AddColumn("people", Column("email", String(80))),
    ),
)
