"""What changed in a database, in words: the same values as differences, told in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model.difference import Difference, DifferenceKind

_MOVED = {
    DifferenceKind.ROW_COUNT: "rows",
    DifferenceKind.CONSTRAINT_NAME: "name",
    DifferenceKind.WORDS: "words",
}


def changes(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield a line for each change, the place first."""
    yield from map(change, differences)


def change(one: Difference) -> str:
    """Say what became of one thing: added, removed, or other than it was."""
    presence, _, noun = one.kind.partition(" ")
    if presence in ("missing", "unexpected"):
        word = "−" if presence == "missing" else "+"
        says = one.expected if one.found is None else one.found
        what = " ".join(part for part in (noun, _name(one), says or "") if part)
        return f"{word} {what}"
    if one.kind is DifferenceKind.ROW_VALUES:
        return _rows(one)
    subject = f"{one.table}.{one.subject}" if one.subject else one.table
    was, now = one.expected or "none", one.found or "none"
    return f"~ {subject}: {_MOVED.get(one.kind, one.kind)} {was} → {now}"


def _name(one: Difference) -> str:
    return f"{one.table}.{one.subject}" if one.subject else one.table


def _rows(one: Difference) -> str:
    if one.expected is None and one.found is None:
        return f"~ {one.table}: values of rows"
    return f"~ {one.table}: row {one.expected or 'none'} → {one.found or 'none'}"
