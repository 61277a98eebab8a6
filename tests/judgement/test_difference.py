"""Differences between two snapshots: none is overlooked and none is invented."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.judgement.difference import compare
from harness.model.difference import Difference, DifferenceKind
from harness.model.operations import Scalar
from harness.model.rows import Row
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    RowsState,
    Snapshot,
    TableState,
)

_NAMES = ("id", "name", "email", "note")
_SORTS = ("uniques", "indexes", "foreign_keys", "checks")


def _subset(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


def _columns(name: str) -> st.SearchStrategy[ColumnState]:
    return st.builds(
        ColumnState,
        st.just(name),
        st.sampled_from(("INTEGER", "TEXT")),
        st.booleans(),
        st.sampled_from((None, "", "0")),
        st.sampled_from((None, "NOCASE")),
    )


_CONSTRAINTS = st.lists(
    st.builds(
        ConstraintState,
        st.sampled_from((None, "one", "two")),
        st.sampled_from(("(id)", "(name)", "unique (id)")),
    ),
    max_size=3,
).map(tuple)


def _tables(name: str) -> st.SearchStrategy[TableState]:
    columns = _subset(_NAMES).flatmap(lambda names: st.tuples(*map(_columns, names)))
    return st.builds(
        TableState,
        name=st.just(name),
        columns=columns,
        primary_key=_subset(_NAMES[:2]),
        uniques=_CONSTRAINTS,
        indexes=_CONSTRAINTS,
        foreign_keys=_CONSTRAINTS,
        checks=_CONSTRAINTS,
        triggers=_subset(("before", "after")),
        autoincrement=st.booleans(),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw a snapshot of up to two tables, with the rows that their columns allow."""
    names = draw(_subset(("teams", "users")))
    tables = tuple(draw(_tables(name)) for name in names)
    return Snapshot(tables, tuple(draw(_rows(table)) for table in tables))


@st.composite
def _rows(draw: st.DrawFn, table: TableState) -> RowsState:
    values: st.SearchStrategy[Scalar] = st.sampled_from((None, 1, "1", "x"))
    row = st.fixed_dictionaries({column.name: values for column in table.columns})
    rows = tuple(draw(st.lists(row, max_size=3)))
    checksum = repr(sorted(repr(sorted(row.items())) for row in rows))
    return RowsState(table.name, len(rows), checksum, rows)


@given(snapshots())
def test_a_snapshot_does_not_differ_from_itself(snapshot: Snapshot) -> None:
    """What is the same has no differences."""
    assert compare(snapshot, snapshot) == ()


@given(snapshots())
def test_order_makes_no_difference(snapshot: Snapshot) -> None:
    """Tables, columns, constraints and triggers may come in any order."""
    turned = msgspec.structs.replace(
        snapshot,
        tables=tuple(_turned(table) for table in reversed(snapshot.tables)),
        rows=tuple(reversed(snapshot.rows)),
    )

    assert compare(snapshot, turned) == ()


def _turned(table: TableState) -> TableState:
    fields = ("columns", "triggers", *_SORTS)
    return msgspec.structs.replace(
        table, **{field: tuple(reversed(getattr(table, field))) for field in fields}
    )


@given(snapshots(), snapshots())
def test_swapped_sides_mirror_the_differences(one: Snapshot, other: Snapshot) -> None:
    """Seen from the other side, what was missing is unexpected, and values swap."""
    mirrored = sorted(
        msgspec.structs.replace(
            difference,
            kind=difference.kind.swapped,
            expected=difference.found,
            found=difference.expected,
        )
        for difference in map(_comparable, compare(one, other))
    )

    assert mirrored == sorted(map(_comparable, compare(other, one)))


def _comparable(difference: Difference) -> Difference:
    """Write None as an empty text, so that differences can be sorted."""
    return msgspec.structs.replace(
        difference, expected=difference.expected or "", found=difference.found or ""
    )


@given(snapshots(), snapshots())
def test_every_difference_has_a_sentence(one: Snapshot, other: Snapshot) -> None:
    """A sentence begins with the table and never speaks Python."""
    for difference in compare(one, other):
        assert difference.sentence.startswith(difference.table)
        assert "None" not in difference.sentence
        assert "  " not in difference.sentence


def _replaced(table: TableState, **fields: object) -> TableState:
    return msgspec.structs.replace(table, **fields)


def _first_column(**fields: object) -> Callable[[TableState], TableState]:
    def change(table: TableState) -> TableState:
        assume(table.columns)
        first = msgspec.structs.replace(table.columns[0], **fields)
        return _replaced(table, columns=(first, *table.columns[1:]))

    return change


