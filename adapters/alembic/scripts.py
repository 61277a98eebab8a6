"""A revision's script, read as text: its place in the history, and what it does."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from adapters.alembic.acts import acts
from adapters.directions import direction
from adapters.importing import on_import
from adapters.reading import (
    UnreadableError,
    bound,
    constants,
    literal,
    text_of,
    tree_of,
    unreadable,
)
from harness.model.faults import FaultKind
from harness.model.history import Revision, Trouble

_PLACING = ("revision", "down_revision", "depends_on")
_ID_IN_NAME = re.compile(r"([a-f0-9]+)\.py")
_ASSIGNED = re.compile(
    r"^(?P<name>revision|down_revision|depends_on)\b[^=\n]*=[ \t]*(?P<value>.+)$",
    re.MULTILINE,
)
_DATE = re.compile(r"^Create Date:\s*(\S+(?:[ T][\d:.]+)?)", re.MULTILINE)
_SAID = re.compile(r"^Revises:[ \t]*(.*)$", re.MULTILINE)
_REMEDY = "mend or remove the file: one that cannot be imported stops every command"


class _NotSaidError(Exception):
    """A script does not say its place; holds what is to be told of it."""

    def __init__(self, kind: FaultKind, words: str, remedy: str) -> None:
        super().__init__(words)
        self.kind, self.words, self.remedy = kind, words, remedy


def read(file: Path, directory: Path) -> tuple[Revision | None, tuple[Trouble, ...]]:
    """Return the revision of a script, if its place can be read, and what is wrong."""
    try:
        tree = tree_of(file)
    except UnreadableError as error:
        trouble = unreadable(file, error, _REMEDY)
        return _from_lines(file, directory), (trouble,)
    wrong = tuple(_of_upgrade(file, tree)), tuple(on_import(file, tree))
    try:
        own, parents, depends_on = _place(file, tree)
    except _NotSaidError as said:
        not_said = Trouble(said.kind, said.words, said.remedy, (file,))
        return None, (not_said, *wrong[1])
    text = ast.get_docstring(tree) or ""
    revision = Revision(
        id=own,
        parents=parents,
        depends_on=depends_on,
        labels=_labels(constants(tree.body)),
        files=(relative(file, directory),),
        message=text.strip().split("\n")[0].strip(),
        date=_date(text),
        said=_said(text),
        upgrade=direction("upgrade", tree, acts),
        downgrade=direction("downgrade", tree, acts),
    )
    return revision, (*wrong[0], *wrong[1])


def relative(file: Path, directory: Path) -> Path:
    """Return a file's path as seen from the repository."""
    return Path(os.path.relpath(file, directory))


def _place(
    file: Path, tree: ast.Module
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return a script's id, its parents and what it depends on; `_NotSaidError`."""
    assigned = constants(tree.body)
    names = {name for name, _ in bound(tree)}
    if _worked_out(tree, assigned):
        raise _computed()
    try:
        own = literal(assigned.get("revision"), assigned)
        parents = _ids(literal(assigned.get("down_revision"), assigned))
        depends_on = _ids(literal(assigned.get("depends_on"), assigned))
    except (ValueError, TypeError, RecursionError):
        raise _computed() from None
    if own is None:
        named = _ID_IN_NAME.match(file.name)
        own = named[1] if named else None
    if not isinstance(own, str):
        raise _NotSaidError(
            FaultKind.NO_ID,
            "says no revision, and is in a folder of scripts",
            "write its revision into it, or move it out of the folder",
        )
    if "down_revision" not in names:
        raise _NotSaidError(
            FaultKind.NO_PARENT,
            f"is revision {own}, and says no down_revision",
            "write the revision that it follows, or down_revision = None if it is the "
            "first",
        )
    return own, parents, depends_on


def _computed() -> _NotSaidError:
    return _NotSaidError(
        FaultKind.COMPUTED_ID,
        "works out revision, down_revision or depends_on when it runs: "
        "reading does not tell its place in the history",
        "write the ids out, as alembic's own template does",
    )


def _worked_out(tree: ast.Module, assigned: Mapping[str, ast.expr]) -> bool:
    """Tell whether a name of the place is given in any way but plain assignments."""
    plain = {id(s) for s in tree.body if isinstance(s, ast.Assign | ast.AnnAssign)}
    return any(
        name in _PLACING and (name not in assigned or id(statement) not in plain)
        for name, statement in bound(tree)
    )


def _of_upgrade(file: Path, tree: ast.Module) -> Iterator[Trouble]:
    given = dict(bound(tree))
    match given.get("upgrade"):
        case None if "*" not in given:
            words, remedy = "has no function upgrade", "write def upgrade()"
            yield Trouble(FaultKind.UNREADABLE, words, remedy, (file,))
        case ast.AsyncFunctionDef():
            words = (
                "has an upgrade that is async: alembic calls it and waits for nothing, "
                "so nothing of it is run"
            )
            remedy = "write def upgrade(), and op.run_async() where it has to be async"
            yield Trouble(FaultKind.UNREADABLE, words, remedy, (file,))
        case _:
            pass


def _from_lines(file: Path, directory: Path) -> Revision | None:
    """Return the place of a script that is no Python here, if single lines say it."""
    try:
        text = text_of(file).decode()
    except (UnreadableError, UnicodeDecodeError):
        return None
    found = [(match["name"], match["value"]) for match in _ASSIGNED.finditer(text)]
    said = dict(found)
    if len(said) != len(found) or not {"revision", "down_revision"} <= said.keys():
        return None
    try:
        values = {name: ast.literal_eval(value) for name, value in found}
        own, parents = values["revision"], _ids(values["down_revision"])
        depends_on = _ids(values.get("depends_on"))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    if not isinstance(own, str):
        return None
    return Revision(
        id=own,
        parents=parents,
        depends_on=depends_on,
        files=(relative(file, directory),),
        date=_date(text),
        unread=True,
    )


def _ids(value: object) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case tuple() if all(isinstance(item, str) for item in value):
            return value
    raise TypeError(value)


def _labels(assigned: Mapping[str, ast.expr]) -> tuple[str, ...]:
    """Return the labels; one that is not written out, as the code that makes it."""
    node = assigned.get("branch_labels")
    try:
        return _ids(literal(node, assigned))
    except (ValueError, TypeError, RecursionError):
        elements = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
        return tuple(ast.unparse(element) for element in elements if element)


def _date(text: str) -> str:
    found = _DATE.search(text)
    if found is None:
        return ""
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=None).isoformat()
    except ValueError:
        return ""


def _said(text: str) -> tuple[str, ...] | None:
    found = _SAID.search(text)
    if found is None:
        return None
    # Old templates wrote a tuple as Python does, with quotes and brackets.
    names = re.findall(r"[^\s,()'\"]+", found[1])
    return tuple(name for name in names if name != "None")
