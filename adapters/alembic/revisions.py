"""Revision files: found by name, read and edited as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.contract.parsing import literal

VERSIONS = Path("migrations/versions")
_TITLE = re.compile(r'^"""(?P<message>[^\n"]+)\n')
_FIELD = r"^(?P<field>{name}(?::[^=\n]+)?) = (?P<value>.+)$"


class Revision(msgspec.Struct, frozen=True):
    """A revision file as it is: `path` relative to the repository, parents by id.

    `name` is the message of the revision, its first line: alembic cuts the one in the
    file's name at 40 characters.
    """

    path: Path
    id: str
    parents: tuple[str, ...]
    name: str
    labels: tuple[str, ...] = ()


def read_all(repository: Path) -> tuple[Revision, ...]:
    """Return all revision files of a repository, in the order of their names."""
    files = sorted((repository / VERSIONS).glob("*.py"))
    return tuple(_read(file, repository) for file in files)


def named(name: str, repository: Path) -> Revision:
    """Return the revision of a scenario name; `LookupError` if there is none."""
    for revision in read_all(repository):
        if revision.name == name:
            return revision
    message = f"{VERSIONS} holds no revision named {name}"
    raise LookupError(message)


def ends(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    """Return those revisions that no other one follows."""
    revisions = tuple(revisions)
    parents = {parent for revision in revisions for parent in revision.parents}
    return tuple(r for r in revisions if r.id not in parents)


def with_parent(text: str, parent: str | None) -> str:
    """Return a revision file's text with another parent, docstring included."""
    text = _with_field(text, "down_revision", parent)
    return re.sub(
        r"^Revises:.*$", f"Revises: {parent or ''}", text, count=1, flags=re.MULTILINE
    )


def with_id(text: str, revision_id: str) -> str:
    """Return a revision file's text with another id, docstring included."""
    text = _with_field(text, "revision", revision_id)
    header = rf"Revision ID: {revision_id}"
    return re.sub(r"^Revision ID:.*$", header, text, count=1, flags=re.MULTILINE)


def with_dependencies(text: str, ids: tuple[str, ...]) -> str:
    """Return a revision file's text with the other revisions that it requires."""
    return _with_field(text, "depends_on", ids[0] if len(ids) == 1 else ids)


def with_bodies(text: str, upgrade: str, downgrade: str) -> str:
    """Return a revision file's text with new bodies; these are indented lines."""
    return _with_body(_with_body(text, "upgrade", upgrade), "downgrade", downgrade)


def _read(file: Path, repository: Path) -> Revision:
    text = file.read_text()
    parents = literal(_field(text, "down_revision"))
    title = _TITLE.match(text)
    return Revision(
        path=file.relative_to(repository),
        id=literal(_field(text, "revision")),
        parents=_as_tuple(parents),
        name=title["message"].replace(" ", "_") if title else file.stem,
        labels=_as_tuple(_value(text, "branch_labels")),
    )


def _value(text: str, name: str) -> str | tuple[str, ...] | None:
    """Return what a field that may be missing holds."""
    match = re.search(_FIELD.format(name=name), text, re.MULTILINE)
    value: str | tuple[str, ...] | None
    value = None if match is None else literal(match["value"])
    return value


def _as_tuple(parents: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if parents is None:
        return ()
    return (parents,) if isinstance(parents, str) else tuple(parents)


def _field(text: str, name: str) -> str:
    match = re.search(_FIELD.format(name=name), text, re.MULTILINE)
    if match is None:
        message = f"a revision file without {name}"
        raise LookupError(message)
    return match["value"]


def _with_field(text: str, name: str, value: str | tuple[str, ...] | None) -> str:
    _field(text, name)
    return re.sub(
        _FIELD.format(name=name),
        rf"\g<field> = {value!r}",
        text,
        count=1,
        flags=re.MULTILINE,
    )


def _with_body(text: str, function: str, body: str) -> str:
    pattern = (
        rf'(^def {function}\(\)[^\n]*:\n(?:    """[^\n]*"""\n)?)(?:(?:    [^\n]*)?\n)*'
    )
    changed, found = re.subn(
        pattern, lambda m: f"{m[1]}{body}\n\n\n", text, count=1, flags=re.MULTILINE
    )
    if not found:
        message = f"a revision file without {function}()"
        raise LookupError(message)
    return changed.rstrip("\n") + "\n"
