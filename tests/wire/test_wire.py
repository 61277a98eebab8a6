"""A line to a server: what passes is counted exactly, and comes as late as is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import psycopg2
import pymysql
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, text

from harness.databases import Backend
from harness.wire import Counts, Place, WireError, place_of, rerouted, wired
from harness.workspaces.scratch import scratch
from tests.running import Servers

Serving = Callable[[socket.socket], None]


class Listener:
    """A server on a Unix socket that does the same with everybody who comes."""

    def __init__(self, path: Path, serve: Serving) -> None:
        self.place = Place(path=str(path))
        self._serve = serve
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            client, _ = self._socket.accept()
            with client:
                if client.recv(1, socket.MSG_PEEK) == b"!":
                    return
                self._serve(client)

    def close(self) -> None:
        """Stop to listen."""
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(self.place.path)
            last.send(b"!")
        self._thread.join()
        self._socket.close()


def echo(client: socket.socket) -> None:
    """Send back whatever comes."""
    while piece := client.recv(65536):
        client.sendall(piece)


def die(client: socket.socket) -> None:
    """Hear something, and go away."""
    client.recv(1)


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a directory whose path is short enough for a socket."""
    with scratch() as directory:
        yield directory


@pytest.fixture
def listening(place: Path) -> Iterator[Callable[[Serving], Listener]]:
    """Return what makes a server, which is closed at the end."""
    made: list[Listener] = []

    def listen(serve: Serving) -> Listener:
        made.append(Listener(place / "server", serve))
        return made[-1]

    yield listen
    for listener in made:
        listener.close()


def connected(place: Place) -> socket.socket:
    """Return a connection to a Unix socket."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(place.path)
    client.settimeout(20)
    return client


def ask(client: socket.socket, words: bytes) -> bytes:
    """Send something and wait for as much."""
    client.sendall(words)
    heard = b""
    while len(heard) < len(words):
        heard += client.recv(65536)
    return heard


def test_each_question_that_was_answered_is_a_round_trip(
    listening: Callable[[Serving], Listener], place: Path
) -> None:
    """Bytes are counted in both directions, and connections."""
    with wired(listening(echo).place, place / "near") as wire:
        for questions in (3, 4):
            with closing(connected(wire.place)) as client:
                assert [ask(client, b"12345") for _ in range(questions)]

        assert wire.take() == Counts(2, 7, 35, 35)
        assert wire.take() == Counts()
        assert wire.counts == Counts(2, 7, 35, 35)


def test_what_nobody_answers_is_no_round_trip(
    listening: Callable[[Serving], Listener], place: Path
) -> None:
    """A client's goodbye costs it no waiting."""
    with wired(listening(die).place, place / "near") as wire:
        with closing(connected(wire.place)) as client:
            client.sendall(b"x")
            assert client.recv(1) == b""

        assert wire.take() == Counts(1, 0, 1, 0)


def test_a_large_answer_passes_whole(
    listening: Callable[[Serving], Listener], place: Path
) -> None:
    """Nothing is lost or put in another order, delayed or not."""
    words = bytes(range(256)) * 4096
    with wired(listening(echo).place, place / "near", delay=0.001) as wire:
        client = connected(wire.place)
        sender = threading.Thread(target=client.sendall, args=(words,))
        sender.start()
        heard = b""
        while len(heard) < len(words):
            heard += client.recv(65536)
        sender.join()
        client.close()

        assert heard == words
        assert wire.take().bytes_received == len(words)


@pytest.mark.parametrize("delay", [0.0005, 0.005])
def test_an_answer_comes_as_late_as_is_asked_or_later(
    listening: Callable[[Serving], Listener], place: Path, delay: float
) -> None:
    """A round trip takes the delay twice; however busy the machine, never less."""
    with (
        wired(listening(echo).place, place / "near", delay) as wire,
        closing(connected(wire.place)) as client,
    ):
        ask(client, b"first")
        begun = time.monotonic()
        for _ in range(10):
            ask(client, b"word")

        assert time.monotonic() - begun >= 10 * 2 * delay


def test_a_server_that_dies_closes_the_connection(
    listening: Callable[[Serving], Listener], place: Path
) -> None:
    """A client that waits hears of it, as it would without the line."""
    with (
        wired(listening(die).place, place / "near", delay=0.001) as wire,
        closing(connected(wire.place)) as client,
    ):
        client.sendall(b"?")

        assert client.recv(1) == b""


