"""A server of the harness's own: in a directory of its own, and gone at the end."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harness.servers.accounts import Account, hand_over, is_open, unprivileged
from harness.servers.kind import Kind, Program, ServerError

_KEEPER = Path(__file__).with_name("keeper.py")
_PREPARED_WITHIN = 120.0
_UP_WITHIN = 60.0
_DOWN_WITHIN = 15.0
_A_MOMENT = 0.02
_LAST_WORDS = 12


class PrivateServer:
    """One server process, its keeper, and the directory with its data and socket."""

    def __init__(self, kind: Kind, program: Program, directory: Path) -> None:
        """Take a directory that does not exist yet, in one that is ours."""
        self._kind = kind
        self._program = program
        self.directory = directory
        self._keeper: subprocess.Popen[str] | None = None
        self._ended = ""

    def start(self, answers: Callable[[], bool]) -> None:
        """Set the server up and run it until it answers; `ServerError` if it does not.

        Whatever ends this process, the server ends with it.
        """
        account = unprivileged(self._kind.accounts)
        self.directory.mkdir(mode=0o700)
        try:
            if account is not None:
                hand_over(self.directory, account)
                self._bring_the_program_along()
            self._prepare(account)
            self._run(account)
            self._wait_for(answers)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server at once and remove its directory."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            assert keeper.stdin is not None  # noqa: S101
            assert keeper.stdout is not None  # noqa: S101
            keeper.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                keeper.wait(_DOWN_WITHIN)
            keeper.kill()
            keeper.wait()
            keeper.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def ended(self, within: float = 0.0) -> str | None:
        """Return how the server ended, if it did, or does in so many seconds."""
        keeper = self._keeper
        if self._ended or keeper is None:
            return self._ended or None
        try:
            keeper.wait(within)
        except subprocess.TimeoutExpired:
            return None
        assert keeper.stdout is not None  # noqa: S101
        self._ended = keeper.stdout.read().strip() or "its keeper was killed"
        return self._ended

    def last_words(self) -> str:
        """Return the end of what the server wrote to its log."""
        log = self.directory / "log"
        if not log.exists():
            return ""
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LAST_WORDS:])

    def _bring_the_program_along(self) -> None:
        """Copy a program out of an environment that is closed to other accounts."""
        if self._program.parts and not is_open(Path(self._program.binaries)):
            copy = self.directory / "program"
            self._program = self._program.copied(copy)

    def _prepare(self, account: Account | None) -> None:
        argv = self._kind.preparing(self._program, self.directory)
        try:
            done = subprocess.run(
                argv,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_PREPARED_WITHIN,
                check=False,
                **({} if account is None else account.options),  # type: ignore[call-overload]
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._failed(str(error)) from error
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise self._failed(" ".join(said[-_LAST_WORDS:]))

    def _run(self, account: Account | None) -> None:
        order = {
            "argv": self._kind.serving(self._program, self.directory),
            "directory": str(self.directory),
            "log": str(self.directory / "log"),
            "signal": int(self._kind.stop_signal),
            "account": {} if account is None else account.options,
        }
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_KEEPER), json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _wait_for(self, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _UP_WITHIN
        while not (self._listens() and answers()):
            ended = self.ended()
            if ended is not None:
                raise self._failed(f"{ended}: {self.last_words()}")  # noqa: EM102
            if time.monotonic() > deadline:
                raise self._failed(f"no answer: {self.last_words()}")  # noqa: EM102
            time.sleep(_A_MOMENT)

    def _listens(self) -> bool:
        """Tell whether somebody listens at the socket; a driver would not tidy up."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.directory / self._kind.socket))
            except OSError:
                return False
        return True

    def _failed(self, why: str) -> ServerError:
        return ServerError(
            f"the {self._kind.name} server of {self._program.binaries} "
            f"cannot be run privately: {why}. {self._kind.remedy}"
        )
