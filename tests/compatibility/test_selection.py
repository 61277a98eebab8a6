"""Which cells a matrix has."""

from __future__ import annotations

import msgspec

from harness.compatibility.selection import Wanted, cells, centre
from harness.compatibility.surroundings import constraints, requirements
from harness.contract import Trial
from harness.judgement.compatibility import differing
from harness.model.compatibility import NEWEST, NONE, MatrixCell

TRIAL = Trial(
    candidate="tool",
    start=("tool", "--help"),
    releases=("0.6", "1.0"),
    python="3.11",
    sqlalchemy="2.0",
    setuptools="<81",
)
CENTRE = centre("tool", TRIAL, "1.20")


def chosen(**wanted: object) -> tuple[MatrixCell, ...]:
    """Return the cells of what is asked for."""
    return cells(CENTRE, TRIAL, Wanted(**wanted), "3.13")  # type: ignore[arg-type]


def test_by_default_one_factor_at_a_time_is_varied_from_the_centre() -> None:
    """Each of the other cells is an old release with the newest of all else."""
    planned = chosen()
    over_time = [cell for cell in planned if len(differing(cell, CENTRE)) > 1]

    assert CENTRE in planned
    assert len(planned) == len(set(planned)) < 25
    assert {"0.6", "1.0", "1.20"} == {cell.release for cell in over_time}
    assert {("3.13", NEWEST, NONE)} == {
        (cell.python, cell.sqlalchemy, cell.setuptools) for cell in over_time
    }


def test_naming_values_leaves_the_other_factors_at_the_centre() -> None:
    """Who asks for two releases gets two cells."""
    assert chosen(releases=("0.6", "0.7")) == (
        msgspec.structs.replace(CENTRE, release="0.6"),
        msgspec.structs.replace(CENTRE, release="0.7"),
    )


def test_full_is_the_product_of_what_is_asked_for() -> None:
    """Nothing is left out, and nothing is there twice."""
    planned = chosen(
        releases=("0.6", "0.7"),
        pythons=("3.8",),
        sqlalchemy=("1.3", "1.4"),
        setuptools=(NONE,),
        full=True,
    )

    assert 4 == len(set(planned)) == len(planned)


def test_surroundings_become_requirements() -> None:
    """A line is a prefix, a condition is taken as it is, and none is nothing."""
    cell = MatrixCell("tool", "1.0", "3.11", "1.4", "<81")
    free = MatrixCell("tool", NEWEST, "3.11", NEWEST, NONE)

    assert ("dist==1.0", "sqlalchemy==1.4.*", "setuptools<81") == requirements(
        "dist", cell
    )
    assert ("dist", "sqlalchemy") == requirements("dist", free)
    assert ("setuptools<81",) == constraints(cell)
