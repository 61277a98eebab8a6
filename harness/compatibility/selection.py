"""Which cells the matrix has: one factor at a time from the centre, or all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from harness.contract import Trial
from harness.model.compatibility import NEWEST, NONE, MatrixCell

FACTORS = ("release", "python", "sqlalchemy", "setuptools")
_PYTHONS = ("2.7", "3.6", "3.8", "3.11", "3.12", "3.13")
_SQLALCHEMY = ("0.8", "0.9", "1.0", "1.3", "1.4", "2.0", NEWEST)
_SETUPTOOLS = ("<58", "<81", NEWEST, NONE)


class Wanted(msgspec.Struct, frozen=True):
    """What a user asked for; an empty field asks for what is sensible.

    With `full`, the cells are all combinations of what is asked for.
    """

    releases: tuple[str, ...] = ()
    pythons: tuple[str, ...] = ()
    sqlalchemy: tuple[str, ...] = ()
    setuptools: tuple[str, ...] = ()
    full: bool = False


def centre(tool: str, trial: Trial, newest: str) -> MatrixCell:
    """Return the newest release in the surroundings that its adapter names."""
    return MatrixCell(tool, newest, trial.python, trial.sqlalchemy, trial.setuptools)


def cells(
    centre: MatrixCell, trial: Trial, wanted: Wanted, newest_python: str
) -> tuple[MatrixCell, ...]:
    """Return the cells of a tool, each once, those that differ in one factor together.

    `newest_python` is the newest on this machine, in which old releases are tried with
    the newest of all else: what an installation without any conditions gives today.
    """
    values = _values(centre, trial, wanted, newest_python)
    if wanted.full:
        combined = itertools.product(*(values[factor] for factor in FACTORS))
        return tuple(MatrixCell(centre.tool, *combination) for combination in combined)
    chosen = Wanted(full=wanted.full) != wanted
    found = _one_at_a_time(centre, values, named=_named(wanted) if chosen else FACTORS)
    today = msgspec.structs.replace(
        centre, python=newest_python, sqlalchemy=NEWEST, setuptools=NONE
    )
    releases = () if chosen else (*trial.releases, centre.release)
    over_time = (msgspec.structs.replace(today, release=one) for one in releases)
    return tuple(dict.fromkeys((*found, *over_time)))


def _one_at_a_time(
    centre: MatrixCell, values: dict[str, tuple[str, ...]], named: Iterable[str]
) -> Iterator[MatrixCell]:
    """Yield cells that differ from the centre in one of the factors that are named."""
    for factor in named:
        for value in values[factor]:
            yield msgspec.structs.replace(centre, **{factor: value})


def _named(wanted: Wanted) -> tuple[str, ...]:
    """Return the factors that a user named values of."""
    asked = (wanted.releases, wanted.pythons, wanted.sqlalchemy, wanted.setuptools)
    return tuple(f for f, values in zip(FACTORS, asked, strict=True) if values)


def _values(
    centre: MatrixCell, trial: Trial, wanted: Wanted, newest_python: str
) -> dict[str, tuple[str, ...]]:
    """Return the values of each factor: those asked for, or the sensible ones."""
    pythons = tuple(dict.fromkeys((*_PYTHONS, centre.python, newest_python)))
    sensible = {
        # By default, old releases are tried in the newest surroundings only.
        "release": (*trial.releases, centre.release) if wanted.full else (),
        "python": tuple(sorted(pythons, key=_numbers)),
        "sqlalchemy": _SQLALCHEMY,
        "setuptools": _SETUPTOOLS,
    }
    asked = (wanted.releases, wanted.pythons, wanted.sqlalchemy, wanted.setuptools)
    chosen = {f: values for f, values in zip(FACTORS, asked, strict=True) if values}
    return sensible | chosen


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
