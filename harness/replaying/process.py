"""The process that plays a history, inside the history's own environment."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from harness import driving
from harness.model.replay import Failure, PlannedStep, Statement

_INSIDE = Path(__file__).parent / "inside"
_DRIVING = Path(driving.__file__).parent
_LONGEST_WORDS = 4000
_BOARD = 32 * 1024
_A_LOOK = 0.5
_A_MOMENT = 0.02
_SAYS_WITHIN = 1.0
_ENDS_WITHIN = 5.0
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
    """The process ended by itself; the message says how."""


class PlayingProcess:
    """One process, from its start to its end; it dies with the harness.

    A keeper stands between the two, and ends all that the process started.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        """Start it: without a network, unless one is asked for."""
        self._directory = surroundings.directory
        self._board = self._directory / "statement"
        self._board.write_bytes(bytes(_BOARD))
        self._statement = self._board.open("rb")
        self._begun = time.monotonic()
        telling, told = os.pipe()
        errors = self._directory / "said.txt"
        with errors.open("wb") as file:
            # Kept open: a script can remove the file.
            self._errors = errors.open("rb")
            self._process = subprocess.Popen(
                _command(surroundings, told),
                cwd=self._directory,
                env=_environ(surroundings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                start_new_session=True,
                pass_fds=(told,),
            )
        os.close(told)
        self._telling = telling
        self._rest = b""

    def begin(self, setup: dict[str, object], limit: float) -> tuple[Hello, float]:
        """Have it load the history; return what it says, and the seconds it took."""
        hello = self._exchange({**setup, "board": str(self._board)}, limit, Hello)
        return hello, time.monotonic() - self._begun

    def play(self, do: str, step: str, limit: float) -> Answer:
        """Have it take one step."""
        return self._exchange({"do": do, "id": step}, limit, Answer)

    @property
    def network(self) -> str:
        """How the network was taken away: by the kernel, by a guard, or not at all."""
        ready, _, _ = select.select([self._telling], [], [], 0)
        return os.read(self._telling, 64).decode() if ready else "open"

    def end(self) -> None:
        """End it, and everything that it started; what it said can still be read."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
            self._has_ended(_ENDS_WITHIN)
            # Before it is waited for: its number may be another's then.
            if self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _has_ended(self, within: float) -> bool:
        """Tell whether its keeper ends within so many seconds; it is not waited for."""
        deadline = time.monotonic() + within
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while self._process.returncode is None:
            if os.waitid(os.P_PID, self._process.pid, look) is not None:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_A_MOMENT / 10)
        return True

    def close(self) -> None:
        """End it, and let go of all that belongs to it."""
        self.end()
        for stream in (
            self._process.stdin,
            self._process.stdout,
            self._errors,
            self._statement,
        ):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        with contextlib.suppress(OSError):
            os.close(self._telling)

    def words(self) -> str:
        """Return the end of what it printed, or said as it crashed."""
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(end - _LONGEST_WORDS, 0))
        return self._errors.read().decode(errors="replace").strip()

    def statement(self) -> str:
        """Return the statement that was under way when it last could say so."""
        self._statement.seek(0)
        content = self._statement.read()
        length = int.from_bytes(content[:4], "big")
        return content[4 : 4 + length].decode(errors="replace")

    def _exchange(self, value: object, limit: float, kind: type[_Kind]) -> _Kind:
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(msgspec.json.encode(value) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._lost() from error
        line = self._line(time.monotonic() + limit)
        try:
            return msgspec.json.decode(line, type=kind)
        except msgspec.DecodeError as error:
            self.end()
            message = f"the process that played the history answered wrongly: {error}"
            raise ProcessLost(message) from error

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101
        descriptor = self._process.stdout.fileno()
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            left = deadline - time.monotonic()
            ready, _, _ = select.select(
                [descriptor], [], [], max(min(left, _A_LOOK), 0)
            )
            if not ready:
                if self._has_ended(0):
                    raise self._lost()
                if left <= 0:
                    self._ask_where()
                    self.end()
                    raise OutOfTime
                continue
            part = os.read(descriptor, 1 << 20)
            if not part:
                raise self._lost()
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _ask_where(self) -> None:
        """Have it say where it is before it is ended; it may not be able to."""
        before = self._errors.seek(0, os.SEEK_END)
        self._process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + _SAYS_WITHIN
        while (
            self._errors.seek(0, os.SEEK_END) == before
            and not self._has_ended(0)
            and time.monotonic() < deadline
        ):
            time.sleep(_A_MOMENT)
        time.sleep(_A_MOMENT)

    def _lost(self) -> ProcessLost:
        by_itself = self._has_ended(_ENDS_WITHIN)
        self.end()
        code = self._process.wait()
        if not by_itself:
            how = "it closed its side of the line"
        elif code < 0:
            how = f"by signal {signal.Signals(-code).name}"
        else:
            how = f"with exit code {code}"
        return ProcessLost(f"the process that played the history ended ({how})")


def _command(surroundings: Surroundings, told: int) -> list[str]:
    # Ours, because a Python 2.7 of virtualenv finds no library without `site`.
    bare = [sys.executable, "-I", "-S"]
    keeper = [*bare, str(_INSIDE / "keeping.py")]
    played = [*keeper, surroundings.python, str(_INSIDE / "playing.py")]
    if surroundings.network:
        return played
    return [*bare, str(_DRIVING / "driver.py"), "exec", str(told), *played]


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
