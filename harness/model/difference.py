"""A difference between a database as it should be and as it was found."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class DifferenceKind(StrEnum):
    """What differs."""

    MISSING_TABLE = "missing table"
    UNEXPECTED_TABLE = "unexpected table"
    MISSING_COLUMN = "missing column"
    UNEXPECTED_COLUMN = "unexpected column"
    TYPE = "type"
    NULLABILITY = "nullability"
    DEFAULT = "default"
    COLLATION = "collation"
    """Of a column, or of the table if there is no subject; so is `ENGINE`."""
    ENGINE = "engine"
    GENERATED = "generating expression"
    COMMENT = "comment"
    """On a column, or on the table if there is no subject."""
    MISSING_TYPE = "missing type"
    """Of words; `table` is its name."""
    UNEXPECTED_TYPE = "unexpected type"
    WORDS = "words"
    PRIMARY_KEY = "primary key"
    MISSING_UNIQUE = "missing unique constraint"
    UNEXPECTED_UNIQUE = "unexpected unique constraint"
    MISSING_INDEX = "missing index"
    UNEXPECTED_INDEX = "unexpected index"
    MISSING_FOREIGN_KEY = "missing foreign key"
    UNEXPECTED_FOREIGN_KEY = "unexpected foreign key"
    MISSING_CHECK = "missing check"
    UNEXPECTED_CHECK = "unexpected check"
    CONSTRAINT = "constraint"
    """A constraint of the same name says something else."""
    CONSTRAINT_NAME = "constraint name"
    """A constraint says the same under another name, or under none."""
    MISSING_TRIGGER = "missing trigger"
    UNEXPECTED_TRIGGER = "unexpected trigger"
    MISSING_AUTOINCREMENT = "missing AUTOINCREMENT"
    UNEXPECTED_AUTOINCREMENT = "unexpected AUTOINCREMENT"
    ROW_COUNT = "row count"
    ROW_VALUES = "row values"

    @property
    def swapped(self) -> DifferenceKind:
        """What this difference is when seen from the other side."""
        mirrored = {"missing": "unexpected", "unexpected": "missing"}
        first, _, rest = self.partition(" ")
        return (
            DifferenceKind(f"{mirrored[first]} {rest}") if first in mirrored else self
        )


class Difference(msgspec.Struct, frozen=True, order=True):
    """One difference; `subject` is the column or constraint, empty for the table.

    `expected` and `found` are None where there is nothing on that side.
    """

    kind: DifferenceKind
    table: str
    subject: str = ""
    expected: str | None = None
    found: str | None = None

    @property
    def sentence(self) -> str:
        """Say it in plain English, with the place in front."""
        return f"{self._place}: {self._said}"

    @property
    def _place(self) -> str:
        in_column = self.kind in _OF_A_COLUMN and self.subject
        return f"{self.table}.{self.subject}" if in_column else self.table

    @property
    def _said(self) -> str:
        match self.kind:
            case DifferenceKind.NULLABILITY:
                return f"the column is {self.found}, expected {self.expected}"
            case DifferenceKind.CONSTRAINT:
                return f"the {self.subject} says {self.found}, expected {self.expected}"
            case DifferenceKind.CONSTRAINT_NAME:
                return f"the {self.subject} {_renamed(self.expected, self.found)}"
            case DifferenceKind.ROW_COUNT:
                return f"the number of rows is {self.found}, expected {self.expected}"
            case DifferenceKind.ROW_VALUES:
                return _rows(self.expected, self.found)
            case DifferenceKind.WORDS:
                return f"the type has the words {self.found}, expected {self.expected}"
            case kind if kind in _OF_A_COLUMN or kind is DifferenceKind.PRIMARY_KEY:
                return self._property
            case _:
                return self._presence

    @property
    def _property(self) -> str:
        """Say that a column or a table has another property than it should."""
        if self.found is None:
            lost = self.kind in _LOST_IF_ABSENT
            return f"the {self.kind} {self.expected} is {'lost' if lost else 'missing'}"
        wanted = "none" if self.expected is None else self.expected
        return f"the {self.kind} is {self.found}, expected {wanted}"

    @property
    def _presence(self) -> str:
        """Say that something is there that should not be, or the other way round."""
        presence, _, noun = self.kind.partition(" ")
        says = self.expected if self.found is None else self.found
        if says is not None and not says.startswith("("):
            says = f"({says})"
        what = " ".join(word for word in (noun, self.subject, says) if word)
        article = "" if noun == "AUTOINCREMENT" else "the "
        if presence == "unexpected":
            return f"{article}{what} is not expected"
        lost = self.kind is DifferenceKind.MISSING_TRIGGER
        return f"{article}{what} is {'lost' if lost else 'missing'}"


_OF_A_COLUMN = {
    DifferenceKind.TYPE,
    DifferenceKind.NULLABILITY,
    DifferenceKind.DEFAULT,
    DifferenceKind.COLLATION,
    DifferenceKind.GENERATED,
    DifferenceKind.COMMENT,
    DifferenceKind.ENGINE,
}
_LOST_IF_ABSENT = {DifferenceKind.COLLATION, DifferenceKind.GENERATED}


def _renamed(expected: str | None, found: str | None) -> str:
    if found is None:
        return f"has lost its name {expected}"
    if expected is None:
        return f"is named {found}, expected no name"
    return f"is named {found}, expected {expected}"


def _rows(expected: str | None, found: str | None) -> str:
    if expected is None and found is None:
        return "rows beyond the first ones differ"
    if found is None:
        return f"there is no row {expected}"
    if expected is None:
        return f"the row {found} is not expected"
    return f"a row is {found}, expected {expected}"
