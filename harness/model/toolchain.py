"""Toolchains: what is asked for, and what was built."""

from __future__ import annotations

import msgspec


class Building(msgspec.Struct, frozen=True):
    """What source distributions are built with, where a lock does not pin that.

    `constraints` are requirements that the building has to meet as well. No package
    is taken that was uploaded after the date `until`, if there is one.
    """

    constraints: tuple[str, ...] = ()
    until: str = ""


class Toolchain(msgspec.Struct, frozen=True):
    """One isolated interpreter with the packages that a lock file pins.

    `lock` is the absolute path of a requirements file with hashes, and `python` the
    oldest Python version that it was resolved for. `interpreter` is the version of the
    Python that it needs, such as `2.7`; without one it takes the running interpreter.
    `building` is there where the lock does not pin what source distributions are built
    with.
    """

    name: str
    lock: str
    summary: str
    python: str = "3.11"
    interpreter: str = ""
    building: Building | None = None


class Distribution(msgspec.Struct, frozen=True, order=True):
    """An installed package; `sha256` is a digest of what it consists of.

    It is the same wherever the same wheel is installed.
    """

    name: str
    version: str
    sha256: str


class Environment(msgspec.Struct, frozen=True):
    """A toolchain as it was built.

    `key` identifies everything that went into it, `root` is its directory, `python` its
    interpreter, and `reused` says that it had been built before.
    """

    toolchain: str
    key: str
    root: str
    python: str
    python_version: str
    distributions: tuple[Distribution, ...]
    lock_sha256: str
    reused: bool = False
