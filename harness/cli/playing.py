"""Options of the commands that play real histories."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from harness.cli import options
from harness.cli.exits import BAD_INPUT, fail
from harness.contract import Adapter
from harness.databases import BACKENDS
from harness.model.corpus import Entry
from harness.model.replay import Replay
from harness.replaying.corpus import named
from harness.replaying.environment import Wanted
from harness.replaying.playback import Limits
from harness.replaying.replay import Asked, Stage

_Function = TypeVar("_Function", bound=Callable[..., Any])
TARGET = "PATH|PACKAGE:FOLDER|corpus:NAME"
_INTERPRETER = "3.11"
_ABOVE_0 = click.FloatRange(min=0, min_open=True)
_OPTIONS = (
    click.option(
        "--python",
        default="",
        metavar="PROGRAM",
        help="A Python that has the history's tool and all that its scripts import.",
    ),
    click.option(
        "--requirement",
        "requirements",
        multiple=True,
        help="Build the environment from this, such as nova==20.0.0. Repeatable.",
    ),
    click.option(
        "--until",
        default="",
        metavar="DATE",
        help="Take no package that was uploaded after this date (2021-04-01).",
    ),
    click.option(
        "--interpreter",
        default="",
        show_default=_INTERPRETER,
        metavar="VERSION",
        help="The Python of an environment that is built.",
    ),
    click.option(
        "--tool",
        default="",
        help="The history's tool, where a folder looks like a repository of several.",
    ),
    click.option(
        "--versions",
        multiple=True,
        metavar="FOLDER",
        help="A folder of scripts in the repository, where not all of them are meant.",
    ),
    click.option(
        "--own-environment",
        is_flag=True,
        help="Run the project's own environment script; it finds the database's URL in "
        "its settings, or where --env puts it.",
    ),
    click.option(
        "--env",
        "environ",
        multiple=True,
        metavar="NAME=VALUE",
        help="A variable for the scripts; {url} stands for the database. Repeatable.",
    ),
    click.option(
        "--python-path",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, resolve_path=True),
        help="A folder with modules that the scripts import. Repeatable.",
    ),
    click.option(
        "--before",
        default="",
        metavar="PYTHON",
        help="Python to run before the first step, with an `engine` for the database.",
    ),
    click.option("--network", is_flag=True, help="Leave the network to the scripts."),
    click.option(
        "--step-limit",
        type=_ABOVE_0,
        default=600.0,
        show_default=True,
        help="Seconds that one step may take.",
    ),
    click.option(
        "--time-limit",
        type=_ABOVE_0,
        default=7200.0,
        show_default=True,
        help="Seconds that everything may take.",
    ),
)
_INSTALLED = ("requirements", "until", "interpreter")
_PLACE = (
    click.option(
        "--backend",
        type=click.Choice(list(BACKENDS)),
        default="sqlite",
        show_default=True,
        help="Where it is played: always in a database of its own.",
    ),
    click.option(
        "--database",
        type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
        help="Begin with a copy of this SQLite file, wherever it stands.",
    ),
)


def playing(function: _Function) -> _Function:
    """Add the options that say what is played, where, and with what."""
    for option in reversed(_PLACE):
        function = option(function)
    return history(function)


def history(function: _Function) -> _Function:
    """Add the options that say what is played and with what, but not where."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return options.extending(options.serving(function))


def taken(given: dict[str, Any]) -> tuple[Asked, tuple[Adapter, ...]]:
    """Take what is asked for out of a command's options, and who can play it.

    A history of the catalogue brings what the user did not say, also the last step.
    """
    if (entry := named(given["target"])) is not None:
        _bring(entry, given)
    offered = options.offered(given)
    registry = options.registry(given)
    backend = given.pop("backend")
    if (absence := offered[backend]) is not None:
        fail(f"{absence.reason}: {absence.remedy}", BAD_INPUT)
    asked = Asked(
        target=given.pop("target"),
        wanted=Wanted(
            python=given.pop("python"),
            requirements=given.pop("requirements"),
            until=given.pop("until"),
            interpreter=given.pop("interpreter") or _INTERPRETER,
        ),
        backend=backend,
        database=given.pop("database"),
        versions=given.pop("versions"),
        own_environment=given.pop("own_environment"),
        environ=_pairs(given.pop("environ")),
        python_path=given.pop("python_path"),
        network=given.pop("network"),
        before=given.pop("before"),
        tool=given.pop("tool"),
        limits=Limits(given.pop("step_limit"), given.pop("time_limit")),
    )
    return asked, tuple(registry.adapters.values())


def _bring(entry: Entry, given: dict[str, Any]) -> None:
    """Put what the catalogue says into the options; its requirements are not mixed."""
    installed = {n: getattr(entry, n) for n in _INSTALLED}
    said = [f"--{n.rstrip('s')}" for n in installed if given[n]]
    if said:
        message = (
            f"{given['target']} says by itself what is installed for it: leave out "
        )
        fail(message + " and ".join(said), BAD_INPUT)
    if not given["python"]:
        given.update(installed)
    given["environ"] = (
        *(f"{n}={v}" for n, v in entry.environ.items()),
        *given["environ"],
    )
    given["target"] = entry.place
    for name in ("tool", "versions", "own_environment", "before", "stop_at"):
        if name in given:
            given[name] = given[name] or getattr(entry, name)


def new_record(asked: Asked, ready: Stage, stop_at: str, *, walk: bool) -> Replay:
    """Return the record of a replay that is about to begin."""
    return Replay(
        version=version("migration-compare"),
        command=("migration-compare", *sys.argv[1:]),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        history=asked.target,
        tool=ready.place.tool,
        backend=asked.backend,
        engine=ready.engine,
        requirements=asked.wanted.requirements,
        until=asked.wanted.until,
        python=ready.hello.versions.get("Python", ""),
        versions=ready.hello.versions,
        distributions=ready.established.distributions,
        network=ready.network,
        walk=walk,
        stop_at=stop_at,
        steps=ready.steps,
        notes=ready.notes,
    )


def folder(asked: Asked) -> Path:
    """Return where a replay is written if nothing is said: a folder for each."""
    name = asked.wanted.requirements[0] if asked.wanted.requirements else ""
    words = f"{name}-{asked.target}-{asked.backend}"
    kept = "".join(c if c.isalnum() or c in ".=_-" else "-" for c in words)
    return Path("reports/replays") / kept.strip("-.")


def as_json(value: object) -> str:
    """Return a value as JSON for people and programs."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            fail(f"--env {one}: write NAME=VALUE", BAD_INPUT)
        pairs[name] = value
    return pairs