def _other_nullability(table: TableState) -> TableState:
    assume(table.columns)
    return _first_column(nullable=not table.columns[0].nullable)(table)


def _further(field: str) -> Callable[[TableState], TableState]:
    """Add a constraint of a sort."""
    further = ConstraintState("further", "(id, name)")
    return lambda table: _replaced(table, **{field: (*getattr(table, field), further)})


def _less(field: str) -> Callable[[TableState], TableState]:
    """Take the first item of a sort away."""

    def change(table: TableState) -> TableState:
        assume(getattr(table, field))
        return _replaced(table, **{field: getattr(table, field)[1:]})

    return change


def _renamed(field: str) -> Callable[[TableState], TableState]:
    """Give the first constraint of a sort another name."""

    def change(table: TableState) -> TableState:
        assume(getattr(table, field))
        first, *rest = getattr(table, field)
        return _replaced(
            table, **{field: (msgspec.structs.replace(first, name="other"), *rest)}
        )

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda table: _replaced(table, name="renamed"),
        lambda table: _replaced(table, primary_key=(*table.primary_key, "note")),
        lambda table: _replaced(table, autoincrement=not table.autoincrement),
        lambda table: _replaced(table, triggers=(*table.triggers, "further")),
        lambda table: _replaced(
            table, columns=(*table.columns, ColumnState("new", "TEXT", nullable=True))
        ),
        _less("columns"),
        _less("triggers"),
        _first_column(type="BLOB"),
        _other_nullability,
        _first_column(default="'another'"),
        _first_column(collation="RTRIM"),
        _first_column(name="renamed"),
        *map(_further, _SORTS),
        *map(_less, _SORTS),
        *map(_renamed, _SORTS),
    ],
)
@settings(max_examples=10)
@given(data=st.data())
def test_any_single_change_is_found(
    change: Callable[[TableState], TableState], data: st.DataObject
) -> None:
    """Whatever is changed about a table, on whatever table, is a difference."""
    snapshot = data.draw(snapshots())
    assume(snapshot.tables)
    first, *rest = snapshot.tables

    found = msgspec.structs.replace(snapshot, tables=(change(first), *rest))

    assert compare(snapshot, found)


@given(data=st.data())
def test_any_changed_value_is_found(data: st.DataObject) -> None:
    """A row that reads otherwise, or is gone, is a difference."""
    table = data.draw(_tables("users"))
    before, after = data.draw(_rows(table)), data.draw(_rows(table))
    assume(before.checksum != after.checksum)

    (difference,) = compare(Snapshot((table,), (before,)), Snapshot((table,), (after,)))

    same_count = before.count == after.count
    expected = DifferenceKind.ROW_VALUES if same_count else DifferenceKind.ROW_COUNT
    assert expected is difference.kind


_USERS = TableState(
    "users",
    (
        ColumnState("id", "INTEGER", nullable=False),
        ColumnState("email", "VARCHAR(50)", nullable=True, collation="NOCASE"),
    ),
    primary_key=("id",),
    uniques=(ConstraintState("uq_email", "(email)"),),
    checks=(ConstraintState("ck_email", "email <> ''"),),
    foreign_keys=(ConstraintState("fk_self", "(id) -> users (id)"),),
    indexes=(ConstraintState("ix_email", "(email)"),),
    triggers=("keep",),
    autoincrement=True,
)
_COUNTED = RowsState(
    "users", 2, "aa", ({"id": 1, "email": "x"}, {"id": 2, "email": None})
)
_WHOLE = Snapshot((_USERS,), (_COUNTED,))


