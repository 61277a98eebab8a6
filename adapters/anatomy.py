"""What functions are for that are not a tool's: of SQLAlchemy, and of Python itself."""

from __future__ import annotations

from collections.abc import Mapping

from harness.contract import Mark, marked
from harness.model.anatomy import Phase


def marks_of_libraries(versions: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return the marks in what both tools are built on, for what is installed.

    SQLAlchemy 1.4 did away with strategies of creating engines, and made a package of the
    pool.
    """
    numbers = versions["sqlalchemy"].split(".")
    old = (int(numbers[0]), int(numbers[1])) < (1, 4)
    engine = (
        "sqlalchemy.engine.strategies:DefaultEngineStrategy.create"
        if old
        else "sqlalchemy.engine.create:create_engine"
    )
    pool = "sqlalchemy.pool" if old else "sqlalchemy.pool.base"
    return (
        *marked(
            Phase.CONFIGURATION,
            "logging.config:fileConfig",
        ),
        *marked(Phase.CONNECTING, engine, f"{pool}:Pool.connect"),
    )
