"""What explorations found in the tools, told as a team would meet it."""

from __future__ import annotations

from harness.model.operations import (
    AddCheck,
    AlterColumn,
    CreateTable,
    Operation,
    RenameColumn,
)
from harness.model.rows import Row
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    BigInteger,
    Check,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Unique,
)
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    Migration,
    Seed,
    Upgrade,
)
from scenarios.world import ID

_LABEL = Column("label", String(50))
_WIDER = (AlterColumn("parts", _LABEL, type=String(200)),)
_BOLT: Row = {"id": 1, "label": "bolt"}


def _found(
    name: str,
    question: str,
    why: str,
    tables: tuple[Table, ...],
    rows: dict[str, tuple[Row, ...]],
    *changes: tuple[Operation, ...],
    sources: tuple[str, ...] = (),
) -> Scenario:
    """Return a story of tables with rows, and of changes that go up one by one."""
    line = tuple(
        Migration(f"change_{number}", operations)
        for number, operations in enumerate(changes, 1)
    )
    ground = tuple(map(CreateTable, tables))
    names = ("create_tables", *(migration.name for migration in line))
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=(
            Author(Migration("create_tables", ground)),
            Upgrade(),
            *(Seed(table, kept) for table, kept in rows.items()),
            *(
                step
                for number, migration in enumerate(line, 2)
                for step in (Author(migration), Upgrade(), Expect(names[:number]))
            ),
            Downgrade(to=names[-2]),
            Expect(names[:-1]),
            Current(),
        ),
        sources=("exploration", *sources),
    )


_OPTIONS = Column("options", String(80), nullable=False, default='{"on":true}')
_A_COLON = "https://github.com/agronholm/sqlacodegen/issues/95"
JSON_BESIDE = _found(
    "widen_a_type_beside_a_default_in_json",
    "A column is widened: does the default of the column beside it stay as it was, if "
    "there is a colon in it?",
    "Settings are kept as JSON, and new rows would get a default that cannot be read.",
    (Table("parts", (ID, _LABEL, _OPTIONS)),),
    {"parts": ({**_BOLT, "options": "{}"},)},
    _WIDER,
    sources=(_A_COLON,),
)
JSON_ITSELF = _found(
    "widen_a_column_with_a_default_in_json",
    "A column is widened whose own default has a colon in it: does it keep it?",
    "MySQL restates a column that is altered, and SQLite a table.",
    (Table("parts", (ID, _OPTIONS)),),
    {"parts": ({"id": 1, "options": "{}"},)},
    (AlterColumn("parts", _OPTIONS, type=String(200)),),
    sources=(_A_COLON,),
)
RENAMED_KEY = _found(
    "rename_a_key_that_others_refer_to",
    "A primary key is renamed that a foreign key of another table points to: does the "
    "foreign key follow?",
    "One that points at nothing refuses every new row, or, where keys are not enforced, "
    "guards nothing.",
    (
        Table("parts", (ID, _LABEL)),
        Table(
            "uses",
            (ID, Column("part_id", Integer())),
            foreign_keys=(ForeignKey("fk_uses_part", ("part_id",), "parts", ("id",)),),
        ),
    ),
    {"parts": (_BOLT,), "uses": ({"id": 1, "part_id": 1},)},
    (RenameColumn("parts", "id", "number"),),
)
_ONE_LINE = "https://github.com/sqlalchemy/sqlalchemy/issues/11832"
CHECKED = _found(
    "alter_a_column_after_a_check_was_added",
    "A CHECK is added to a table, and a later migration widens another column: is the "
    "table still there, with its rows?",
    "Two ordinary changes, months apart, by two people.",
    (Table("parts", (ID, _LABEL, Column("stock", Integer()))),),
    {"parts": ({**_BOLT, "stock": 7},)},
    (AddCheck("parts", Check("ck_parts_stock", "stock >= 0")),),
    _WIDER,
    sources=(_ONE_LINE,),
)
CHECKED_KEY = _found(
    "alter_a_column_beside_a_key_after_a_check_was_added",
    "A CHECK is added to a table with a foreign key and an index, and a later migration "
    "widens a column: are all of them still there?",
    "What a tool reads out of the text of a table depends on who wrote that text.",
    (
        Table("shelves", (ID,)),
        Table(
            "parts",
            (ID, _LABEL, Column("shelf_id", Integer()), Column("stock", Integer())),
            foreign_keys=(
                ForeignKey("fk_parts_shelf", ("shelf_id",), "shelves", ("id",)),
            ),
            uniques=(Unique("uq_parts_label", ("label", "stock")),),
            indexes=(Index("ix_parts_stock", ("stock",)),),
        ),
    ),
    {"shelves": ({"id": 1},), "parts": ({**_BOLT, "stock": 7, "shelf_id": 1},)},
    (AddCheck("parts", Check("ck_parts_stock", "stock >= 0")),),
    _WIDER,
)
_RESTATED = "https://github.com/sqlalchemy/alembic/issues/413"
KEY_THAT_COUNTS = _found(
    "widen_a_primary_key_without_saying_that_it_counts",
    "A primary key is widened by an author who says its new type and no more: does it "
    "still count by itself?",
    "Ids run out of 32 bits, and the next insert without an id would be refused.",
    (Table("parts", (ID, _LABEL)),),
    {"parts": (_BOLT,)},
    (AlterColumn("parts", ID, type=BigInteger(), stated=False),),
    sources=(_RESTATED,),
)
