"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from harness.execution.plan import Offered, Selection
from harness.execution.registry import Registry, discover
from harness.execution.serving import offered as backends_offered

LATEST = Path("reports/latest")
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _several(*names: str, help_text: str) -> Callable[[_Function], _Function]:
    return click.option(*names, multiple=True, metavar="NAME", help=help_text)


_SELECTION = (
    _several(
        "--scenario",
        "scenarios",
        help_text="Scenarios by id or name; * and ? match anything. Repeatable, "
        "like all of these.",
    ),
    _several(
        "--family",
        "families",
        help_text="changes, conflicts, linearity, offline or speed.",
    ),
    _several(
        "--candidate",
        "candidates",
        help_text="A tool together with a policy; see `list`.",
    ),
    _several("--toolchain", "toolchains", help_text="An environment; see `list`."),
    _several(
        "--backend",
        "backends",
        help_text="sqlite (the default), postgresql, mysql, or all.",
    ),
)

_SERVERS = (
    click.option(
        "--server",
        "servers",
        multiple=True,
        metavar="URL",
        help="A server to use for its kind of backend, such as "
        "postgresql://user:password@host/database or mysql://user:password@host. "
        "Without it a server is found on this machine and run privately. Repeatable.",
    ),
)

_MORE = (
    click.option(
        "--adapter-from",
        "more_adapters",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Also take in the adapter in this directory.",
    ),
    click.option(
        "--scenarios-from",
        "more_scenarios",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Also take in the scenarios in this Python file.",
    ),
)


def selecting(function: _Function) -> _Function:
    """Add the options that select cells; see `selection`."""
    for option in reversed(_SELECTION):
        function = option(function)
    return serving(function)


def serving(function: _Function) -> _Function:
    """Add the option that names servers; see `offered`."""
    for option in _SERVERS:
        function = option(function)
    return function


def columns(function: _Function) -> _Function:
    """Add the options that select candidates, toolchains and backends, no stories."""
    for option in reversed(_SELECTION[2:]):
        function = option(function)
    return serving(function)


def extending(function: _Function) -> _Function:
    """Add the options that take in more than what comes with the project."""
    for option in reversed(_MORE):
        function = option(function)
    return function


def selection(options: dict[str, Any]) -> Selection:
    """Take the selection out of a command's options."""
    fields = Selection.__struct_fields__
    return Selection(**{field: options.pop(field, ()) for field in fields})


def offered(options: dict[str, Any]) -> Offered:
    """Take the servers out of a command's options and return what there is of each."""
    return backends_offered(options.pop("servers"))


def registry(options: dict[str, Any]) -> Registry:
    """Take the additions out of a command's options and find everything there is."""
    return discover(options.pop("more_adapters"), options.pop("more_scenarios"))


def run_directory(function: _Function) -> _Function:
    """Add the argument that names a stored run."""
    return click.argument(
        "directory", type=click.Path(path_type=Path), default=LATEST, required=False
    )(function)


def cells_at_a_time() -> int:
    """Return one more than there are processors: a cell often waits for a server."""
    return cores() + 1


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))
