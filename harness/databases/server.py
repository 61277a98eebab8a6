"""Backends whose databases lie on a server: a user's, or one of the harness's own.

On a server of the user's, every database of ours is named by `PREFIX`, a random part
that belongs to one run, and a number. A run holds a session that carries its name; a
run whose session is gone is dead, and the next one removes its databases.
"""

from __future__ import annotations

import itertools
import re
import secrets
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import Engine, NullPool, create_engine, make_url

from harness.databases.address import Address, of_the_user
from harness.databases.backend import Backend, refusal
from harness.databases.watch import Heard, Memory, Watch
from harness.model.cell import Absence
from harness.model.snapshot import Snapshot
from harness.servers import Given, Kind, PrivateServer, Program, ServerError

PREFIX = "migration_compare"
_OURS = re.compile(
    rf"{PREFIX}_(?P<run>[0-9a-f]{{8}})_(\d+_[a-z][a-z0-9_]*|scratch_\d+)"
)
_SLACK = 5.0
_A_MOMENT = 0.001
_SETTLED_WITHIN = 5.0
_NOTICED_WITHIN = 2.0


class Server(Backend):
    """A backend that is a server; what its kind calls things is in the subclasses."""

    kind: ClassVar[Kind]
    driver: ClassVar[str]
    """How URLs begin that name the driver, too."""

    errors: ClassVar[type[Exception]]
    """What the driver raises."""

    def __init__(self, urls: tuple[str, ...] = ()) -> None:
        """Take the URLs that the user gave, for servers of whatever kind."""
        self._lock = threading.Lock()
        self._turn = threading.RLock()
        self._running = False
        self._urls = urls
        self._found: Given | Program | Absence | None = None

    def use(self, urls: tuple[str, ...]) -> None:
        """Use one of these servers of the user's, if one is of this kind."""
        self._urls, self._found = urls, None

    @property
    def found(self) -> Given | Program | Absence:
        """Where the server comes from, or why there is none."""
        if self._found is None:
            self._found = self.kind.origin(self._urls)
        return self._found

    @property
    def absence(self) -> Absence | None:
        """Why there is no such server here, if so."""
        return self.found if isinstance(self.found, Absence) else None

    @property
    def origin(self) -> str:
        """Where the server comes from, in a few words."""
        match self.found:
            case Given(source=source):
                return f"a server of the user's, {source}"
            case Program(source=source):
                return f"run privately by the harness, {source}"
            case absence:
                return f"not available: {absence.reason}"

    @contextmanager
    def running(
        self, directory: Path, note: Callable[[str], None] = print
    ) -> Iterator[Self]:
        """Run a server of our own in a directory, or go to that of the user.

        Afterwards a user's server holds nothing of ours, and our own is gone.
        """
        self._begin()
        try:
            self._reach(directory)
            self._tidy(note)
            self._running = True
            yield self
        finally:
            self._end()

    def lost(self) -> str | None:
        """Return why the server cannot be reached; once it was lost, it stays so.

        A server that was started again in the meantime lost what was going on.
        """
        with self._lock:
            if self._lost is None:
                self._lost = self._found_lost()
            return self._lost

    def last_words(self) -> str:
        """Return the end of our own server's log."""
        return "" if self._private is None else self._private.last_words()

    def url(self, place: Path, name: str) -> str:
        """Return the URL of a database, with the driver."""
        return self._there.url(self._database(place, name))

    def create(self, place: Path, name: str) -> None:
        """Make an empty database."""
        self._make(self._database(place, name))

    def drop(self, place: Path, name: str) -> None:
        """Remove a database, if it is there, and whoever is still connected to it."""
        self._unwatch(self.url(place, name))
        if self._lost is None:
            self._remove(self._database(place, name))

    def neutral(self, place: Path) -> dict[str, str]:
        """Return names, directories and secrets, and what to write instead."""
        texts = {self._cell(place): "{cell}"}
        if self._private is not None:
            texts[str(self._private.directory)] = "{server}"
        return texts | self._there.secrets

    def engine(self, url: str) -> Engine:
        """Return an engine whose connections do not wait for ever."""
        return create_engine(url, poolclass=NullPool, creator=lambda: self.connect(url))

    def run_script(self, url: str, sql_text: str) -> None:
        """Run statement by statement, each committed unless the text says otherwise.

        As the server's own client does that stops at the first error: a transaction
        which the text opened is rolled back when the client goes away.
        """
        with self._words(), closing(self.connect(url)) as connection:
            self._autocommit(connection)
            with closing(connection.cursor()) as cursor:
                for statement in self._statements(sql_text):
                    cursor.execute(statement)

    def look(self, url: str, bookkeeping: frozenset[str]) -> Snapshot:
        """Describe the database in one transaction that reads and locks nothing.

        The server may notice later than we that a process was killed; until it has
        ended what that process was doing, there is nothing to see yet.
        """
        return self._looked(
            url, lambda cursor: self._describe(cursor, bookkeeping), self._others
        )

    def watch(self, url: str, bookkeeping: frozenset[str]) -> Watch:
        """Return a look that can be taken again, and that remembers what it saw.

        Whoever changes the database between looks may stay connected, and idle. Who
        could say all that was sent was not killed, and waits while we look: then there
        is nothing to wait for, and each question sees the same without a transaction.
        """
        memory = self._memory(bookkeeping)

        def look(heard: Heard) -> Snapshot:
            def describe(cursor: Any) -> Snapshot:  # noqa: ANN401
                return memory.describe(cursor, heard)

            if heard is None:
                return self._looked(url, describe, self._working)
            with (
                self._words(),
                self._watching(url) as connection,
                closing(connection.cursor()) as cursor,
            ):
                return describe(cursor)

        return Watch(look)

    def _looked(
        self,
        url: str,
        describe: Callable[[Any], Snapshot],
        waited_for: Callable[[Any], int],
    ) -> Snapshot:
        with self._words(), self._watching(url) as connection:
            with closing(connection.cursor()) as cursor:
                self._settle(cursor, waited_for)
                self._begin_looking(cursor)
                snapshot = describe(cursor)
                cursor.execute("ROLLBACK")
            return snapshot

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """Give an empty database that is used again, by others, afterwards."""
        with self._lock:
            spare = self._spare.pop() if self._spare else None
            number = next(self._scratches)
        if spare is None:
            spare = f"{self._name}_scratch_{number}"
            self._make(spare)
        yield self._there.url(spare)
        self._empty(self._there.url(spare))
        with self._lock:
            self._spare.append(spare)

    def provenance(self) -> dict[str, str]:
        """Return the version of the server, and of the driver that looks at it."""
        return {"engine": self._version, "driver": self._driver_version()}

    def settings(self) -> tuple[str, ...]:
        """Return the settings of our own server; a user's are the user's."""
        return () if self._private is None else self.kind.settings

    def connect(self, url: str) -> Any:  # noqa: ANN401
        """Return a connection of the driver that gives up waiting after a while."""
        parts = make_url(url)
        arguments, options = parts.get_dialect()().create_connect_args(parts)
        return self._connected(*arguments, **options)

    def _connected_to_look(self, url: str) -> Any:  # noqa: ANN401
        """Return a connection that is kept for looking at one database."""
        return self.connect(url)

    @abstractmethod
    def _socket_address(self, directory: Path) -> Address:
        """Return the address of our own server in its directory."""

    def _spelled(self, address: Address) -> Address:
        """Return an address with what every toolchain needs to be told."""
        return address

    @abstractmethod
    def _connected(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Return a connection of the driver with limits on waiting."""

    @abstractmethod
    def _autocommit(self, connection: Any) -> None:  # noqa: ANN401
        """Make every statement a transaction of its own."""

    @abstractmethod
    def _statements(self, script: str) -> Iterator[str]:
        """Cut a script into statements as the server's client does."""

    @abstractmethod
    def _begin_looking(self, cursor: Any) -> None:  # noqa: ANN401
        """Begin a transaction that sees one moment and writes nothing."""

    @abstractmethod
    def _memory(self, bookkeeping: frozenset[str]) -> Memory:
        """Return a memory that holds nothing yet."""

    @abstractmethod
    def _describe(self, cursor: Any, bookkeeping: frozenset[str]) -> Snapshot:  # noqa: ANN401
        """Read what the database holds."""

    @abstractmethod
    def _others(self, cursor: Any) -> int:  # noqa: ANN401
        """Return how many other clients are connected to the database."""

    @abstractmethod
    def _working(self, cursor: Any) -> int:  # noqa: ANN401
        """Return how many of them are not idle."""

    @abstractmethod
    def _make(self, database: str) -> None:
        """Create an empty database."""

    @abstractmethod
    def _remove(self, database: str) -> None:
        """Remove a database if it is there, with whoever is connected to it."""

    @abstractmethod
    def _empty(self, url: str) -> None:
        """Remove everything in a scratch database."""

    @abstractmethod
    def _checked_in(self) -> Any:  # noqa: ANN401
        """Return a connection by which others see that this run is alive."""

    @abstractmethod
    def _names(self, cursor: Any) -> list[str]:  # noqa: ANN401
        """Return the names of all databases that may be ours."""

    @abstractmethod
    def _is_alive(self, cursor: Any, run: str) -> bool:  # noqa: ANN401
        """Tell whether a run's session is there, or anybody in its databases."""

    @abstractmethod
    def _asked(self, cursor: Any) -> tuple[str, float]:  # noqa: ANN401
        """Return the server's version, and for how many seconds it has been up."""

    @abstractmethod
    def _driver_version(self) -> str:
        """Return name and version of the driver."""

    @contextmanager
    def _watching(self, url: str) -> Iterator[Any]:
        """Give a connection for looking, kept until the database goes: it is warm.

        It holds nothing between looks; one that met an error is closed.
        """
        with self._lock:
            connection = self._watchers.pop(url, None)
        if connection is None:
            connection = self._connected_to_look(url)
            self._autocommit(connection)
        try:
            yield connection
        except BaseException:
            self._close(connection)
            raise
        with self._lock:
            kept = self._watchers.setdefault(url, connection)
        if kept is not connection:
            self._close(connection)

    def _unwatch(self, url: str) -> None:
        """Close the connection that is kept for looking at a database."""
        with self._lock:
            connection = self._watchers.pop(url, None)
        if connection is not None:
            self._close(connection)

    def _close(self, connection: Any) -> None:  # noqa: ANN401
        """Close a connection that may be broken."""
        with suppress(self.errors):
            connection.close()

    @abstractmethod
    def _is_open(self, connection: Any) -> bool:  # noqa: ANN401
        """Tell whether a connection is not known to be broken."""

    @contextmanager
    def administering(self) -> Iterator[Any]:
        """Give a cursor of the run's session, by which databases are made and removed.

        It is one for all threads, who take turns, and is opened anew if it broke.
        """
        with self._words(), self._turn:
            if self._session is None:
                self._session = self._checked_in()
            try:
                with closing(self._session.cursor()) as cursor:
                    yield cursor
            finally:
                if self._session is not None and not self._is_open(self._session):
                    self._session = None

    @abstractmethod
    def _home(self) -> str:
        """Return the URL from which databases are made and removed."""

    @property
    def _there(self) -> Address:
        if self._address is None:
            message = f"the {self.name} server is not running"
            raise ServerError(message)
        return self._address

    @property
    def _name(self) -> str:
        """What all names of this run begin with."""
        return f"{PREFIX}_{self._run}"

    def _begin(self) -> None:
        if self._running:
            message = f"the {self.name} server is running already"
            raise ServerError(message)
        self._run = secrets.token_hex(4)
        self._places: dict[Path, int] = {}
        self._scratches = itertools.count()
        self._spare: list[str] = []
        self._watchers: dict[str, Any] = {}

    _address: Address | None = None
    _private: PrivateServer | None = None
    _session: Any = None
    _lost: str | None = None
    _version = ""

    def _reach(self, directory: Path) -> None:
        match self.found:
            case Absence() as absence:
                message = f"{absence.reason}: {absence.remedy}"
                raise ServerError(message)
            case Given(url=url):
                self._address = self._spelled(of_the_user(url, self.driver))
            case Program() as program:
                place = directory / self.name
                self._private = PrivateServer(self.kind, program, place)
                self._address = self._spelled(self._socket_address(place))
                self._private.start(self._answers)
        try:
            with self.administering() as cursor:
                self._version, uptime = self._asked(cursor)
        except Exception as error:
            message = f"the {self.name} server cannot be used ({self.origin}): {error}"
            raise ServerError(message) from error
        self._up_since = time.monotonic() - uptime

    def _answers(self) -> bool:
        try:
            self.connect(self._home()).close()
        except self.errors:
            return False
        return True

    def _found_lost(self) -> str | None:
        try:
            uptime = self._uptime()
        except Exception as error:  # noqa: BLE001
            ended = self._private and self._private.ended(_NOTICED_WITHIN)
            how = f"ended ({ended})" if ended else f"does not answer: {error}"
            return f"the {self.name} server {how}"
        if time.monotonic() - uptime > self._up_since + _SLACK:
            return f"the {self.name} server was started again meanwhile"
        return None

    def _uptime(self) -> float:
        """Ask the server how long it has been up; a session may break by itself."""
        for last in (False, True):
            try:
                with self.administering() as cursor:
                    return self._asked(cursor)[1]
            except Exception:
                if last or self._session is not None:
                    raise
        raise AssertionError

    def _tidy(self, note: Callable[[str], None]) -> None:
        """Remove what killed runs left; a private server is new and holds nothing."""
        if self._private is not None:
            return
        with self.administering() as cursor:
            for database in self._names(cursor):
                ours = _OURS.fullmatch(database)
                if ours and not self._is_alive(cursor, f"{PREFIX}_{ours['run']}"):
                    self._remove(database)
                    note(
                        f"removed {database} from the {self.name} server: "
                        "a run that was killed had left it"
                    )

    def _end(self) -> None:
        for url in tuple(self._watchers):
            self._unwatch(url)
        try:
            if self._private is None and self._session is not None and not self.lost():
                with self.administering() as cursor:
                    names = self._names(cursor)
                for database in names:
                    if database.startswith(f"{self._name}_"):
                        self._remove(database)
        finally:
            if self._session is not None:
                self._session.close()
            if self._private is not None:
                self._private.stop()
            self._address = self._private = self._session = self._lost = None
            self._running = False

    def _cell(self, place: Path) -> str:
        """Return what the names of a cell's databases begin with."""
        with self._lock:
            number = self._places.setdefault(place, len(self._places))
        return f"{self._name}_{number}"

    def _database(self, place: Path, name: str) -> str:
        return f"{self._cell(place)}_{name}"

    def _settle(self, cursor: Any, waited_for: Callable[[Any], int]) -> None:  # noqa: ANN401
        deadline = time.monotonic() + _SETTLED_WITHIN
        while waited_for(cursor) and time.monotonic() < deadline:
            time.sleep(_A_MOMENT)

    @contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise refusal(error) from error
