"""One cell's session: runs the tool's commands and keeps what they did."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from harness.contract import MEETING_PLACE, Invocation, NotCarriedOut
from harness.driving import Driver, Request, Result
from harness.model.cell import Candidate
from harness.model.evidence import (
    Attempt,
    Command,
    Fault,
    Outcome,
    OutcomeKind,
)
from harness.model.steps import Resource
from harness.model.toolchain import Environment
from harness.workspaces.git import Git

_LONGEST_OUTPUT = 64 * 1024
_HARNESS = Path(__file__).parents[2]


class CellSession:
    """The engine's side of `harness.contract.Session`."""

    def __init__(
        self,
        *,
        candidate: Candidate,
        backend: str,
        directory: Path,
        environment: Environment,
        driver: Driver,
        time_limit: float,
    ) -> None:
        self._candidate = candidate
        self._backend = backend
        self._directory = directory
        self._environment = environment
        self._driver = driver
        self._time_limit = time_limit
        self._deployment: Mapping[str, str] = {}
        self.passing: Mapping[str, str] = {}
        """What else differs from run to run in texts, and what to write instead."""
        self.added: Mapping[str, str] = {}
        """Variables that the databases ask for in the environment of every command."""
        self.seats: Callable[[int], Driver] | None = None
        """Drivers by number that can be used at once."""
        self.git = Git(directory / "repository")
        self.classify: Callable[[Command], Outcome] = _unclassified
        self.commands: list[Command] = []
        self.requests: list[Request] = []
        """What was asked of drivers in the current step."""
        self.begun: list[float] = []
        """When each of the commands was started, by the monotonic clock, if it is told."""
        self._without: frozenset[Resource] = frozenset()
        self._hooks: dict[str, str] = {}
        self._environ_bytes = 0
        self._where_one_works: Mapping[str, str] = {}
        for name in ("home", "tmp", "output"):
            (directory / name).mkdir(parents=True)

    @property
    def candidate(self) -> Candidate:
        """The candidate whose cell this is."""
        return self._candidate

    @property
    def backend(self) -> str:
        """The backend of the cell's databases."""
        return self._backend

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the toolchain's packages by name in lower case."""
        return {d.name.lower(): d.version for d in self._environment.distributions}

    @property
    def repository(self) -> Path:
        """The git work tree."""
        return self.git.worktree

    @property
    def without(self) -> frozenset[Resource]:
        """What the current step has to do without."""
        return self._without

    def begin(
        self,
        without: tuple[Resource, ...],
        hooks: dict[str, str] | None = None,
        deployment: Mapping[str, str] | None = None,
    ) -> None:
        """Start a step: forget the commands of the one before.

        `deployment` is what the environment of every command has in it besides.
        """
        self.commands, self.requests, self.begun = [], [], []
        self._hooks = hooks or {}
        self._without = frozenset(without)
        self._deployment = deployment or {}

    def be_timed(self, driver: Driver, environ_bytes: int) -> None:
        """From here on run commands with this driver, as they are where one works.

        That is: byte code is kept, and the environment has one size.
        """
        self._driver, self._environ_bytes = driver, environ_bytes
        self._where_one_works = {"PYTHONDONTWRITEBYTECODE": ""}

    def tool(
        self, script: str, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a console script of the toolchain; `NotCarriedOut` if it fails."""
        path = Path(self._environment.root) / "bin" / script
        return self._checked(self.run(path, argv, environ or {}, self._driver))

    def python(
        self, path: Path, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a Python file of the repository; `NotCarriedOut` if it fails."""
        script = self.repository / path
        return self._checked(self.run(script, argv, environ or {}, self._driver))

    def move(self, old: Path, new: Path) -> None:
        """Rename a file as `git mv` does."""
        self.git.run("mv", "--", str(old), str(new))

    def remove(self, path: Path) -> None:
        """Delete a file as `git rm` does."""
        self.git.run("rm", "--quiet", "-f", "--", str(path))

    def show(self, ref: str, path: Path) -> str | None:
        """Return a file's text at a commit or branch; None if it is not there."""
        return self.git.show(ref, path.as_posix())

    def located(self, script: str) -> Path:
        """Return a Python file of the repository, or else a console script."""
        in_repository = self.repository / script
        if in_repository.is_file():
            return in_repository
        return Path(self._environment.root) / "bin" / script

    def together(self, invocation: Invocation, processes: int) -> tuple[Command, ...]:
        """Run a command line as so many processes at once; none of them must succeed.

        They find a directory in which to wait for each other, for their scripts.
        """
        seats = self.seats
        if seats is None:
            message = "this session has one driver only"
            raise RuntimeError(message)
        place = self._directory / "tmp" / "meeting"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        environ = {**invocation.environ, MEETING_PLACE: str(place)}
        script, argv = self.located(invocation.script), invocation.argv
        with ThreadPoolExecutor(processes) as pool:
            running = [
                pool.submit(self.run, script, argv, environ, seats(seat), seat)
                for seat in range(processes)
            ]
        commands = tuple(future.result() for future in running)
        self.commands.extend(commands)
        return commands

    def run(
        self,
        script: Path,
        argv: tuple[str, ...],
        environ: Mapping[str, str],
        driver: Driver,
        seat: int = 0,
    ) -> Command:
        """Run a script with a driver and return the classified command.

        Commands that run at once sit on different seats: their outputs are kept apart.
        """
        environ = {**self._where_one_works, **self._deployment, **environ}
        output = self._directory / "output" / str(seat)
        output.mkdir(exist_ok=True)
        watch = output / "attempts"
        watch.unlink(missing_ok=True)
        request = Request(
            script=str(script),
            argv=argv,
            cwd=str(self.repository),
            environ={**self.environ(), **environ},
            stdout=str(output / "stdout"),
            stderr=str(output / "stderr"),
            time_limit=self._time_limit,
            network=Resource.NETWORK not in self._without,
            watch=str(watch) if self._without else None,
            hooks=self._hooks,
            environ_bytes=self._environ_bytes,
            unburdened=bool(self._environ_bytes),
        )
        self.requests.append(request)
        result = driver.run(request)
        self.begun.append(result.begun)
        command = self._command(request, result, environ)
        return msgspec.structs.replace(command, outcome=self._outcome(command))

    def environ(self) -> dict[str, str]:
        """Return the whole environment of a command, before the adapter's part."""
        binaries = str(Path(self._environment.root) / "bin")
        return {
            "PATH": os.pathsep.join((binaries, os.defpath)),
            "HOME": str(self._directory / "home"),
            "TMPDIR": str(self._directory / "tmp"),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "200",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONHASHSEED": "0",
            **self.added,
        }

    def neutral(self, text: str) -> str:
        """Return text without paths, names and secrets that belong to one run."""
        passing = {
            str(self._directory): "{cell}",
            str(self._environment.root): "{toolchain}",
            self._library(): "{python}",
            str(_HARNESS): "{harness}",
            **self.passing,
        }
        for known, written in passing.items():
            text = text.replace(known, written)
        return text

    def _library(self) -> str:
        """Return where the standard library of the toolchain's interpreter lies."""
        release = ".".join(self._environment.python_version.split(".")[:2])
        prefix = Path(self._environment.python).resolve().parents[1]
        return str(prefix / "lib" / f"python{release}")

    def _checked(self, command: Command) -> Command:
        self.commands.append(command)
        if not command.outcome.kind.went_through:
            raise NotCarriedOut(command)
        return command

    def _command(
        self, request: Request, result: Result, environ: Mapping[str, str]
    ) -> Command:
        script = Path(request.script)
        inside = script.is_relative_to(self.repository)
        name = (
            ("python", str(script.relative_to(self.repository)))
            if inside
            else (script.name,)
        )
        return Command(
            argv=tuple(map(self.neutral, (*name, *request.argv))),
            exit_code=result.exit_code,
            stdout=self._output(request.stdout),
            stderr=self._output(request.stderr),
            seconds=result.seconds,
            cpu_seconds=result.cpu_seconds,
            max_rss_kib=result.max_rss_kib,
            signal=result.signal,
            timed_out=result.timed_out,
            network=result.network,
            attempts=self._attempts(request.watch),
            environ={key: self.neutral(value) for key, value in environ.items()},
        )

    def _output(self, path: str) -> str:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        if len(text) > _LONGEST_OUTPUT:
            left_out = len(text) - _LONGEST_OUTPUT
            text = f"{text[:_LONGEST_OUTPUT]}\n[{left_out} characters left out]\n"
        return self.neutral(text)

    def _attempts(self, watch: str | None) -> tuple[Attempt, ...]:
        if watch is None or not Path(watch).exists():
            return ()
        lines = Path(watch).read_bytes().splitlines()
        attempts = (msgspec.json.decode(line, type=Attempt) for line in lines)
        return tuple(
            msgspec.structs.replace(attempt, target=self.neutral(attempt.target))
            for attempt in attempts
        )

    def _outcome(self, command: Command) -> Outcome:
        if command.timed_out:
            words = f"no answer within {self._time_limit:g} s"
            return Outcome(OutcomeKind.TIMED_OUT, Fault.TIME_LIMIT, words)
        if command.signal is not None:
            words = f"the process was ended by signal {command.signal}"
            return Outcome(OutcomeKind.KILLED, Fault.DIED, words)
        return self.classify(command)


def _unclassified(command: Command) -> Outcome:
    message = f"no rule reads the words of {command.argv}"
    raise LookupError(message)
