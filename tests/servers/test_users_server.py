"""A server of the user's keeps nothing of ours, and what is not ours is not touched.

The user's server is played by a private one, reached by its URL.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.databases import BACKENDS, use_servers
from harness.databases.server import Server
from harness.servers import ServerError

_HOLD = """
import signal, sys, time
from pathlib import Path
from harness.databases import BACKENDS, use_servers

signal.signal(signal.SIGINT, signal.default_int_handler)
use_servers((sys.argv[2],))
with BACKENDS[sys.argv[1]].running(Path("."), print) as backend:
    backend.create(Path("."), "app")
    with backend.scratch():
        print("up", flush=True)
        time.sleep(600)
"""


@pytest.fixture
def url(server: Server) -> str:
    """Return the URL of a server, as a user would give it."""
    return server._there.url("postgres" if server.name == "postgresql" else "")


@pytest.fixture
def users(server: Server, url: str) -> Server:
    """Return a backend that is to use that server, and does not run yet."""
    return type(server)((url,))


def names(server: Server) -> set[str]:
    """Return the names of all databases of a server."""
    catalogue = {
        "postgresql": "SELECT datname FROM pg_database",
        "mysql": "SHOW DATABASES",
    }
    with server.administering() as cursor:
        cursor.execute(catalogue[server.name])
        return {name for (name,) in cursor.fetchall()}


def test_nothing_is_left(server: Server, users: Server, tmp_path: Path) -> None:
    """Databases that were not dropped, and those of the oracle, go at the end."""
    before = names(server)

    with users.running(tmp_path, print):
        users.create(tmp_path, "app")
        with users.scratch() as scratch:
            users.run_script(scratch, "CREATE TABLE users (id INTEGER)")
        assert len(names(server) - before) == 2

    assert names(server) == before


def test_where_it_came_from_is_said(users: Server, tmp_path: Path) -> None:
    """It is the user's, and so are its settings."""
    with users.running(tmp_path, print):
        assert users.origin == "a server of the user's, given with --server"
        assert users.settings() == ()
        assert users.provenance()["engine"].startswith(
            ("PostgreSQL", "MariaDB", "MySQL")
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_an_interrupted_run_had_made_goes(
    server: Server, users: Server, url: str, tmp_path: Path, number: signal.Signals
) -> None:
    """At its end, or, if it was killed, at the start of the next run, which says so."""
    before = names(server)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, server.name, url],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    left = names(server) - before
    assert len(left) == 2
    said: list[str] = []

    with users.running(tmp_path, said.append):
        assert left <= names(server), "its run is alive"
    holder.send_signal(number)
    holder.communicate()
    while number == signal.SIGKILL and names(server) != before:
        with users.running(tmp_path, said.append):
            pass

    assert names(server) == before
    assert {name for name in left if any(name in text for text in said)} == (
        left if number == signal.SIGKILL else set()
    )


def test_what_is_not_ours_is_not_touched(
    server: Server, users: Server, tmp_path: Path
) -> None:
    """Not even when it has a name that begins as ours do."""
    mine = ("migration_compare", "migration_compare_backup", "migrationXcompare_1")
    with server.administering() as cursor:
        for name in mine:
            cursor.execute(f"CREATE DATABASE {name}")
    try:
        with users.running(tmp_path, print):
            users.create(tmp_path, "app")
        assert {name.lower() for name in mine} <= {
            name.lower() for name in names(server)
        }
    finally:
        with server.administering() as cursor:
            for name in mine:
                cursor.execute(f"DROP DATABASE {name}")


def test_secrets_do_not_get_into_evidence(tmp_path: Path) -> None:
    """The password and where the server is are spelled neutrally."""
    backend = type(BACKENDS["postgresql"])(("postgresql://me:s3cret@db.example/x",))
    backend._begin()
    with pytest.raises(ServerError) as caught:
        backend._reach(tmp_path)
    assert "s3cret" not in str(caught.value)

    url = backend.url(tmp_path, "app")
    assert "me:s3cret@db.example" in url
    for text, neutral in backend.neutral(tmp_path).items():
        url = url.replace(text, neutral)
    assert url == "postgresql+psycopg2://{server}/{cell}_app"


def test_a_url_of_no_known_kind_is_refused() -> None:
    """The message says how a URL may begin."""
    with pytest.raises(ServerError, match=r"--server oracle://….*postgresql.*mysql"):
        use_servers(("oracle://me:secret@host",))


def test_a_server_that_was_started_again_is_lost(
    users: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers, but what was going on in it is gone: no tool is to blame."""
    with users.running(tmp_path, print):
        assert users.lost() is None
        users._up_since -= 60
        assert users.lost() == f"the {users.name} server was started again meanwhile"


def test_two_runs_share_a_server(
    server: Server, users: Server, url: str, tmp_path: Path
) -> None:
    """Each has databases of its own, under the same names of the story."""
    other = type(server)((url,))
    with users.running(tmp_path, print), other.running(tmp_path, print):
        for backend in (users, other):
            backend.create(tmp_path, "app")
        assert users.url(tmp_path, "app") != other.url(tmp_path, "app")
