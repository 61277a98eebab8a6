"""What is wrong in a cell, said so that two of the same can be told to be the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from harness.execution.repository import completed_line
from harness.judgement import judge
from harness.judgement.difference import compare
from harness.model.cell import Cell
from harness.model.difference import Difference, DifferenceKind
from harness.model.evidence import Evidence, Observation, Status
from harness.model.operations import Operation, Scalar
from harness.model.steps import Author, Current, Downgrade, Expect, Migration, Upgrade
from harness.model.verdict import Grade

_LONGEST = 160
_ROW = dict[str, Scalar]


class Symptom(msgspec.Struct, frozen=True, order=True):
    """What went wrong, without names and numbers, and on which way.

    `kind` is `fails`, `differs`, `answers`, `disagrees` or `not established`; `going`
    is `up`, `down` or `authoring`.
    """

    kind: str
    says: str
    going: str


class Sighting(msgspec.Struct, frozen=True):
    """A symptom in a cell: the kinds of operations it came with, and what was said."""

    cell: Cell
    symptom: Symptom
    operations: tuple[str, ...]
    sentence: str


def sightings(evidence: Evidence) -> tuple[Sighting, ...]:
    """Return what is wrong in a cell, up to the first step that failed.

    What comes after a failure may be its consequence, and is not looked at. A
    difference is seen once: where it first shows. There is always one if the verdict
    is neither good nor that the candidate cannot express the story.
    """
    if evidence.status is Status.UNSUPPORTED:
        return ()
    found = tuple(_Reading(evidence).sightings())
    finding = judge(evidence)
    if not found and finding.grade is not Grade.GOOD:
        symptom = Symptom("differs", finding.headline, "up")
        return (Sighting(evidence.cell, symptom, (), "; ".join(finding.reasons)),)
    return found


class _Reading:
    """Evidence that is read from its beginning, with the place a database is at."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        written = (o.step for o in evidence.observations)
        migrations = (s.migration for s in written if isinstance(s, Author))
        self._line = completed_line(tuple(migrations))
        self._names = {name for m in self._line for name in _names_in(m)}
        self._at = self._written = 0
        self._going = "up"
        self._moved: tuple[str, ...] = ()
        self._known: set[Difference] = set()

    def sightings(self) -> Iterator[Sighting]:
        """Yield what is seen, in the order of the story."""
        for observation in self._evidence.observations:
            self._follow(observation)
            if not observation.outcome.kind.went_through:
                yield self._failure(observation)
                return
            yield from self._differences(observation)
            yield from self._wrong_answer(observation)
        if self._evidence.status is Status.NOT_ESTABLISHED:
            reason = self._evidence.reason
            yield self._seen("not established", self._plain(reason), reason)

    def _follow(self, observation: Observation) -> None:
        step = observation.step
        if isinstance(step, Author):
            self._written += 1
            self._going, self._moved = "authoring", _kinds(step.migration.upgrade)
        elif isinstance(step, Upgrade | Downgrade):
            down = isinstance(step, Downgrade)
            target = self._place(step.to)
            passed = self._line[min(target, self._at) : max(target, self._at)]
            bodies = [(m.downgrade or ()) if down else m.upgrade for m in passed]
            self._going = "down" if down else "up"
            self._moved = _kinds(o for body in bodies for o in body)
            self._at = target

    def _place(self, name: str | None) -> int:
        names = [migration.name for migration in self._line]
        return names.index(name) + 1 if name in names else self._written

    def _failure(self, observation: Observation) -> Sighting:
        outcome = observation.outcome
        step = type(observation.step).__name__
        says = f"{outcome.kind} ({outcome.fault}): {self._plain(outcome.words)}"
        sentence = f"{step} was {outcome.kind} ({outcome.fault}): {outcome.words}"
        return self._seen("fails", says, sentence)

    def _differences(self, observation: Observation) -> Iterator[Sighting]:
        seen, wanted = observation.after, observation.expected
        if not isinstance(observation.step, Expect) or seen is None or wanted is None:
            return
        found = compare(wanted, seen)
        for difference in found:
            if difference not in self._known:
                says = self._said(difference)
                yield self._seen("differs", says, difference.sentence)
        self._known = set(found)

    def _wrong_answer(self, observation: Observation) -> Iterator[Sighting]:
        if not isinstance(observation.step, Current):
            return
        wanted = tuple(m.name for m in self._line[: self._at][-1:])
        if observation.answer != wanted:
            sentence = f"the tool says that the database is at {observation.answer}"
            yield self._seen("answers", "another place than it is at", sentence)

    def _seen(self, kind: str, says: str, sentence: str) -> Sighting:
        symptom = Symptom(kind, says, self._going)
        return Sighting(self._evidence.cell, symptom, self._moved, sentence)

    def _said(self, difference: Difference) -> str:
        kind, wanted, found = difference.kind, difference.expected, difference.found
        match kind:
            case DifferenceKind.TYPE | DifferenceKind.NULLABILITY:
                return f"{kind}: {self._plain(f'{found} instead of {wanted}')}"
            case DifferenceKind.ROW_VALUES:
                return f"{kind}: {_changed_values(wanted, found)}"
            case DifferenceKind.ROW_COUNT:
                fewer = int(found or 0) < int(wanted or 0)
                return f"{kind}: {'fewer' if fewer else 'more'}"
            case DifferenceKind.CONSTRAINT | DifferenceKind.CONSTRAINT_NAME:
                return f"{kind}: {self._plain(difference.subject.split(' (')[0])}"
            case DifferenceKind.DEFAULT | DifferenceKind.COLLATION:
                return f"{kind}: {_presence(wanted, found)}"
            case _:
                return str(kind)

    def _plain(self, text: str) -> str:
        """Return text without the names of the story, and without numbers."""
        for name in sorted(self._names, key=len, reverse=True):
            text = re.sub(
                rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", "…", text
            )
        text = re.sub(r"[0-9a-f]{12,}|\d+", "#", " ".join(text.split()))
        return text[:_LONGEST]


def _kinds(operations: Iterable[Operation]) -> tuple[str, ...]:
    return tuple(sorted({kind_of(operation) for operation in operations}))


def kind_of(operation: Operation) -> str:
    """Return the kind of an operation, as it is written in files: `add_column`."""
    return str(type(operation).__struct_config__.tag)


def _names_in(migration: Migration) -> Iterator[str]:
    """Yield every name of a table, a column or a constraint, and the migration's own."""
    yield migration.name
    yield from _texts(msgspec.to_builtins(migration.upgrade))


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                naming = key in _NAMING
                yield from ([inner] if naming and isinstance(inner, str) else ())
                yield from _texts(inner) if not isinstance(inner, str) else ()
        case list() | tuple():
            for inner in value:
                yield from [inner] if isinstance(inner, str) else _texts(inner)


_NAMING = {"name", "table", "old", "new", "column", "target", "copy_of"}


def _presence(wanted: str | None, found: str | None) -> str:
    if found is None:
        return "lost"
    return "another" if wanted is not None else "one that was not there"


def _changed_values(wanted: str | None, found: str | None) -> str:
    """Say of which kind values were and became, by the first rows that differ."""
    if wanted is None or found is None:
        return "other rows"
    one, other = (msgspec.json.decode(text, type=_ROW) for text in (wanted, found))
    changes = {
        f"{_kind_of_value(one[name])} became {_kind_of_value(other[name])}"
        for name in one.keys() & other.keys()
        if (type(one[name]), one[name]) != (type(other[name]), other[name])
    }
    return ", ".join(sorted(changes))


def _kind_of_value(value: Scalar) -> str:
    return "null" if value is None else type(value).__name__
