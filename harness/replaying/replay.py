"""A whole replay: environment, database, process, steps, and the record of it all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec
from sqlalchemy import make_url

from harness.contract import Adapter
from harness.databases import DatabaseRefused, Databases, backend_named
from harness.execution.serving import serving
from harness.model.replay import (
    Direction,
    End,
    Failure,
    PlannedStep,
    PlayedStep,
    Replay,
    Spent,
)
from harness.model.snapshot import Snapshot
from harness.replaying import scripts
from harness.replaying.environment import Established, Wanted, environment
from harness.replaying.lens import Lens, differences
from harness.replaying.place import NotResumedError, Place, ReplayError, find, locate
from harness.replaying.playback import Limits, Playback
from harness.replaying.process import (
    Hello,
    OutOfTime,
    PlayingProcess,
    ProcessLost,
    Surroundings,
)
from harness.workspaces.scratch import scratch

_DATABASE = "played"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a user asks for.

    `target` is a path or PACKAGE:FOLDER, `versions` are folders of scripts in it.
    `database` is a file of SQLite: a copy of it is played on. `before` is Python that is
    run with an `engine` before the first step. `tool` is needed where a folder looks
    like a repository of several. `verbatim`, statements are kept whole, with the values
    that were bound.
    """

    target: str
    wanted: Wanted
    database: Path | None = None
    backend: str = "sqlite"
    versions: tuple[str, ...] = ()
    own_environment: bool = False
    environ: dict[str, str] = {}
    python_path: tuple[str, ...] = ()
    network: bool = False
    limits: Limits = Limits()
    before: str = ""
    tool: str = ""
    verbatim: bool = False


class Stage(msgspec.Struct, frozen=True):
    """A history that is loaded and stands before an empty database."""

    place: Place
    established: Established
    hello: Hello
    process: PlayingProcess
    lens: Lens
    starting: float
    engine: str
    network: str
    notes: tuple[str, ...]

    @property
    def steps(self) -> tuple[PlannedStep, ...]:
        """The steps of the history, in the tool's order."""
        return self.hello.steps


def found(
    asked: Asked, adapters: Iterable[Adapter], note: Callable[[str], None]
) -> tuple[Established, Place]:
    """Return the environment of a history, made if need be, and where it lies."""
    adapters = tuple(a for a in adapters if asked.tool in ("", a.tool))
    if not adapters:
        message = f"there is no tool {asked.tool!r}"
        raise ReplayError(message)
    if asked.wanted.requirements:
        note(f"environment: {', '.join(asked.wanted.requirements)}")
    established = environment(asked.wanted)
    path = locate(asked.target, established.python)
    return established, find(path, adapters, asked.versions)


@contextmanager
def stage(
    asked: Asked,
    adapters: Iterable[Adapter],
    note: Callable[[str], None],
) -> Iterator[Stage]:
    """Set everything up, and remove all of it afterwards; `ReplayError` if it fails."""
    adapters = tuple(adapters)
    established, place = found(asked, adapters, note)
    adapter = next(one for one in adapters if one.tool == place.tool)
    with (
        scratch() as directory,
        serving([asked.backend], directory, note) as broken,
        _database(asked, directory, broken) as url,
    ):
        home = directory / "home"
        home.mkdir()
        with loaded(asked, adapter, (established, place), url, home) as ready:
            yield ready


@contextmanager
def _database(asked: Asked, directory: Path, broken: dict[str, str]) -> Iterator[str]:
    """Give the URL of an empty database, or of a copy, that is gone afterwards."""
    for reason in broken.values():
        raise ReplayError(reason)
    databases = Databases(asked.backend, directory / "databases")
    try:
        url = databases.create(_DATABASE)
        if asked.database is not None:
            _copy(asked, url)
        yield url
    finally:
        databases.drop_all()


def _copy(asked: Asked, url: str) -> None:
    """Put a copy of the user's database in the place of the empty one."""
    if asked.backend != "sqlite":
        message = "--database names a file of SQLite; leave out --backend"
        raise ReplayError(message)
    source = f"file:{quote(str(asked.database))}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(source, uri=True)) as there,
            closing(sqlite3.connect(make_url(url).database or "")) as here,
        ):
            there.backup(here)
    except sqlite3.Error as error:
        message = f"{asked.database} cannot be copied as a SQLite database: {error}"
        raise ReplayError(message) from error


