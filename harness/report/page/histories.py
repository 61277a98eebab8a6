"""The history of migrations before and after a conflict, as a cell's evidence has it."""

from __future__ import annotations

from pathlib import PurePosixPath

import msgspec

from harness.model.evidence import Evidence, FileChange, Observation
from harness.model.steps import Author, Branch, Checkout, Land, Recipe, Redo

_Line = tuple[str, ...]


class History(msgspec.Struct, frozen=True):
    """Three migrations by the names of their files: two wanted to follow the first.

    `redone` is the loser's file after it was mended, `touched` all that was changed for
    that. `joining` is the file that joins the two, if that was the way out.
    """

    base: str
    landed: str
    loser: str
    redone: str
    touched: tuple[str, ...]
    joining: str = ""


class _Telling:
    """Follows a story's branches, each a line of migrations."""

    def __init__(self) -> None:
        self.lines: dict[str, _Line] = {"main": ()}
        self.files: dict[str, str] = {}
        self.branch = "main"

    def hear(self, seen: Observation) -> None:
        """Take note of a step that went through and moves a branch."""
        match seen.step:
            case Branch(name=name, at=at):
                self.lines[name] = self.lines.get(at, ())
                self.branch = name
            case Checkout(ref=ref):
                self.branch = ref
            case Author(migration=migration):
                self._author(migration.name, seen.changes)
            case Land(branch=branch, into=into) if seen.outcome.kind.went_through:
                mine = self.lines.get(into, ())
                new = (m for m in self.lines.get(branch, ()) if m not in mine)
                self.lines[into] = (*mine, *new)
                self.branch = into
            case _:
                pass

    def _author(self, name: str, changes: tuple[FileChange, ...]) -> None:
        written = [c.path for c in changes if c.status == "A" and name in c.path]
        self.lines[self.branch] = (*self.lines.get(self.branch, ()), name)
        self.files[name] = _short(written[0]) if written else name


def history_of(evidence: Evidence) -> History | None:
    """Return the history around the first patch that was redone; None if not so simple.

    It is simple if one migration had landed on the same base, and one lost.
    """
    telling = _Telling()
    for seen in evidence.observations:
        if isinstance(seen.step, Redo):
            return _around(telling, seen, seen.step)
        telling.hear(seen)
    return None


def _around(telling: _Telling, seen: Observation, step: Redo) -> History | None:
    ours, theirs = (telling.lines.get(n, ()) for n in (step.onto, step.branch))
    base = [name for name in ours if name in theirs]
    landed = [name for name in ours if name not in theirs]
    lost = [name for name in theirs if name not in ours]
    if not base or len(landed) != 1 or len(lost) != 1:
        return None
    loser = telling.files[lost[0]]
    renamed = {_short(c.was): _short(c.path) for c in seen.changes if c.was is not None}
    added = [_short(c.path) for c in seen.changes if c.status == "A"]
    joins = step.recipe is Recipe.RECONCILE and added
    return History(
        base=telling.files[base[-1]],
        landed=telling.files[landed[0]],
        loser=loser,
        redone=renamed.get(loser, loser),
        touched=tuple(map(_touched, seen.changes)),
        joining=added[0] if joins else "",
    )


def _touched(change: FileChange) -> str:
    lines = f"+{change.added} −{change.deleted}"
    if change.was is not None:
        return f"{_short(change.was)} becomes {_short(change.path)}, {lines}"
    return f"{_short(change.path)}: {lines}"


def _short(path: str) -> str:
    return PurePosixPath(path).name
