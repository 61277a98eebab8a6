"""What operations do to rows."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    Backfill,
    CreateTable,
    DropColumn,
    DropTable,
    Insert,
    Operation,
    RenameColumn,
    RenameTable,
    RunStatement,
    Scalar,
    apply_all,
    reverse_all,
)
from harness.model.rows import Row, Rows, carry, complete
from harness.model.schema import (
    Boolean,
    Column,
    ColumnType,
    Integer,
    Schema,
    SchemaError,
    String,
    Table,
    Text,
)
from tests.model.strategies import histories, operations, rows_of, schemas

_ID = Column("id", Integer(), nullable=False, primary_key=True)
_NAME = Column("name", String(50))
_USERS = Table("users", (_ID, _NAME))
_ROWS: dict[str, tuple[Row, ...]] = {
    "users": ({"id": 1, "name": "ada"}, {"id": 2, "name": None})
}


@given(st.data())
def test_columns_that_survive_keep_their_values(data: st.DataObject) -> None:
    """There and back again, a column that was neither dropped nor altered is the same.

    Dropped values cannot come back, and a change of type may convert for good.
    """
    schema = data.draw(schemas())
    rows = data.draw(rows_of(schema))
    history = data.draw(histories(schema))

    there = _carried(rows, history)
    back = _carried(there, reverse_all(history, schema))

    for table, column in _surviving(schema, history):
        assert [row[column] for row in rows[table]] == [
            row[column] for row in back[table]
        ]


def _carried(rows: Rows, history: Iterable[Operation]) -> Rows:
    """Carry rows; set aside an example in which text is to become a number."""
    try:
        return carry(rows, history)
    except SchemaError:
        reject()


def _surviving(schema: Schema, history: Iterable[Operation]) -> list[tuple[str, str]]:
    """Return the columns of the first schema whose values no operation touched."""
    where = {
        (t.name, c.name): (t.name, c.name) for t in schema.tables for c in t.columns
    }
    for operation in history:
        where = {
            first: _followed(place, operation)
            for first, place in where.items()
            if not _touches(operation, place)
        }
    return list(where)


def _touches(operation: Operation, place: tuple[str, str]) -> bool:
    match operation:
        case DropTable(name=table):
            return place[0] == table
        case DropColumn(table=table, column=column):
            return place == (table, column)
        case AlterColumn(table=table, existing=existing, type=changed):
            return changed is not None and place == (table, existing.name)
        case _:
            return False


def _followed(place: tuple[str, str], operation: Operation) -> tuple[str, str]:
    match operation:
        case RenameTable(old=old, new=new) if place[0] == old:
            return new, place[1]
        case RenameColumn(table=table, old=old, new=new) if place == (table, old):
            return table, new
        case _:
            return place


@given(st.data())
def test_rows_have_the_columns_of_their_table(data: st.DataObject) -> None:
    """After any operation, rows have exactly the columns that the schema says."""
    schema = data.draw(schemas())
    rows = data.draw(rows_of(schema))
    operation = data.draw(operations(schema))

    carried = _carried(rows, (operation,))
    after = apply_all((operation,), schema)

    assert {table.name for table in after.tables} == set(carried)
    for name, found in carried.items():
        expected = {column.name for column in after.table(name).columns}
        assert all(expected == set(row) for row in found)


@given(st.data())
def test_a_completed_row_has_every_column(data: st.DataObject) -> None:
    """A row that is completed says what it said, and has every column of its table."""
    table = data.draw(schemas()).tables[0]
    rows = data.draw(rows_of(Schema((table,))))[table.name]

    for row in rows:
        cut = {"id": row["id"]}
        assert [column.name for column in table.columns] == list(complete(cut, table))
        assert row == complete(row, table)


@pytest.mark.parametrize(
    ("column_type", "default", "value"),
    [
        (Integer(), "7", 7),
        (Boolean(), "1", True),
        (Boolean(), "0", False),
        (String(9), "7", "7"),
        (Text(), None, None),
    ],
)
def test_a_new_column_has_its_default(
    column_type: ColumnType, default: str | None, value: Scalar
) -> None:
    """Rows that are there get the default as a value of the column's type."""
    adding = AddColumn("users", Column("new", column_type, default=default))

    (first, _) = carry(_ROWS, (adding,))["users"]

    assert {"id": 1, "name": "ada", "new": value} == first


def test_a_backfill_fills_nulls_only() -> None:
    """What somebody wrote stays, be it filled from a value or from a column."""
    filled = carry(_ROWS, (Backfill("users", "name", value="nobody"),))
    copied = carry(_ROWS, (Backfill("users", "name", copy_of="id"),))

    assert ["ada", "nobody"] == [row["name"] for row in filled["users"]]
    assert ["ada", 2] == [row["name"] for row in copied["users"]]


@pytest.mark.parametrize(
    ("existing", "changed", "value", "converted"),
    [
        (Integer(), Text(), 7, "7"),
        (Boolean(), Text(), True, "1"),
        (Text(), Integer(), "7", 7),
        (Text(), Boolean(), "1", True),
        (Text(), Integer(), None, None),
    ],
)
def test_a_changed_type_converts(
    existing: ColumnType, changed: ColumnType, value: Scalar, converted: Scalar
) -> None:
    """A value becomes what a database makes of it."""
    column = Column("x", existing)

    found = carry({"t": ({"x": value},)}, (AlterColumn("t", column, type=changed),))

    assert {"t": ({"x": converted},)} == found


def test_text_that_is_no_number_cannot_be_told() -> None:
    """Databases differ on it, so the model does not guess."""
    change = AlterColumn("users", _NAME, type=Integer())

    with pytest.raises(SchemaError, match="'ada' cannot be told as a whole number"):
        carry(_ROWS, (change,))


def test_tables_come_and_go() -> None:
    """A new table is empty, a dropped one takes its rows, a statement changes none."""
    teams = Table("teams", (_ID,))

    assert {**_ROWS, "teams": ()} == carry(_ROWS, (CreateTable(teams),))
    assert {} == carry(_ROWS, (DropTable("users"),))
    assert _ROWS == carry(_ROWS, (RunStatement("SELECT 1"),))


def test_a_row_that_is_inserted_twice_is_two_rows() -> None:
    """Nothing tells them apart, as in a table without a key."""
    table = Table("settings", (_NAME,))
    insert = Insert("settings", {"name": "theme"})

    carried = carry({}, (CreateTable(table), insert, insert))

    assert {"settings": ({"name": "theme"}, {"name": "theme"})} == carried


def test_a_row_names_every_column() -> None:
    """One that leaves a column out does not fit its table."""
    with pytest.raises(SchemaError, match="does not name all its columns"):
        apply_all((Insert("users", {"id": 3}),), Schema((_USERS,)))


def test_a_column_that_is_there_already_may_stay() -> None:
    """With its values, if the operation looks first; else the schema refuses it."""
    add = AddColumn("users", _NAME, unless_there=True)

    assert _ROWS == carry(_ROWS, (add,))
    assert Schema((_USERS,)) == apply_all((add,), Schema((_USERS,)))
    with pytest.raises(SchemaError):
        apply_all((AddColumn("users", _NAME),), Schema((_USERS,)))
