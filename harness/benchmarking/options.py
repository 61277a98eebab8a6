"""Options of the benchmarks on pytest's command line.

pytest finds this through the package's entry point, in every run of it: so it imports
nothing but pytest.
"""

from __future__ import annotations

import pytest

SEVERAL = ("scenario", "candidate", "toolchain", "backend")
DEFAULT_BUDGET = 900.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; all begin with `--speed-`."""
    group = parser.getgroup("migration-compare")
    for name in SEVERAL:
        group.addoption(
            f"--speed-{name}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"Time only this {name}; repeatable, see `migration-compare list`.",
        )
    group.addoption(
        "--speed-server",
        action="append",
        default=[],
        metavar="URL",
        help="Use this server for its kind of backend; repeatable.",
    )
    group.addoption(
        "--speed-budget",
        type=float,
        default=DEFAULT_BUDGET,
        metavar="SECONDS",
        help="Seconds for all samples together, setting up and warming up not counted.",
    )
    group.addoption(
        "--speed-seed",
        type=int,
        default=0,
        help="For all chance: who takes which turn.",
    )
    group.addoption(
        "--speed-planted",
        type=int,
        default=None,
        metavar="PER_CENT",
        help="Also time each candidate slowed by so much, and by nothing.",
    )
    group.addoption(
        "--speed-again",
        action="store_true",
        help="Also time each candidate under another name: nothing differs.",
    )
    group.addoption(
        "--speed-by-hand",
        type=int,
        default=0,
        metavar="ROUNDS",
        help="Time the same commands with another timer afterwards, so many times.",
    )
    group.addoption(
        "--speed-time-limit",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="Seconds that one command of a tool may take.",
    )
