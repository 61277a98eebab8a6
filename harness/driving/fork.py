"""The warm driver: a server in the toolchain that forks for every command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO

import msgspec

from harness.driving.request import DriverError, Launch, Request, Result

SERVER = Path(__file__).with_name("driver.py")
_PROTOCOL = 1


class _Hello(msgspec.Struct):
    protocol: int
    python: str


class ForkDriver:
    """Starts its server with the first command, and anew after it was lost."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._server: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._killed = threading.Event()

    def start(self) -> None:
        """Start the warm process, unless it is there."""
        self._started()

    def run(self, request: Request) -> Result:
        """Run a command in a fork of the warm process."""
        server = self._started()
        answer = self._exchange(server, msgspec.json.encode(request))
        return msgspec.json.decode(answer, type=Result)

    def kill(self) -> None:
        """End the server and the running command; the driver is of no more use."""
        self._killed.set()
        if self._server is not None:
            self._server.kill()

    def close(self) -> None:
        """End the server; what it runs ends with it."""
        server, self._server = self._server, None
        if server is not None:
            assert server.stdin is not None  # noqa: S101
            assert server.stdout is not None  # noqa: S101
            with contextlib.suppress(BrokenPipeError):
                server.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(5)
            server.kill()
            server.wait()
            server.stdout.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._killed.is_set():
            message = "interrupted"
            raise DriverError(message)
        return self._server or self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._server = subprocess.Popen(
            [self._launch.python, str(SERVER), "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={"PATH": os.defpath, **dict(self._launch.environ)},
            start_new_session=True,
        )
        setup = {"startup": self._launch.startup, "imports": self._launch.imports}
        answer = self._exchange(self._server, msgspec.json.encode(setup))
        hello = msgspec.json.decode(answer, type=_Hello)
        if hello.protocol != _PROTOCOL:
            message = f"the server speaks protocol {hello.protocol}, not {_PROTOCOL}"
            raise DriverError(message)
        return self._server

    def _exchange(self, server: subprocess.Popen[bytes], line: bytes) -> bytes:
        assert server.stdin is not None  # noqa: S101
        assert server.stdout is not None  # noqa: S101
        try:
            server.stdin.write(line + b"\n")
            server.stdin.flush()
            answer = server.stdout.readline()
        except (OSError, ValueError):
            answer = b""
        if not answer.endswith(b"\n"):
            raise self._lost(server)
        return answer

    def _lost(self, server: subprocess.Popen[bytes]) -> DriverError:
        server.kill()
        code = server.wait()
        words = ""
        if self._errors is not None:
            self._errors.seek(0)
            words = self._errors.read().decode("utf-8", "replace").strip()[-2000:]
        self.close()
        if self._killed.is_set():
            return DriverError("interrupted")
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        return DriverError(f"the warm process in the toolchain ended ({how}): {words}")
