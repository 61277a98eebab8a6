"""A proxy between a client and a server: it counts what passes, and can delay it.

A delay is what a distance would be: every piece arrives that much later, in its order,
and any number of pieces are under way at once.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.wire.counts import Counts
from harness.wire.place import Place, WireError, rerouted
from harness.wire.tally import Conversation, Tally

_PIECE = 64 * 1024
_PIECES_UNDER_WAY = 256
_CLOSED_WITHIN = 10.0
_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """A line that is laid: the place to connect to, and what passed it."""

    def __init__(self, target: Place, place: Place, tally: Tally) -> None:
        self._target = target
        self.place = place
        self._tally = tally
        self._taken = Counts()
        self._heard = 0

    @property
    def counts(self) -> Counts:
        """What passed since the line was laid, up to now."""
        return self._tally.counts

    def url(self, url: str) -> str:
        """Return a URL by which a database of the server is reached over this line."""
        return rerouted(url, self.place)

    def take(self) -> Counts:
        """Return what passed since this was last asked, once all connections have ended.

        `WireError` if one stays open for more than 10 s.
        """
        if not self._tally.wait_until_closed(_CLOSED_WITHIN):
            message = f"a connection to {self._target} was not closed"
            raise WireError(message)
        found, earlier = self._tally.counts, self._taken
        self._taken = found
        return found.since(earlier)

    def statements(self) -> tuple[str, ...] | None:
        """Return the statements since this was last asked; to be asked after `take`.

        None if they cannot be read: the connection is encrypted, or what is spoken there
        is not known.
        """
        found = self._tally.statements()
        if found is None:
            return None
        earlier, self._heard = self._heard, len(found)
        return found[earlier:]


@contextmanager
def wired(target: Place, directory: Path, delay: float = 0.0) -> Iterator[Wire]:
    """Lay a line to a server for the time of a `with` block.

    It begins at a Unix socket in `directory`, which is made, if the server listens at
    one, and else at a free port of this machine. `delay` is in seconds, for each of the
    two directions: a round trip takes twice that longer. `WireError` if nobody can listen.
    """
    if target.path:
        directory.mkdir(parents=True, exist_ok=True)
    tally = Tally(target.dialect)
    exchange = _Exchange(target, delay, tally)
    place: Future[Place] = Future()
    thread = threading.Thread(
        target=exchange.run, args=(directory, place), name="wire", daemon=True
    )
    thread.start()
    try:
        yield Wire(target, place.result(), tally)
    finally:
        exchange.stop()
        thread.join()
        if target.path:
            (directory / Path(target.path).name).unlink(missing_ok=True)


class _Exchange:
    """All connections of a line, in a thread and an event loop of their own."""

    def __init__(self, target: Place, delay: float, tally: Tally) -> None:
        self._target = target
        self._delay = delay
        self._tally = tally
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = _punctual()
        self._over = asyncio.Event()

    def run(self, directory: Path, place: Future[Place]) -> None:
        """Serve until `stop`; tell where, or why not."""
        # Whoever lays the line may be kept on one processor, and the client with it.
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(directory, place))

    def stop(self) -> None:
        """End all connections, and the thread."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self, directory: Path, place: Future[Place]) -> None:
        try:
            server, found = await self._listen(directory)
        except OSError as error:
            message = f"nobody can listen in {directory} for {self._target}: {error}"
            place.set_exception(WireError(message))
            await self._over.wait()
            return
        place.set_result(found)
        await self._over.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _listen(self, directory: Path) -> tuple[asyncio.Server, Place]:
        if self._target.path:
            path = str(directory / Path(self._target.path).name)
            return await asyncio.start_unix_server(self._connect, path), Place(path)
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        return server, Place(host=host, port=port)

    def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = self._loop.create_task(self._join((reader, writer)))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _join(self, client: _Stream) -> None:
        """Carry a client's connection to the server; a dead server closes it."""
        try:
            server = await self._reach()
        except OSError:
            await _close(client)
            return
        heard = self._tally.opened()
        try:
            await self._converse(client, server, heard)
        finally:
            await _close(server)
            await _close(client)
            self._tally.closed()

    async def _reach(self) -> _Stream:
        if self._target.path:
            return await asyncio.open_unix_connection(self._target.path)
        return await asyncio.open_connection(self._target.host, self._target.port)

    async def _converse(
        self, client: _Stream, server: _Stream, heard: Conversation
    ) -> None:
        """Carry both ways until the server has ended; the client may end before."""
        there = asyncio.create_task(
            _Way(client[0], server[1], self._delay, heard.from_client).carry()
        )
        try:
            await _Way(server[0], client[1], self._delay, heard.from_server).carry()
        finally:
            there.cancel()
            await asyncio.gather(there, return_exceptions=True)


class _Way:
    """One of the two directions of a connection."""

    def __init__(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        delay: float,
        heard: Callable[[bytes], None],
    ) -> None:
        self._source = source
        self._sink = sink
        self._delay = delay
        self._heard = heard
        self._under_way = asyncio.Queue[tuple[float, bytes]](_PIECES_UNDER_WAY)

    async def carry(self) -> None:
        """Carry pieces until the source ends, and tell the sink of the end."""
        fetching = asyncio.create_task(self._fetch())
        try:
            while piece := await self._arrived():
                self._sink.write(piece)
                await self._sink.drain()
            self._sink.write_eof()
        except ConnectionError:
            return  # Whoever is gone no longer sends either: that way ends, too.
        finally:
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)

    async def _fetch(self) -> None:
        """Send pieces on their way; an empty one is the end."""
        now, piece = asyncio.get_running_loop().time, b"-"
        while piece:
            try:
                piece = await self._source.read(_PIECE)
            except ConnectionError:
                piece = b""
            if piece:
                self._heard(piece)
            await self._under_way.put((now() + self._delay, piece))

    async def _arrived(self) -> bytes:
        due, piece = await self._under_way.get()
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        return piece


async def _close(stream: _Stream) -> None:
    writer = stream[1]
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def _punctual() -> asyncio.AbstractEventLoop:
    """Return an event loop that keeps delays of less than a millisecond.

    The usual one waits with epoll, by whole milliseconds.
    """
    return asyncio.SelectorEventLoop(selectors.SelectSelector())
