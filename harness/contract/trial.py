"""What the compatibility matrix has to know of a tool."""

from __future__ import annotations

import msgspec


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Which releases are tried, and the surroundings that one factor is varied from.

    `candidate` is the way of using the tool that is tried, and `start` a command line
    that needs no history, and that every release knows. `releases` are those worth
    trying by default, oldest first; the newest need not be named. `python`,
    `sqlalchemy` and `setuptools` are surroundings in which the newest release works.
    """

    candidate: str
    start: tuple[str, ...]
    releases: tuple[str, ...]
    python: str
    sqlalchemy: str
    setuptools: str
