"""A private server: up while it is needed, and gone however the harness ends."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from harness.databases import BACKENDS, Backend, DatabaseRefused, Databases
from harness.databases.server import Server
from harness.databases.snapshot import take
from harness.servers import POSTGRESQL, PrivateServer, Program, ServerError
from harness.workspaces.scratch import scratch
from tests.running import Servers

_HOLD = """
import signal, sys, time
from pathlib import Path
from harness.databases import BACKENDS

signal.signal(signal.SIGINT, signal.default_int_handler)
with BACKENDS[sys.argv[1]].running(Path(sys.argv[2])) as backend:
    backend.create(Path(sys.argv[2]), "app")
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture(params=["postgresql", "mysql"])
def name(request: pytest.FixtureRequest, servers: Servers) -> str:
    """Return the name of each kind of server that there is here."""
    servers.backend(request.param)
    return str(request.param)


def processes_of(directory: Path) -> list[psutil.Process]:
    """Return the processes that were started with a directory as an argument."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        told = " ".join(process.info["cmdline"] or ())
        if str(directory) in told and process.pid != os.getpid():
            found.append(process)
    return found


def holding(name: str, directory: Path) -> subprocess.Popen[str]:
    """Start a process that runs a server in a directory, and wait for the server."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, name, str(directory)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    return holder


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_server_ends_with_the_harness(name: str, number: signal.Signals) -> None:
    """Also when that is killed and can do nothing any more; its data goes, too."""
    with scratch() as directory:
        holder = holding(name, directory)
        assert len(processes_of(directory)) >= 3

        holder.send_signal(number)
        holder.communicate()

        deadline = time.monotonic() + 30
        while processes_of(directory) or any(directory.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_server_ends_with_its_keeper(name: str) -> None:
    """A keeper that is killed takes the server with it: nobody is left alone."""
    with scratch() as directory:
        holder = holding(name, directory)
        (keeper,) = (
            p for p in processes_of(directory) if "keeper.py" in p.cmdline()[3]
        )
        keeper.kill()

        deadline = time.monotonic() + 30
        while set(processes_of(directory)) != {psutil.Process(holder.pid)}:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        holder.kill()
        holder.communicate()


def test_nobody_but_us_can_look_into_its_directory(server: Backend) -> None:
    """The server runs with the rights of somebody who is not root."""
    assert isinstance(server, Server)
    assert server._private is not None
    directory = server._private.directory
    (process, *_) = (
        p for p in processes_of(directory) if "keeper.py" not in str(p.cmdline())
    )

    assert process.uids().real != 0
    assert directory.stat().st_mode & 0o077 == 0


def test_a_program_that_cannot_run_is_named() -> None:
    """With its own words, and what to do; nothing is left of the attempt."""
    with scratch() as directory:
        binaries = directory / "bin"
        binaries.mkdir()
        for program in ("postgres", "initdb"):
            (binaries / program).write_text("#!/bin/sh\necho no room left; exit 3\n")
            (binaries / program).chmod(0o755)
        server = PrivateServer(
            POSTGRESQL, Program(str(binaries), "made up"), directory / "server"
        )

        with pytest.raises(ServerError, match=r"no room left.*--server"):
            server.start(lambda: True)

        assert [binaries] == list(directory.iterdir())


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_server_that_ends_is_known_to_be_lost(name: str, tmp_path: Path) -> None:
    """How it ended is said, quickly and for good; its databases are not asked again.

    PyMySQL forgets to close a socket that it cannot connect.
    """
    backend = type(BACKENDS[name])()
    with scratch() as directory, backend.running(directory, print):
        backend.create(tmp_path, "app")
        assert backend.lost() is None
        url = backend.url(tmp_path, "app")
        assert () == take(url).tables

        for process in processes_of(directory):
            if "keeper.py" not in str(process.cmdline()):
                process.kill()

        deadline = time.monotonic() + 10
        while backend.lost() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert backend.lost() == f"the {name} server ended (signal 9)"
        with pytest.raises(DatabaseRefused):
            backend.look(url, frozenset())
        backend.drop(tmp_path, "app")
    gc.collect()


def test_a_server_that_does_not_answer_is_given_up(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped process accepts connections and says nothing."""
    monkeypatch.setattr("harness.databases.postgresql._PATIENCE", 0.5)
    monkeypatch.setattr("harness.databases.mysql._PATIENCE", 1)
    backend = type(BACKENDS[name])()
    with scratch() as directory, backend.running(directory, print):
        (keeper,) = (p for p in processes_of(directory) if "keeper" in str(p.cmdline()))
        databases = keeper.children(recursive=True)
        for process in databases:
            process.suspend()
        try:
            assert f"the {name} server does not answer" in str(backend.lost())
        finally:
            for process in databases:
                process.resume()


def test_a_place_in_a_cell_is_no_place_for_the_next(
    server: Backend, tmp_path: Path
) -> None:
    """Cells that use the same names never share a database."""
    one, other = (Databases(server.name, tmp_path / cell) for cell in ("one", "other"))
    one.create("app")
    other.create("app")

    one.run_script("app", "CREATE TABLE users (id INTEGER)")

    assert () == take(other.url("app")).tables