def _with_column(**fields: object) -> TableState:
    email = msgspec.structs.replace(_USERS.columns[1], **fields)
    return _replaced(_USERS, columns=(_USERS.columns[0], email))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (_with_column(collation=None), "users.email: the collation NOCASE is lost"),
        (
            _with_column(type="TEXT"),
            "users.email: the type is TEXT, expected VARCHAR(50)",
        ),
        (
            _with_column(nullable=False),
            "users.email: the column is NOT NULL, expected nullable",
        ),
        (_with_column(default=""), "users.email: the default is '', expected none"),
        (_replaced(_USERS, primary_key=()), "users: the primary key (id) is missing"),
        (_replaced(_USERS, triggers=()), "users: the trigger keep is lost"),
        (_replaced(_USERS, autoincrement=False), "users: AUTOINCREMENT is missing"),
        (
            _replaced(_USERS, uniques=()),
            "users: the unique constraint uq_email (email) is missing",
        ),
        (
            _replaced(_USERS, checks=()),
            "users: the check ck_email (email <> '') is missing",
        ),
        (
            _replaced(_USERS, uniques=(ConstraintState(None, "(email)"),)),
            "users: the unique constraint (email) has lost its name uq_email",
        ),
        (
            _replaced(_USERS, indexes=(ConstraintState("ix", "(email)"),)),
            "users: the index (email) is named ix, expected ix_email",
        ),
        (
            _replaced(
                _USERS, foreign_keys=(ConstraintState("fk_self", "(id) -> teams (id)"),)
            ),
            "users: the foreign key fk_self says (id) -> teams (id), "
            "expected (id) -> users (id)",
        ),
        (
            _replaced(_USERS, columns=_USERS.columns[:1]),
            "users: the column email is missing",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_sentence_says_what_differs(table: TableState, sentence: str) -> None:
    """One change is one difference, told in plain English."""
    found = msgspec.structs.replace(_WHOLE, tables=(table,))

    assert [sentence] == [d.sentence for d in compare(_WHOLE, found)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            RowsState("users", 1, "bb", _COUNTED.sample[:1]),
            "users: the number of rows is 1, expected 2",
        ),
        (
            RowsState("users", 2, "bb", ({"id": 1, "email": "y"}, _COUNTED.sample[1])),
            'users: a row is {"email":"y","id":1}, expected {"email":"x","id":1}',
        ),
        (
            RowsState("users", 2, "bb", _COUNTED.sample),
            "users: rows beyond the first ones differ",
        ),
    ],
)
def test_the_sentence_shows_a_row(rows: RowsState, sentence: str) -> None:
    """A difference in rows shows the first row that differs, if it is known."""
    found = msgspec.structs.replace(_WHOLE, rows=(rows,))

    assert [sentence] == [d.sentence for d in compare(_WHOLE, found)]


def test_a_name_that_should_not_be_there_is_told() -> None:
    """A constraint that was to have no name has one."""
    unnamed = _replaced(_USERS, checks=(ConstraintState(None, "email <> ''"),))
    expected = msgspec.structs.replace(_WHOLE, tables=(unnamed,))

    assert ["users: the check email <> '' is named ck_email, expected no name"] == [
        d.sentence for d in compare(expected, _WHOLE)
    ]


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (({"id": 1}, {"id": 2}), ({"id": 1},), 'users: there is no row {"id":2}'),
        (
            ({"id": 1},),
            ({"id": 1}, {"id": 2}),
            'users: the row {"id":2} is not expected',
        ),
    ],
)
def test_a_row_on_one_side_only_is_told(
    one: tuple[Row, ...], other: tuple[Row, ...], sentence: str
) -> None:
    """The samples may hold different rows although the tables hold as many."""
    table = TableState("users", (_USERS.columns[0],))
    snapshots_of = [
        Snapshot((table,), (RowsState("users", 9, checksum, sample),))
        for checksum, sample in (("aa", one), ("bb", other))
    ]

    assert [sentence] == [d.sentence for d in compare(*snapshots_of)]


def test_rows_are_compared_by_the_columns_that_survive() -> None:
    """A column that is missing does not make every row a difference as well."""
    table = _replaced(_USERS, columns=_USERS.columns[:1])
    alike = RowsState("users", 2, "cc", ({"id": 1}, {"id": 2}))
    other = RowsState("users", 2, "cc", ({"id": 1}, {"id": 3}))

    assert [DifferenceKind.MISSING_COLUMN] == [
        d.kind for d in compare(_WHOLE, Snapshot((table,), (alike,)))
    ]
    assert [DifferenceKind.MISSING_COLUMN, DifferenceKind.ROW_VALUES] == [
        d.kind for d in compare(_WHOLE, Snapshot((table,), (other,)))
    ]


def test_a_missing_table_is_one_difference() -> None:
    """Its columns and rows are not counted once more."""
    assert ["users: the table is missing"] == [
        d.sentence for d in compare(_WHOLE, Snapshot())
    ]
    assert ["users: the table is not expected"] == [
        d.sentence for d in compare(Snapshot(), _WHOLE)
    ]


def test_bookkeeping_makes_no_difference() -> None:
    """What the tool keeps for itself is not part of the schema."""
    found = msgspec.structs.replace(_WHOLE, bookkeeping={"version": ({"v": 1},)})

    assert compare(_WHOLE, found) == ()
