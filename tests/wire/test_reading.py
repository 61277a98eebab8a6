"""The statements on a line, read from what the servers' own drivers send."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.databases import Backend
from harness.wire import place_of, wired
from harness.wire.reading import MySQLReader, PostgreSQLReader
from harness.workspaces.scratch import scratch
from tests.wire.test_wire import through

_STATEMENTS = st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")))


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a directory whose path is short enough for a socket."""
    with scratch() as directory:
        yield directory


def test_a_real_sessions_statements_are_read(server: Backend, place: Path) -> None:
    """Those that the driver adds are among them; none is told twice."""
    spoken = {
        "postgresql": ("BEGIN", "SELECT 1", "COMMIT"),
        "mysql": ("SET NAMES utf8mb4", "SET AUTOCOMMIT = 0", "SELECT 1", "COMMIT"),
    }
    with server.scratch() as url, wired(place_of(url), place / "near") as wire:
        through(wire.url(url).replace("charset=utf8", "charset=utf8mb4"))
        wire.take()

        assert wire.statements() == spoken[server.name]
        assert wire.statements() == ()


def in_pieces(sent: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Cut what is sent into pieces of these sizes, and a last one."""
    for size in sizes:
        yield sent[:size]
        sent = sent[size:]
    yield sent


@given(_STATEMENTS, st.lists(st.integers(0, 40)))
def test_postgresql_is_read_however_it_is_cut(
    statements: list[str], sizes: list[int]
) -> None:
    """Also after a server has declined to encrypt."""
    begun = struct.pack(">II", 8, 80877103) + struct.pack(">II", 8, 196608)
    queries = (s.encode() + b"\0" for s in statements)
    framed = (b"Q" + struct.pack(">I", 4 + len(q)) + q for q in queries)
    sent = begun + b"".join(framed) + b"X" + struct.pack(">I", 4)
    reader = PostgreSQLReader()

    assert [s for p in in_pieces(sent, sizes) for s in reader.read(p)] == statements


@given(_STATEMENTS, st.lists(st.integers(0, 40)))
def test_mysql_is_read_however_it_is_cut(
    statements: list[str], sizes: list[int]
) -> None:
    """The answer to the greeting is no statement, nor is a goodbye."""
    packets = [(1, struct.pack("<I", 0) + b"user")]
    packets += [(0, b"\x03" + s.encode()) for s in statements]
    packets += [(0, b"\x01")]
    sent = b"".join(
        struct.pack("<I", len(body))[:3] + bytes([number]) + body
        for number, body in packets
    )
    reader = MySQLReader()

    assert [s for p in in_pieces(sent, sizes) for s in reader.read(p)] == statements


def test_what_is_encrypted_is_not_read() -> None:
    """Nothing is made up about it."""
    reader = MySQLReader()
    asked = struct.pack("<I", 0x0800) + b"\0" * 28

    assert reader.read(struct.pack("<I", len(asked))[:3] + b"\x01" + asked) == []
    assert not reader.readable
    assert reader.read(b"\x17\x03\x03") == []
