"""A release and its surroundings, as requirements."""

from __future__ import annotations

from harness.model.compatibility import NEWEST, NONE, MatrixCell

_CONDITIONS = ("<", ">", "=", "!", "~")


def requirements(distribution: str, cell: MatrixCell) -> tuple[str, ...]:
    """Return what is to be installed for a cell."""
    return (
        _pinned(distribution, cell.release),
        _asked_for("sqlalchemy", cell.sqlalchemy),
        *constraints(cell),
    )


def constraints(cell: MatrixCell) -> tuple[str, ...]:
    """Return what holds for the building of source distributions, too.

    Whoever holds a package back in an environment has to do so there as well, or the
    newest is fetched for that.
    """
    if cell.setuptools == NONE:
        return ()
    return (_asked_for("setuptools", cell.setuptools),)


def _pinned(distribution: str, release: str) -> str:
    return distribution if release == NEWEST else f"{distribution}=={release}"


def _asked_for(name: str, wanted: str) -> str:
    if wanted == NEWEST:
        return name
    if wanted.startswith(_CONDITIONS):
        return f"{name}{wanted}"
    return f"{name}=={wanted}.*"
