"""Files of a journal: whole lines and whole files, written so that a kill harms none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from filelock import FileLock, Timeout

_Kind = TypeVar("_Kind")


class JournalError(ValueError):
    """Stored evidence is missing or cannot be read; the message says what to do."""


class StorageError(RuntimeError):
    """Evidence cannot be written; what was written before is whole."""


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Keep other runs out of a directory; `JournalError` if one is in it."""
    path = directory / ".lock"
    lock = FileLock(path, timeout=0)
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            message = f"{directory} is in use by a run: wait for its end"
            raise JournalError(message) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    temporary = path.with_name(f"{path.name}.new")
    try:
        with writing(path), FileIO(temporary, "wb") as file:
            _write(file, content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def append(path: Path, record: object) -> None:
    """Add a record to a file as a line of JSON, and see it onto the disk."""
    append_line(path, msgspec.json.encode(record))


def append_line(path: Path, content: bytes) -> None:
    """Add a line to a file and see it onto the disk: all of it or nothing."""
    line = content + b"\n"
    with writing(path), FileIO(path, "ab") as file:
        end = file.tell()
        try:
            _write(file, line)
        except BaseException:
            file.truncate(end)
            raise


def mend(path: Path) -> None:
    """Cut off a last line that a killed run left unfinished."""
    text = bytes_of(path)
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        replace(path, whole)


def write_record(path: Path, record: object) -> None:
    """Write a record in one piece, for people to read as well."""
    encoded = msgspec.json.encode(record)
    replace(path, msgspec.json.format(encoded, indent=2) + b"\n")


def schema(kind: type, name: str, version: int) -> dict[str, Any]:
    """Return the JSON Schema of a kind of record."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:migration-compare:{name}:{version}",
        **msgspec.json.schema(kind),
    }


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what goes wrong when a path is written into `StorageError`."""
    try:
        yield
    except OSError as error:
        remedy = "Make room there, or name another folder with --output"
        message = f"{path} cannot be written: {error.strerror}. {remedy}"
        raise StorageError(message) from error


def _write(file: FileIO, content: bytes) -> None:
    """Write all of it and see it onto the disk."""
    while content:
        content = content[file.write(content) :]
    os.fsync(file.fileno())


def bytes_of(path: Path) -> bytes:
    """Return what a file holds; `JournalError` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Run the comparison first, or name its folder"
        message = f"{path}: {error.strerror}. {remedy}"
        raise JournalError(message) from error


def decoded(place: object, content: bytes, kind: type[_Kind]) -> _Kind:
    """Return stored content as a record; `JournalError` names its place."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"{place}: not valid evidence: {error}"
        raise JournalError(message) from error


def check_format(place: object, found: int, known: int) -> None:
    """Refuse a record of another format with `JournalError`."""
    if found != known:
        message = f"{place}: format {found}, but this version reads format {known}"
        raise JournalError(message)