@contextmanager
def loaded(
    asked: Asked,
    adapter: Adapter,
    where: tuple[Established, Place],
    url: str,
    home: Path,
) -> Iterator[Stage]:
    """Load a history in its environment, before the database at a URL."""
    established, place = where
    playing = adapter.playing
    assert playing is not None  # noqa: S101
    needed = _by_network(url)
    told = _for_scripts(url)
    surroundings = Surroundings(
        python=established.python,
        directory=home,
        environ={n: v.replace("{url}", told) for n, v in asked.environ.items()},
        python_path=asked.python_path,
        network=asked.network or needed,
    )
    repository = {**place.repository, "own_environment": asked.own_environment}
    setup: dict[str, object] = {
        "player": str(playing.script),
        "repository": repository,
        "url": told,
        "python_path": list(asked.python_path),
        "before": asked.before,
        "verbatim": asked.verbatim,
    }
    process = PlayingProcess(surroundings)
    try:
        hello, starting = _hello(process, setup, asked, place)
        yield Stage(
            place=place,
            established=established,
            hello=hello,
            process=process,
            lens=_lens(url, playing.bookkeeping),
            starting=starting,
            engine=backend_named(asked.backend).provenance()["engine"],
            network=process.network,
            notes=(
                *((_BY_NETWORK,) if needed and not asked.network else ()),
                *(f"{place.tool} warns: {w}" for w in dict.fromkeys(hello.warnings)),
            ),
        )
    finally:
        process.close()


_SEVERAL_STATEMENTS = {"client_flag": "65536"}
"""Most scripts for MySQL were written for MySQLdb, which takes several at once."""


def _for_scripts(url: str) -> str:
    """Return the URL that scripts are given of a database."""
    there = make_url(url)
    if there.get_backend_name() == "mysql":
        there = there.update_query_dict(_SEVERAL_STATEMENTS)
    return there.render_as_string(hide_password=False)


def _lens(url: str, bookkeeping: tuple[str, ...]) -> Lens:
    try:
        return Lens(url, bookkeeping)
    except DatabaseRefused as error:
        message = f"the database cannot be read: {error}"
        raise ReplayError(message) from error


_BY_NETWORK = (
    "the database is reached by the network, which is therefore not taken away"
)


def _hello(
    process: PlayingProcess, setup: dict[str, object], asked: Asked, place: Place
) -> tuple[Hello, float]:
    limit = asked.limits.step
    try:
        hello, seconds = process.begin(setup, limit)
    except OutOfTime as error:
        message = f"{place.path}: the history was not loaded within {limit:g} s"
        raise ReplayError(message) from error
    except ProcessLost as error:
        message = f"{place.path}: {error}: {process.words()}"
        raise ReplayError(message) from error
    if hello.error is not None:
        failure = hello.error
        message = (
            f"{place.path} cannot be loaded by {place.tool}: {failure.kind}: "
            f"{failure.words}{_remedy(failure, asked.wanted)}"
        )
        if hello.warnings:
            message += f" ({'; '.join(dict.fromkeys(hello.warnings))})"
        raise ReplayError(message)
    if not hello.steps:
        message = f"{place.path}: the repository holds no migration"
        raise ReplayError(message)
    return hello, seconds


def _remedy(failure: Failure, wanted: Wanted) -> str:
    if "No module named 'pkg_resources'" in failure.words:
        return (
            ". It is a part of setuptools up to 80: add --requirement 'setuptools<81'"
        )
    if failure.kind not in ("ImportError", "ModuleNotFoundError"):
        return ""
    if not wanted.requirements:
        return (
            f". Install it in that environment, name another with {wanted.option}, or "
            "name the folder where it lies with --python-path"
        )
    if not wanted.until:
        return (
            ". Packages of today may lack what an old release counts on: name a date a "
            "few weeks after it (--until), or a bound (--requirement 'sqlalchemy<2')"
        )
    return (
        ". Name what is missing with --requirement, or the folder where it lies with "
        "--python-path"
    )


def _by_network(url: str) -> bool:
    """Tell whether a URL names a machine, and not a file or a socket."""
    return bool(make_url(url).host)


def taken(ready: Stage) -> tuple[str, ...]:
    """Return the steps that the database has taken already, by the history's parents."""
    return tuple(step.id for step in _behind(ready.steps, ready.hello.current))


