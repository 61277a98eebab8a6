"""The ground, with something in the way: rows, keys or text that a change stumbles on."""

from __future__ import annotations

from harness.model.operations import (
    AlterColumn,
    CreateTable,
    RunStatement,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    Check,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
)
from harness.model.steps import (
    Author,
    Current,
    EnforceKeys,
    Expect,
    Migration,
    Seed,
    Upgrade,
    Watch,
)
from scenarios.changes import there_and_back
from scenarios.world import GROUND, ID, NAME

TEXT_TO_NUMBER = Scenario(
    name="change_text_that_is_no_number_to_a_number",
    family=Family.CHANGES,
    question="A column of names is made a column of numbers: is that refused, or what "
    "becomes of the names?",
    why="A conversion in silence replaces values that nobody can bring back.",
    steps=(
        *GROUND,
        Author(Migration("count_names", (AlterColumn("users", NAME, type=Integer()),))),
        Watch("there are values that are no numbers"),
        Upgrade(),
        Expect(("create_users",)),
        Current(),
    ),
    sources=("S10",),
)
_PETS = Table(
    "pets",
    (ID, Column("user_id", Integer(), nullable=False), Column("name", String(50))),
    foreign_keys=(
        ForeignKey("fk_pets_user", ("user_id",), "users", ("id",), "CASCADE"),
    ),
)
CASCADE = Scenario(
    name="widen_a_type_above_rows_that_cascade",
    family=Family.CHANGES,
    question="Do rows that are deleted with their parent survive when the parent's table "
    "is altered, foreign keys being enforced?",
    why="Where a table is altered by copying, dropping the old one deletes its rows.",
    steps=there_and_back(
        (
            EnforceKeys(),
            *GROUND,
            Author(Migration("create_pets", (CreateTable(_PETS),))),
            Upgrade(),
            Expect(("create_users", "create_pets")),
            Seed(
                "pets",
                (
                    {"id": 1, "user_id": 1, "name": "analytical"},
                    {"id": 2, "user_id": 2, "name": "cobol"},
                ),
            ),
        ),
        ("create_users", "create_pets"),
        Migration("widen", (AlterColumn("users", NAME, type=String(200)),)),
    ),
    sources=("S19",),
)
_PARTS = Table(
    "parts",
    (
        ID,
        Column("label", String(50)),
        Column("stock", Integer(), nullable=False, default="0"),
    ),
    checks=(Check("ck_parts_stock", "stock >= 0"),),
)
_NUMBER_AS_KEY = Column("code", Integer(), nullable=False, primary_key=True)
_TEXT_AS_KEY = Column("code", String(20), nullable=False, primary_key=True)


def _beside_generated(
    name: str, question: str, key: Column, code: int | str, backends: tuple[str, ...]
) -> Scenario:
    """Return the story of a table whose key is a number, or is none."""
    written = "INTEGER" if key is _NUMBER_AS_KEY else "VARCHAR(20)"
    parts = Table(
        "parts",
        (
            key,
            Column("label", String(50)),
            Column("net", Integer(), nullable=False),
            Column("gross", Integer(), generated="net * 2"),
        ),
    )
    create = RunStatement(
        "CREATE TABLE parts (\n"
        f"    code {written} NOT NULL,\n"
        "    label VARCHAR(50),\n"
        "    net INTEGER NOT NULL,\n"
        "    gross INTEGER GENERATED ALWAYS AS (net * 2) STORED,\n"
        "    PRIMARY KEY (code)\n"
        ")",
        (CreateTable(parts),),
    )
    label = Column("label", String(50))
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="A copy of the table must leave out the value, which nobody may write, and "
        "must not leave out the expression.",
        steps=there_and_back(
            (
                Author(Migration("create_parts", (create,))),
                Upgrade(),
                Expect(("create_parts",)),
                Seed("parts", ({"code": code, "label": "bolt", "net": 7},)),
            ),
            ("create_parts",),
            Migration("widen_label", (AlterColumn("parts", label, type=String(200)),)),
        ),
        sources=("S20",),
        backends=backends,
    )


BESIDE_GENERATED = _beside_generated(
    "widen_a_type_beside_a_generated_column",
    "Is a column that the database works out from others still one when another column's "
    "type is widened, and are the rows still there?",
    _TEXT_AS_KEY,
    "b1",
    ("sqlite", "postgresql", "mysql"),
)
BESIDE_GENERATED_NUMBERED = _beside_generated(
    "widen_a_type_beside_a_generated_column_and_a_number",
    "And is it if the table's key is a number, as most are?",
    _NUMBER_AS_KEY,
    1,
    ("sqlite",),
)
ONE_LINE = Scenario(
    name="widen_a_type_of_a_table_written_on_one_line",
    family=Family.CHANGES,
    question="Is a table that was created by SQL on one line, with a CHECK in it, copied "
    "as it is?",
    why="Some databases keep the text of CREATE TABLE, and a tool reads its constraints "
    "out of that text.",
    steps=there_and_back(
        (
            Author(
                Migration(
                    "create_parts",
                    (
                        RunStatement(
                            "CREATE TABLE parts (id INTEGER NOT NULL, label VARCHAR(50), "
                            "stock INTEGER DEFAULT 0 NOT NULL, PRIMARY KEY (id), "
                            "CONSTRAINT ck_parts_stock CHECK (stock >= 0))",
                            (CreateTable(_PARTS),),
                        ),
                    ),
                )
            ),
            Upgrade(),
            Expect(("create_parts",)),
            Seed("parts", ({"id": 1, "label": "bolt", "stock": 7},)),
        ),
        ("create_parts",),
        Migration(
            "widen_label",
            (AlterColumn("parts", Column("label", String(50)), type=String(200)),),
        ),
    ),
    sources=("S20",),
    backends=("sqlite",),
)
