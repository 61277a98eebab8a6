"""What is asked of a driver, and what it answers."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """How a tool is started in a toolchain.

    `imports` are loaded once by a warm process; `startup` are Python files that run
    before anything else is imported, in every mode; `environ` are pairs for the warm
    process's own environment.
    """

    python: str
    imports: tuple[str, ...] = ()
    startup: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One command: a Python script with its arguments, directory and environment.

    `stdout` and `stderr` are files that receive the streams, `time_limit` is in
    seconds. Attempts to connect are appended to the file `watch` as JSON lines.
    `hooks` asks for interference with the process: see `startup/interfering.py`. In a
    fresh process, the hook `probe` names a file: see `startup/probing.py`. A fresh
    process's environment is filled up to `environ_bytes`. If it is `unburdened`, it is
    started in the way that costs it least; it then may outlive a harness that is killed.
    """

    script: str
    argv: tuple[str, ...]
    cwd: str
    environ: dict[str, str]
    stdout: str
    stderr: str
    time_limit: float
    network: bool = True
    watch: str | None = None
    hooks: dict[str, str] = {}
    environ_bytes: int = 0
    unburdened: bool = False


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command; times in seconds, `exit_code` None after a signal.

    `begun` is when a fresh process was started, by the machine's monotonic clock.
    `max_rss_kib` is 0 where it is not known: a fresh process tells it at its end.
    `network` says how the network was taken away: `open` (it was not), `namespace`
    (by the kernel) or `guard` (by refusing sockets inside Python).
    """

    exit_code: int | None
    signal: int | None
    timed_out: bool
    seconds: float
    cpu_seconds: float
    max_rss_kib: int
    network: str
    begun: float = 0.0


class DriverError(RuntimeError):
    """The driver itself was lost: not a result of the tool."""


class Driver(Protocol):
    """Something that runs commands in a toolchain, one at a time."""

    def start(self) -> None:
        """Get ready, which the first command does too; `DriverError` if that fails."""

    def run(self, request: Request) -> Result:
        """Run a command; `DriverError` if the driver is lost or killed meanwhile."""

    def kill(self) -> None:
        """End a running command at once; may be called from another thread."""

    def close(self) -> None:
        """End the driver and everything it started."""
