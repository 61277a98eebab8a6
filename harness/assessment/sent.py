"""What statements that were really sent to a database lock or rewrite, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from harness.assessment.locking import FACTS
from harness.model.difference import DifferenceKind
from harness.model.history import Act, ActKind, Trait
from harness.model.locks import Effect, Lock
from harness.model.replay import Direction, End, PlayedStep
from harness.model.statements import act_of

_COPYING = re.compile(
    r"\s*INSERT\s+INTO\s+[`\"\[]?(?P<into>\w+).*?\bSELECT\b.*?\bFROM\s+[`\"\[]?(?P<from>\w+)",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED = re.compile(
    r"\s*ALTER\s+TABLE\s+[`\"\[]?(?P<old>\w+)[`\"\]]?\s+RENAME\s+TO\s+[`\"\[]?(?P<new>\w+)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r",\s*(?:ADD|ALTER|CHANGE|CONVERT|DROP|ENGINE|MODIFY|ORDER|RENAME)\b"
    r"|\b(?:AFTER|AS|AUTO_INCREMENT|CHARACTER|CHARSET|CHECK|COLLATE|FIRST|KEY"
    r"|REFERENCES|UNIQUE)\b",
    re.IGNORECASE,
)
_OF_A_COLUMN = {
    DifferenceKind.TYPE: Trait.TYPE,
    DifferenceKind.NULLABILITY: Trait.NOT_NULL,
    DifferenceKind.DEFAULT: Trait.DEFAULT,
    DifferenceKind.COMMENT: None,
}
_COPIES = (
    "all rows are written into a new table that takes the old one's place; on SQLite "
    "nobody else can write to the database meanwhile"
)
_SQLITE = "sqlite"
_SOURCE = "https://www.sqlite.org/lang_altertable.html#otheralter"


def sent_locks(backend: str, step: PlayedStep) -> tuple[Lock, ...]:
    """Return what a step locks or rewrites on its backend, if it goes up.

    Going by the form of each statement, and by what the step changed of a column that a
    statement says anew as a whole: how much it matters is a question of the rows
    that a table holds in use, and a replay begins with none.
    """
    return tuple(_sent(backend, step)) if step.direction is Direction.UP else ()


class _Tables:
    """Which tables a step has made so far, and which it has given another name."""

    def __init__(self) -> None:
        self.new: set[str] = set()
        self._renamed: dict[str, str] = {}

    def copied(self, text: str) -> str:
        """Return the table whose rows go into one that the step made, or nothing.

        Tools change a table that way on SQLite: some write into a table of another
        name, some give the old one another name first.
        """
        found = _COPYING.match(text)
        if found and found["into"] in self.new and found["from"] not in self.new:
            return self._renamed.get(found["from"], found["from"])
        return ""

    def follow(self, act: Act, text: str) -> None:
        """Take note of a statement."""
        if act.kind is ActKind.CREATE_TABLE:
            self.new.add(act.table)
        elif act.kind is ActKind.DROP_TABLE:
            self.new.discard(act.table)
        elif found := _RENAMED.match(text):
            if found["old"] in self.new:
                self.new.remove(found["old"])
                self.new.add(found["new"])
            else:
                self._renamed[found["new"]] = found["old"]


def _sent(backend: str, step: PlayedStep) -> Iterator[Lock]:
    tables = _Tables()
    for statement in step.statements:
        text = statement.text
        if statement.bookkeeping:
            continue
        act = act_of(text, 0)
        copied = tables.copied(text) if backend == _SQLITE else ""
        if copied:
            yield Lock(copied, Effect.REWRITES, _COPIES, _SOURCE, text)
        elif act.table not in tables.new:
            yield from _by_facts(backend, _changed(act, text, step), text)
        tables.follow(act, text)


def _by_facts(backend: str, act: Act, text: str) -> Iterator[Lock]:
    for fact in FACTS:
        if fact.backend == backend and fact.concerns(act):
            yield Lock(act.table, fact.effect, fact.words, fact.source, text)


def _changed(act: Act, text: str, step: PlayedStep) -> Act:
    """Return an act on a whole column with what it changed, if the step's changes say it.

    They do not where the step did more to the column, or the statement does more than
    they tell.
    """
    if Trait.WHOLE not in act.traits or not _alone(act, step):
        return act
    place = (act.table, act.name)
    kinds = {one.kind for one in step.changes if (one.table, one.subject) == place}
    told = DifferenceKind.TYPE in kinds or (kinds and not _MORE.search(text))
    if not told or kinds - _OF_A_COLUMN.keys():
        return act
    traits = tuple(filter(None, map(_OF_A_COLUMN.get, sorted(kinds))))
    return msgspec.structs.replace(act, traits=traits)


def _alone(act: Act, step: PlayedStep) -> bool:
    """Tell whether a step went through and has one statement only on a column."""
    acts = (act_of(one.text, 0) for one in step.statements)
    on_it = [
        other for other in acts if (other.table, other.name) == (act.table, act.name)
    ]
    return step.end is End.DONE and len(on_it) == 1
