"""The statements in what a client sends, as the servers' protocols frame them.

PostgreSQL: chapter "Message Formats" of its manual. MariaDB and MySQL: a packet is three
bytes of length, a number, and a command; a command's first packet has number 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

_ENCRYPTION_ASKED = {80877103, 80877104}
_QUERY, _PREPARE = 0x03, 0x16
_SSL = 0x0800
_HEAD = 4


class Reader(ABC):
    """Takes what a client of one connection sends, in pieces of any size."""

    def __init__(self) -> None:
        self._left = b""
        self.readable = True
        """False once a connection is encrypted: nothing can be told of it."""

    def read(self, piece: bytes) -> list[str]:
        """Return the statements that are whole with this piece."""
        if not self.readable:
            return []
        self._left += piece
        found = []
        while self.readable and (size := self._size(self._left)) is not None:
            if len(self._left) < size:
                break
            message, self._left = self._left[:size], self._left[size:]
            statement = self._statement(message)
            if statement is not None:
                found.append(statement.decode("utf-8", "replace"))
        return found

    @abstractmethod
    def _size(self, left: bytes) -> int | None:
        """Return how long the next message is; None if that cannot be told yet."""

    @abstractmethod
    def _statement(self, message: bytes) -> bytes | None:
        """Return the statement in a message, if it is of that kind."""


class PostgreSQLReader(Reader):
    """Simple queries, and statements that are prepared."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = False

    def _size(self, left: bytes) -> int | None:
        start = 1 if self._begun else 0
        if len(left) < start + _HEAD:
            return None
        return start + int.from_bytes(left[start : start + _HEAD], "big")

    def _statement(self, message: bytes) -> bytes | None:
        if not self._begun:
            asked = int.from_bytes(message[_HEAD : 2 * _HEAD], "big")
            # A server that will not encrypt is asked again in the clear.
            self._begun = asked not in _ENCRYPTION_ASKED
            return None
        kind, body = message[:1], message[1 + _HEAD :]
        if kind == b"Q":
            return body.rstrip(b"\0")
        if kind == b"P":
            return body.split(b"\0")[1]
        return None


class MySQLReader(Reader):
    """Queries, and statements that are prepared."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = False

    def _size(self, left: bytes) -> int | None:
        if len(left) < _HEAD:
            return None
        return _HEAD + int.from_bytes(left[:3], "little")

    def _statement(self, message: bytes) -> bytes | None:
        number, body = message[3], message[_HEAD:]
        if not self._begun:
            # The answer to the greeting: if it asks for encryption, that follows.
            self._begun = True
            self.readable = not int.from_bytes(body[:4], "little") & _SSL
            return None
        if number == 0 and body[:1] and body[0] in {_QUERY, _PREPARE}:
            return body[1:]
        return None


READERS: dict[str, Callable[[], Reader]] = {
    "postgresql": PostgreSQLReader,
    "mysql": MySQLReader,
}
"""By the name of SQLAlchemy's dialect."""
