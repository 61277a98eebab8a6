"""What every backend's description of a database has in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from harness.model.operations import Scalar
from harness.model.snapshot import ConstraintState, RowsState

_SAMPLE = 5


def rows_state(table: str, rows: tuple[dict[str, Scalar], ...]) -> RowsState:
    """Describe rows by their number, a checksum without order, and the first few."""
    digests = sorted(repr(tuple(row.values())) for row in rows)
    checksum = hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
    return RowsState(table, len(rows), checksum, rows[:_SAMPLE])


def in_order(states: Iterable[ConstraintState]) -> tuple[ConstraintState, ...]:
    """Return constraints in an order that does not depend on when they were made."""
    return tuple(sorted(states, key=lambda state: (state.says, state.name or "")))


def key_says(
    columns: Iterable[str], target: str, there: Iterable[str], actions: dict[str, str]
) -> str:
    """Return what a foreign key says; `actions` are by `delete` and `update`.

    What a database does anyway, where nothing is said, is left out.
    """
    says = f"({', '.join(columns)}) -> {target} ({', '.join(there)})"
    for event, action in actions.items():
        if action.upper() != "NO ACTION":
            says += f" on {event} {action.lower()}"
    return says


def scalar(value: object) -> Scalar:
    """Return a value as evidence can hold it.

    Bytes become a literal of SQL, moments are written as SQL writes them, and numbers
    that no float can hold become text.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | bytearray() | memoryview():
            return f"x'{bytes(value).hex()}'"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)
