"""The ground, interrupted: a migration fails half-way, or its process is killed.

A server that has a statement goes on with it although its client is gone.

Every story does the same afterwards: look at what is there, ask the tool what it says,
mend the migration, run it again, and at last mark it as applied without running it.
"""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    Backfill,
    CreateTable,
    DropColumn,
    Insert,
    KillProcess,
    Operation,
    RunStatement,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import BigInteger, Column, Integer, String, Table
from harness.model.steps import (
    Author,
    Current,
    Edit,
    Examine,
    Expect,
    Migration,
    Moment,
    Stamp,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, ID, NAME, PEOPLE

_EVERYWHERE = ("sqlite", "postgresql", "mysql")
_SERVERS = ("postgresql", "mysql")
_EMAIL = AddColumn("users", Column("email", String(80)))
_PHONE = AddColumn("users", Column("phone", String(80)))
_FILL = Backfill("users", "name", value="unknown")
_TEAMS = CreateTable(Table("teams", (ID, Column("size", Integer()))))
_WIDEN = AlterColumn("users", NAME, type=String(200))
_KILL = KillProcess()
_BROKEN = RunStatement("UPDATE no_such_table SET x = 1")
_VISITS = Column("visits", Integer())
_ARCHIVE = Table("archive", (ID, NAME))
_ARCHIVED = tuple(
    Insert("archive", {"id": person["id"], "name": person["name"]}) for person in PEOPLE
)
_COPY_ROWS = RunStatement(
    "INSERT INTO archive (id, name) SELECT id, name FROM users ORDER BY id FOR UPDATE",
    _ARCHIVED,
)


def _half_way(
    name: str,
    question: str,
    upgrade: tuple[Operation, ...],
    downgrade: tuple[Operation, ...] | None = None,
    moment: Moment | None = None,
    prepared: tuple[Operation, ...] = (),
) -> Scenario:
    """Let the first upgrade fail; look; then run the same migration, unharmed."""
    unharmed = tuple(o for o in upgrade if o not in (_KILL, _BROKEN))
    fails = _BROKEN in upgrade
    served = moment is Moment.SERVER_AT_WORK
    base: tuple[str, ...] = ("create_users",)
    ground: tuple[Step, ...] = GROUND
    if prepared:
        ground = (*GROUND, Author(Migration("prepare", prepared)), Upgrade())
        base = (*base, "prepare")
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="Somebody has to clean up at night, and must know what is there."
        if fails
        else "A machine goes down in the middle, and somebody has to know what to do.",
        steps=(
            *ground,
            Author(Migration(name, upgrade, downgrade)),
            Watch(
                "a statement of the migration cannot work"
                if fails
                else "the process is killed in the middle of the migration"
            ),
            Upgrade(killed=moment, copied="users" if served else None),
            Examine(name, base),
            Current(),
            Edit(Migration(name, unharmed, downgrade)),
            Upgrade(),
            Expect((*base, name)),
            Current(),
            Stamp(name),
            Expect((*base, name)),
        ),
        sources=("S21",),
        backends=_SERVERS if served else ("sqlite",) if moment else _EVERYWHERE,
    )


_BACK = (DropColumn("users", "phone"), DropColumn("users", "email"))
FAILS_FIRST = _half_way(
    "fail_at_the_first_statement",
    "The first of three statements fails: is the database as it was?",
    (_BROKEN, _EMAIL, _PHONE),
)
FAILS_HALF_WAY = _half_way(
    "fail_half_way",
    "What is left when the second of three statements fails, "
    "and does running it again work?",
    (_EMAIL, _BROKEN, _PHONE),
)
FAILS_LAST = _half_way(
    "fail_at_the_last_statement",
    "All is done but the last statement, which fails: what is left, and does running "
    "it again work?",
    (_EMAIL, _PHONE, _BROKEN),
)
FAILS_AFTER_DATA = _half_way(
    "fail_after_rows_were_changed",
    "A statement fails between changes of the schema and of rows: are those rows as "
    "before or as after?",
    (_EMAIL, _FILL, _BROKEN, _PHONE),
    _BACK,
)
FAILS_AFTER_A_TABLE = _half_way(
    "fail_after_a_table_was_created",
    "A table is created and a row's column filled before a statement fails: is the "
    "table gone again?",
    (_TEAMS, _FILL, _BROKEN),
)
FAILS_AFTER_A_COPY = _half_way(
    "fail_after_a_table_copy",
    "A statement fails after a type was changed, which some databases do by copying "
    "the table: is the old type back?",
    (_WIDEN, _BROKEN, _EMAIL),
)
BEFORE_BOOKKEEPING = _half_way(
    "killed_before_the_bookkeeping",
    "All is done but the note of it, and the process is killed: do schema and version "
    "agree afterwards, and does running it again work?",
    (_EMAIL, _KILL),
)
BETWEEN_STATEMENTS = _half_way(
    "killed_between_two_statements",
    "The process is killed between two ALTER TABLE: what is there, and does running "
    "it again work?",
    (_EMAIL, _KILL, _PHONE),
)
AFTER_A_COPY = _half_way(
    "killed_after_a_table_copy",
    "The process is killed right after a type was changed, which some databases do by "
    "copying the table: what is there, and does running it again work?",
    (_WIDEN, _KILL),
)
AFTER_A_BACKFILL = _half_way(
    "killed_after_a_backfill",
    "The process is killed after rows were changed: are they as before or as after?",
    (_FILL, _KILL),
    (),
)
AFTER_SCHEMA_AND_ROWS = _half_way(
    "killed_after_schema_and_rows",
    "The process is killed after a column was added and rows were changed: which of "
    "the two is there?",
    (_EMAIL, _FILL, _KILL),
    (DropColumn("users", "email"),),
)
COPY_EMPTY = _half_way(
    "killed_before_the_rows_are_copied",
    "A table is copied to change a type, and the process is killed before the first row "
    "is in the new table: can the application still see its rows?",
    (_WIDEN,),
    moment=Moment.COPY_EMPTY,
)
COPY_FILLED = _half_way(
    "killed_while_both_tables_are_there",
    "A table is copied to change a type, and the process is killed when both tables "
    "have the rows: what is left, and does running it again work?",
    (_WIDEN,),
    moment=Moment.COPY_FILLED,
)
OLD_TABLE_GONE = _half_way(
    "killed_when_the_old_table_is_dropped",
    "A table is copied to change a type, and the process is killed when the old table "
    "was dropped and nothing else done: are the rows still there?",
    (_WIDEN,),
    moment=Moment.OLD_TABLE_GONE,
)
SERVER_ALTERS = _half_way(
    "killed_while_the_server_alters_a_table",
    "The process is killed when the server has its ALTER TABLE, which writes every row "
    "anew: does the server carry it out all the same, and do schema and version agree?",
    (AlterColumn("users", _VISITS, type=BigInteger()),),
    moment=Moment.SERVER_AT_WORK,
    prepared=(AddColumn("users", _VISITS),),
)
SERVER_COPIES = _half_way(
    "killed_while_the_server_copies_rows",
    "The process is killed when the server has its INSERT ... SELECT into a table just "
    "created: are the table and its rows there, and does running it again work?",
    (CreateTable(_ARCHIVE), _COPY_ROWS),
    moment=Moment.SERVER_AT_WORK,
)