def _behind(
    steps: tuple[PlannedStep, ...], ids: Iterable[str]
) -> tuple[PlannedStep, ...]:
    """Return some steps and all that they rest on, in the tool's order."""
    parents = {step.id: step.parents for step in steps}
    behind: set[str] = set()
    ahead = list(ids)
    while ahead:
        step = ahead.pop()
        if step not in behind and step in parents:
            behind.add(step)
            ahead.extend(parents[step])
    return tuple(step for step in steps if step.id in behind)


def up_to(steps: tuple[PlannedStep, ...], stop_at: str) -> tuple[PlannedStep, ...]:
    """Return a step and all that it rests on; `ReplayError` if there is no such step."""
    if not stop_at:
        return steps
    fitting = [s.id for s in steps if s.id == stop_at] or [
        step.id for step in steps if _names(stop_at, step)
    ]
    if len(fitting) != 1:
        what = "names several steps" if fitting else "is no step of the history"
        message = f"{stop_at!r} {what}; they go from {steps[0].id} to {steps[-1].id}"
        raise ReplayError(message)
    return _behind(steps, fitting)


def _names(word: str, step: PlannedStep) -> bool:
    """Tell whether a word is the beginning of a step's id; a number never is."""
    return not word.isdigit() and step.id.startswith(word)


class Earlier(msgspec.Struct, frozen=True):
    """What was played before: the steps, and what the database held after them."""

    steps: tuple[PlayedStep, ...] = ()
    state: Snapshot | None = None


def _repeat(playback: Playback, earlier: Earlier) -> None:
    """Come to where an earlier replay ended; `NotResumedError` if that is another place."""
    if not earlier.steps:
        return
    if broken := playback.repeat(earlier.steps):
        message = (
            f"played again, a step does not go as it did: {broken.words}. Leave out "
            "--resume"
        )
        raise NotResumedError(message)
    wanted = earlier.state or playback.state
    through = (End.DONE, End.NO_WAY_BACK)
    failed = any(step.end not in through for step in earlier.steps)
    if not failed and (other := differences(wanted, playback.state)):
        message = (
            "played again, the steps do not come to the same database: "
            f"{other[0].sentence}. Leave out --resume"
        )
        raise NotResumedError(message)


def play(
    ready: Stage,
    record: Replay,
    done: Callable[[PlayedStep], None],
    limits: Limits,
    earlier: Earlier | None = None,
) -> tuple[Replay, Playback]:
    """Play what a record asks for, and return the record of what was played."""
    earlier = earlier or Earlier()
    begun = time.monotonic()
    playback = Playback(
        ready.process, ready.lens, limits, done, remembering=record.walk
    )
    playback.begin_at(taken(ready))
    there = scripts.files(ready.steps)
    steps = up_to(ready.steps, record.stop_at)
    _repeat(playback, earlier)
    end = playback.up(_left(steps, earlier.steps, taken(ready)), walk=record.walk)
    if record.walk and end is End.DONE and not record.stop_at:
        end = playback.down(reversed(steps))
    missed = playback.missed() + scripts.changed(there, scripts.files(ready.steps))
    wall = time.monotonic() - begun + ready.starting
    status = (
        "failed" if end is not End.DONE else "stopped" if record.stop_at else "whole"
    )
    return msgspec.structs.replace(
        record,
        status=status,
        spent=Spent(wall=wall, starting=ready.starting, steps=playback.seconds),
        tables=len(playback.state.tables),
        notes=(*record.notes, *missed),
    ), playback


def spent(steps: tuple[PlayedStep, ...], starting: float) -> Spent:
    """Return where the time of some steps went, the end of a replay left out."""
    taken = sum(step.seconds for step in steps)
    wall = starting + taken + sum(step.harness_seconds for step in steps)
    return Spent(wall=wall, starting=starting, steps=taken)


def _left(
    steps: tuple[PlannedStep, ...],
    earlier: tuple[PlayedStep, ...],
    begun: tuple[str, ...],
) -> tuple[PlannedStep, ...]:
    """Return the steps that the database has not taken, or has gone back over."""
    there = set(begun)
    for step in earlier:
        if step.end is End.DONE:
            up = step.direction is Direction.UP
            (there.add if up else there.discard)(step.id)
    return tuple(step for step in steps if step.id not in there)
