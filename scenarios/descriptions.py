"""The ground, columns of few words and comments: what stands beside a type or a name.

PostgreSQL keeps an enumerated type as an object of its own; SQLite has no comments.
"""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    CommentOnColumn,
    CommentOnTable,
    CreateTable,
    CreateType,
    DropColumn,
    DropTable,
    DropType,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Enum, String, Table
from harness.model.steps import Author, Expect, Migration, Seed, Step, Upgrade
from scenarios.changes import there_and_back
from scenarios.world import GROUND, ID, NAME

_WITH_COMMENTS = ("postgresql", "mysql")
_STATE = Enum("user_state", ("new", "old"))
_KINDS = Enum("team_kind", ("core", "guest"))
_ADDED = AddColumn("users", Column("state", _STATE))
_TEAMS = CreateTable(Table("teams", (ID, Column("kind", _KINDS))))
_TITLE = Column("title", String(50), comment="as it stands on the door")
_ROOMS = CreateTable(
    Table("rooms", (ID, _TITLE), comment="Where people sit; don't move")
)


def _enumerated(
    name: str,
    question: str,
    upgrade: tuple[Operation, ...],
    downgrade: tuple[Operation, ...],
) -> Scenario:
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="A type that is forgotten in the downgrade makes the second upgrade fail, "
        "and nobody tries that before the night on which it counts.",
        steps=there_and_back(
            GROUND, ("create_users",), Migration(name, upgrade, downgrade)
        ),
        sources=("S17",),
    )


ADD_ENUMERATED = _enumerated(
    "add_an_enumerated_column",
    "Does a column of a few words arrive if its author thinks of the column only?",
    (_ADDED,),
    (DropColumn("users", "state"),),
)
ADD_WITH_TYPE = _enumerated(
    "add_an_enumerated_column_and_its_type",
    "Does a column of a few words arrive, go, and arrive again if its author creates and "
    "drops the type, too?",
    (CreateType(_STATE), _ADDED),
    (DropColumn("users", "state"), DropType(_STATE)),
)
CREATE_ENUMERATED = _enumerated(
    "create_a_table_with_an_enumerated_column",
    "Does a table with a column of a few words arrive, go, and arrive again if its author "
    "thinks of the table only?",
    (_TEAMS,),
    (DropTable("teams"),),
)
CREATE_AND_DROP_TYPE = _enumerated(
    "create_a_table_and_drop_its_enumerated_type",
    "And does it if the downgrade drops the type, too?",
    (_TEAMS,),
    (DropTable("teams"), DropType(_KINDS)),
)


def _commented(
    name: str, question: str, *operations: Operation, prepared: bool = False
) -> Scenario:
    ground: tuple[Step, ...] = GROUND
    base: tuple[str, ...] = ("create_users",)
    if prepared:
        base = (*base, "create_rooms")
        ground = (
            *ground,
            Author(Migration("create_rooms", (_ROOMS,))),
            Upgrade(),
            Expect(base),
            Seed("rooms", ({"id": 4, "title": "lab"},)),
        )
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="Comments are what people read who have the database and not the code; "
        "nothing fails when one is lost.",
        steps=there_and_back(ground, base, Migration(name, operations)),
        sources=("S16",),
        backends=_WITH_COMMENTS,
    )


ADD_COMMENTED = _commented(
    "add_a_column_with_a_comment",
    "Does a new column bring its comment?",
    AddColumn(
        "users", Column("email", String(80), comment="where mail goes: 100% ours")
    ),
)
CREATE_COMMENTED = _commented(
    "create_a_table_with_comments",
    "Does a new table bring its comment, and those of its columns?",
    _ROOMS,
)
COMMENT = _commented(
    "comment_on_a_table_and_a_column",
    "Can comments be put on what is there, and be taken away again?",
    CommentOnTable("users", "Everybody who may sign in"),
    CommentOnColumn("users", NAME, "as they sign"),
)
WIDEN_COMMENTED = _commented(
    "widen_a_type_of_a_commented_column",
    "Does a comment stay when the column's type is widened?",
    AlterColumn("rooms", _TITLE, type=String(200)),
    prepared=True,
)
