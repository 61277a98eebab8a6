"""The process that plays a history, inside the history's own environment."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from harness import driving
from harness.model.replay import Failure, PlannedStep, Statement

_INSIDE = Path(__file__).parent / "inside" / "playing.py"
_DRIVING = Path(driving.__file__).parent
_LONGEST_WORDS = 4000
_Kind = TypeVar("_Kind")


class Surroundings(msgspec.Struct, frozen=True):
    """What the process is given.

    `directory` is a scratch folder: its HOME, its temporary files, where it stands.
    `environ` are variables that the user asks for, `python_path` places of modules.
    """

    python: str
    directory: Path
    environ: dict[str, str] = {}
    python_path: tuple[str, ...] = ()
    network: bool = False


class Hello(msgspec.Struct):
    """What the process says of the history when it has loaded it."""

    steps: tuple[PlannedStep, ...] = ()
    current: tuple[str, ...] = ()
    versions: dict[str, str] = {}
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    error: Failure | None = None


class Answer(msgspec.Struct):
    """What the process says of one step.

    `unheard` is how many statements were sent past SQLAlchemy, or are not told whole.
    """

    missing: str = ""
    seconds: float = 0.0
    changing: tuple[Statement, ...] = ()
    reading: int = 0
    questions: tuple[str, ...] = ()
    unheard: int = 0
    error: Failure | None = None


class OutOfTime(Exception):  # noqa: N818
    """A step took longer than it may; the process is gone."""


class ProcessLost(Exception):  # noqa: N818
    """The process ended by itself; the message has its last words."""


class PlayingProcess:
    """One process, from its start to its end; it dies with the harness."""

    def __init__(self, surroundings: Surroundings) -> None:
        """Start it: without a network, unless one is asked for."""
        self._directory = surroundings.directory
        self._errors = self._directory / "said.txt"
        self._begun = time.monotonic()
        telling, told = os.pipe()
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                _command(surroundings, told),
                cwd=self._directory,
                env=_environ(surroundings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                pass_fds=(told,),
            )
        os.close(told)
        self._telling = telling
        self._rest = b""

    def begin(self, setup: dict[str, object], limit: float) -> tuple[Hello, float]:
        """Have it load the history; return what it says, and the seconds it took."""
        hello = self._exchange(setup, limit, Hello)
        return hello, time.monotonic() - self._begun

    def play(self, do: str, step: str, limit: float) -> Answer:
        """Have it take one step."""
        return self._exchange({"do": do, "id": step}, limit, Answer)

    @property
    def network(self) -> str:
        """How the network was taken away: by the kernel, by a guard, or not at all."""
        ready, _, _ = select.select([self._telling], [], [], 0)
        return os.read(self._telling, 64).decode() if ready else "open"

    def close(self) -> None:
        """End it, and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        with contextlib.suppress(OSError):
            os.close(self._telling)

    def words(self) -> str:
        """Return the end of what it printed."""
        said = self._errors.read_bytes()[-_LONGEST_WORDS:]
        return said.decode(errors="replace").strip()

    def _exchange(self, value: object, limit: float, kind: type[_Kind]) -> _Kind:
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(msgspec.json.encode(value) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._lost() from error
        return msgspec.json.decode(self._line(time.monotonic() + limit), type=kind)

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101
        descriptor = self._process.stdout.fileno()
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            left = max(deadline - time.monotonic(), 0)
            ready, _, _ = select.select([descriptor], [], [], left)
            if not ready:
                self.close()
                raise OutOfTime
            part = os.read(descriptor, 1 << 20)
            if not part:
                raise self._lost()
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _lost(self) -> ProcessLost:
        code = self._process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        return ProcessLost(f"the process that played the history ended ({how})")


def _command(surroundings: Surroundings, told: int) -> list[str]:
    played = [surroundings.python, str(_INSIDE)]
    if surroundings.network:
        return played
    launcher = [surroundings.python, "-S", "-E", str(_DRIVING / "driver.py"), "exec"]
    return [*launcher, str(told), *played]


def _environ(surroundings: Surroundings) -> dict[str, str]:
    """Return the variables of the process: few, and none of the user's own."""
    home = str(surroundings.directory)
    return {
        "PATH": f"{Path(surroundings.python).parent}{os.pathsep}{os.defpath}",
        "HOME": home,
        "TMPDIR": home,
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        # What refuses sockets where the kernel cannot take the network away.
        "PYTHONPATH": str(_DRIVING / "startup"),
        **surroundings.environ,
    }
