"""The environment that a history is played in: the user's, or one that is built."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec

from harness.compatibility.cell import interpreter_of
from harness.compatibility.establishing import Order, Refusal, establish
from harness.model.toolchain import Building, Distribution
from harness.replaying.place import ReplayError

_DRIVERS = ("psycopg2-binary", "pymysql")
"""Installed with every history, so that one environment serves all backends."""

_NO_NAME = re.compile(r"[^A-Za-z0-9.]+")
_BUILDER = re.compile(r"(setuptools|wheel|pip)\b")


class Wanted(msgspec.Struct, frozen=True):
    """The environment that is asked for: a `python`, or requirements to install.

    `until` is a date: no package is taken that was uploaded later. `option` is what the
    user names the `python` with.
    """

    python: str = ""
    requirements: tuple[str, ...] = ()
    until: str = ""
    interpreter: str = "3.11"
    option: str = "--python"


class Established(msgspec.Struct, frozen=True):
    """The environment that there is."""

    python: str
    distributions: tuple[Distribution, ...] = ()


def environment(wanted: Wanted) -> Established:
    """Return the environment that was asked for; `ReplayError` if there is none."""
    if wanted.python and wanted.requirements:
        message = "name either --python or --requirement: an environment of yours is "
        raise ReplayError(message + "not installed into")
    if wanted.requirements:
        return _built(wanted)
    if not wanted.python:
        message = "name the history's environment: --python PATH, or --requirement"
        raise ReplayError(message)
    found = shutil.which(wanted.python)
    if found is None:
        named = f"{wanted.option} {wanted.python}"
        message = f"{named}: there is no such program; name a Python"
        raise ReplayError(message)
    return Established(str(Path(found).absolute()))


def _built(wanted: Wanted) -> Established:
    interpreter = interpreter_of(wanted.interpreter)
    if interpreter is None:
        message = (
            f"there is no Python {wanted.interpreter} on this machine; install one, or "
            "name another with --interpreter"
        )
        raise ReplayError(message)
    builders = tuple(r for r in wanted.requirements if _BUILDER.match(r))
    order = Order(
        name=_NO_NAME.sub("-", wanted.requirements[0]).strip("-"),
        requirements=(*wanted.requirements, *_DRIVERS),
        building=Building(constraints=builders, until=wanted.until),
        interpreter=interpreter,
    )
    answer = establish(order)
    if isinstance(answer, Refusal):
        message = (
            f"{', '.join(wanted.requirements)} cannot be installed on Python "
            f"{interpreter.version} ({answer.phase}): {answer.words.rstrip('.')}. "
            f"{_remedy(wanted)}"
        )
        raise ReplayError(message)
    return Established(answer.python, answer.distributions)


def _remedy(wanted: Wanted) -> str:
    if wanted.until:
        return f"Nothing uploaded after {wanted.until} was taken (--until)"
    return "A date limit (--until) of a few weeks after the release often helps"