def test_a_server_that_is_not_there_closes_the_connection(place: Path) -> None:
    """And no connection is counted."""
    with (
        wired(Place(path=str(place / "nobody")), place / "near") as wire,
        closing(connected(wire.place)) as client,
    ):
        assert client.recv(1) == b""
        assert wire.take() == Counts()


def test_a_line_that_is_taken_up_ends_what_is_open(
    listening: Callable[[Serving], Listener], place: Path
) -> None:
    """Nothing of it stays: neither a connection, nor a thread, nor somebody who listens."""
    with wired(listening(echo).place, place / "near") as wire:
        client = connected(wire.place)
        ask(client, b"word")

    with closing(client):
        assert client.recv(1) == b""
    with socket.socket(socket.AF_UNIX) as late, pytest.raises(FileNotFoundError):
        late.connect(wire.place.path)
    assert "wire" not in [thread.name for thread in threading.enumerate()]


def test_where_nobody_can_listen_is_said(place: Path) -> None:
    """The message names the directory and the server."""
    far_too_long = place / ("x" * 120)

    with (
        pytest.raises(WireError, match=r"nobody can listen in .*xxx.* for /nobody"),
        wired(Place(path="/nobody"), far_too_long),
    ):
        pass


def test_a_line_leads_to_a_port_as_well(place: Path) -> None:
    """The server is on another port of this machine then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()

        def serve() -> None:
            client, _ = server.accept()
            with client:
                echo(client)

        thread = threading.Thread(target=serve)
        thread.start()
        with wired(Place(host=host, port=port), place / "near") as wire:
            with socket.create_connection((wire.place.host, wire.place.port)) as client:
                assert ask(client, b"word") == b"word"
            assert wire.take().round_trips == 1
        thread.join()


def through(wire_url: str) -> None:
    """Ask a server one question, as a tool does by way of SQLAlchemy's driver."""
    parts = make_url(wire_url)
    arguments, options = parts.get_dialect()().create_connect_args(parts)
    driver = psycopg2 if parts.get_backend_name() == "postgresql" else pymysql
    with (
        closing(driver.connect(*arguments, **options)) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute("SELECT 1")
        connection.commit()


def test_a_real_session_is_counted_exactly(servers: Servers, place: Path) -> None:
    """PostgreSQL: to begin the session, BEGIN, SELECT and COMMIT are waited for."""
    backend = servers.backend("postgresql")
    with backend.scratch() as url, wired(place_of(url), place / "near") as wire:
        through(wire.url(url))

        found = wire.take()
        assert (found.connections, found.round_trips) == (1, 4)


def test_a_session_with_mysql_is_counted_exactly(servers: Servers, place: Path) -> None:
    """MySQL: to log in, names, autocommit, SELECT and COMMIT; its greeting is none."""
    backend = servers.backend("mysql")
    with backend.scratch() as url, wired(place_of(url), place / "near") as wire:
        through(wire.url(url))

        found = wire.take()
        assert (found.connections, found.round_trips) == (1, 5)


def test_sqlalchemy_finds_its_way_over_the_line(server: Backend, place: Path) -> None:
    """A URL that was rerouted is one that a tool can be given."""
    with server.scratch() as url, wired(place_of(url), place / "near") as wire:
        engine = create_engine(wire.url(url))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()

        assert wire.take().connections == 1


@given(
    st.sampled_from(["postgresql+psycopg2", "mysql+pymysql"]),
    st.from_regex(r"\A[a-z]{1,8}\Z"),
    st.integers(1, 65535),
)
def test_a_rerouted_url_leads_where_it_is_told_to(
    dialect: str, name: str, port: int
) -> None:
    """Whatever it was before; only where it leads has changed."""
    socket = "host=/a" if dialect.startswith("p") else "unix_socket=/a/my.sock"
    ending = ".s.PGSQL.5433" if dialect.startswith("p") else "my.sock"
    for url in (
        f"{dialect}://user:secret@host:1234/{name}?charset=utf8",
        f"{dialect}://user:secret@/{name}?charset=utf8&{socket}",
    ):
        for place in (Place(path=f"/b/{ending}"), Place(host="there", port=port)):
            changed = make_url(rerouted(url, place))

            leads = msgspec.structs.replace(place, dialect=dialect.partition("+")[0])
            assert place_of(rerouted(url, place)) == leads
            assert (changed.database, changed.password) == (name, "secret")
            assert changed.query["charset"] == "utf8"


def test_a_line_to_a_file_is_refused() -> None:
    """SQLite has no server."""
    with pytest.raises(WireError, match="sqlite has none"):
        place_of("sqlite:////tmp/x.db")
