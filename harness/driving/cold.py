"""The cold driver: a fresh process for every command, as a person starts it."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import subprocess
import threading
import time
from pathlib import Path

from harness.driving.request import DriverError, Launch, Request, Result

_HERE = Path(__file__).parent
_LAUNCHER = _HERE / "driver.py"
_STARTUP = _HERE / "startup"
_PRCTL = ctypes.CDLL(None).prctl
_PR_SET_PDEATHSIG = 1
_FILLER = "MIGRATION_COMPARE_FILLER"


class ColdDriver:
    """Runs the installed console script itself."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._running: int | None = None
        self._killed = threading.Event()

    def start(self) -> None:
        """Nothing is to be made ready."""

    def run(self, request: Request) -> Result:
        """Run a command as a fresh process."""
        if self._killed.is_set():
            message = "interrupted"
            raise DriverError(message)
        peak = Path(f"{request.stdout}.peak")
        peak.unlink(missing_ok=True)
        told, telling = os.pipe()
        child = self._spawn(request, telling)
        os.close(telling)
        begun = time.monotonic()
        status, usage, timed_out = self._wait(child, begun + request.time_limit)
        seconds = time.monotonic() - begun
        with os.fdopen(told) as report:
            network = report.read() or "open"
        if self._killed.is_set():
            message = "interrupted"
            raise DriverError(message)
        code = os.waitstatus_to_exitcode(status)
        return Result(
            exit_code=code if code >= 0 else None,
            signal=-code if code < 0 else None,
            timed_out=timed_out,
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            max_rss_kib=_told(peak),
            network=network,
            begun=begun,
        )

    def kill(self) -> None:
        """End the running command; the driver is of no more use."""
        self._killed.set()
        if self._running is not None:
            _end_group(self._running)

    def close(self) -> None:
        """Nothing is kept between commands."""

    def _spawn(self, request: Request, telling: int) -> int:
        argv = [*interpreted(self._launch.python, request.script), *request.argv]
        if not request.network:
            launcher = [self._launch.python, "-S", "-E", str(_LAUNCHER), "exec"]
            argv = [*launcher, str(telling), *argv]
        with open(request.stdout, "wb") as out, open(request.stderr, "wb") as err:  # noqa: PTH123
            process = subprocess.Popen(
                argv,
                cwd=request.cwd,
                env=self._environ(request),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                pass_fds=() if request.network else (telling,),
                # With such a function, Python copies the harness's whole memory map, and
                # the process pays for it: 6 ms.
                preexec_fn=None if request.unburdened else _die_with_harness,  # noqa: PLW1509
            )
        self._running = process.pid
        process.returncode = 0
        return process.pid

    def _environ(self, request: Request) -> dict[str, str]:
        added = request.environ.get("PYTHONPATH", "")
        path = os.pathsep.join(part for part in (str(_STARTUP), added) if part)
        environ = {
            **dict(self._launch.environ),
            **request.environ,
            "PYTHONPATH": path,
            "MIGRATION_COMPARE_PATH": added,
            "MIGRATION_COMPARE_STARTUP": os.pathsep.join(self._launch.startup),
            "MIGRATION_COMPARE_WATCH": request.watch or "",
            "MIGRATION_COMPARE_HOOKS": _pairs(request.hooks),
            "MIGRATION_COMPARE_PEAK": f"{request.stdout}.peak",
        }
        return _filled(environ, request.environ_bytes)

    def _wait(
        self, child: int, deadline: float
    ) -> tuple[int, resource.struct_rusage, bool]:
        timed_out = False
        descriptor = os.pidfd_open(child)
        try:
            left = max(deadline - time.monotonic(), 0)
            ready, _, _ = select.select([descriptor], [], [], left)
            if not ready:
                timed_out = True
                _end_group(child)
            _, status, usage = os.wait4(child, 0)
        finally:
            os.close(descriptor)
            self._running = None
            _end_group(child)
        return status, usage, timed_out


def _filled(environ: dict[str, str], size: int) -> dict[str, str]:
    """Return the environment with a variable that fills it up to a number of bytes.

    What a process takes depends a little on how large its environment is (Mytkowicz and
    others, 2009), and that on the lengths of paths.
    """
    taken = sum(len(f"{key}={value}") + 1 for key, value in environ.items())
    left = size - taken - len(f"{_FILLER}=") - 1
    return {**environ, _FILLER: "." * left} if left > 0 else environ


def _told(peak: Path) -> int:
    """Return the memory that a process told of at its end; 0 if it came to none."""
    return int(peak.read_text() or 0) if peak.exists() else 0


def _pairs(hooks: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in hooks.items())


def _die_with_harness() -> None:
    """Have the kernel end this process with the harness, and do nothing else.

    It runs between fork and exec, where a thread may hold any lock: it must not
    import, allocate much, or log.
    """
    _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)


def interpreted(python: str, script: str) -> list[str]:
    """Return how a script is started: by itself if it can, else by the interpreter."""
    if os.access(script, os.X_OK) and Path(script).read_bytes()[:2] == b"#!":
        return [script]
    return [python, script]


def _end_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return
