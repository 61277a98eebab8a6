"""C11 and C12 rest on the compatibility matrix, and can come out each way."""

from __future__ import annotations

import pytest

from claims.maintenance import C11, C12
from harness.claims import Matrix
from harness.model.compatibility import (
    MatrixCell,
    MatrixEvidence,
    MatrixRun,
    MatrixTool,
    Outcome,
    Phase,
    Release,
    Result,
)
from tests.claims.told import NOW, THEN, verdict, weigh

WORKS = Outcome(Result.WORKS)
FAILS = Outcome(Result.FAILS, Phase.START, "ImportError")
OLD = (Release("0.7", "2013-04-01"), Release("0.8", "2013-11-15"))


def row(
    tool: str, release: str, outcome: Outcome, python: str = "3.10"
) -> MatrixEvidence:
    """Return a row of the matrix."""
    return MatrixEvidence(
        cell=MatrixCell(tool, release, python, "1.4", "<81"),
        outcome=outcome,
        declared=("SQLAlchemy>=0.9.6",),
    )


def a_matrix(*rows: MatrixEvidence, last: dict[str, str] | None = None) -> Matrix:
    """Return a matrix of both tools, whose last releases came out on some days."""
    days = last or {"sqlalchemy-migrate": "2019-01-01", "alembic": "2025-12-01"}
    tools = tuple(
        MatrixTool(
            tool=tool,
            distribution=tool,
            centre=row(tool, "1.0", WORKS).cell,
            releases=(*OLD, Release("1.0", day)),
        )
        for tool, day in days.items()
    )
    run = MatrixRun(
        version="0",
        command=("migration-compare", "matrix"),
        started="2026-01-01T00:00:00+00:00",
        tools=tools,
        cells=tuple(one.cell for one in rows),
    )
    return Matrix(run, rows)


CENTRE = row("sqlalchemy-migrate", "1.0", WORKS)


@pytest.mark.parametrize(
    ("newer", "expected"), [(WORKS, "supported"), (FAILS, "refuted")]
)
def test_c11_asks_what_newer_surroundings_break(newer: Outcome, expected: str) -> None:
    """Today: the newest release, with one thing after another newer."""
    matrix = a_matrix(CENTRE, row("sqlalchemy-migrate", "1.0", newer, "3.11"))

    assert verdict(C11, matrix=matrix) == expected


def test_c11_is_not_shown_where_nothing_newer_was_tried() -> None:
    """What works where it was made shows nothing."""
    assert verdict(C11, matrix=a_matrix(CENTRE)) == "not shown"


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((WORKS, WORKS), "supported"),
        ((FAILS, FAILS), "refuted"),
        ((FAILS, WORKS), "mixed"),
    ],
)
def test_c11_asks_for_then_what_became_of_the_releases_of_then(
    outcomes: tuple[Outcome, Outcome], expected: str
) -> None:
    """Of 2013: its releases in the surroundings of the matrix."""
    rows = [
        row("sqlalchemy-migrate", release.version, outcome)
        for release, outcome in zip(OLD, outcomes, strict=True)
    ]

    assert verdict(C11, era=THEN, matrix=a_matrix(*rows)) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ({"sqlalchemy-migrate": "2019-01-01", "alembic": "2025-12-01"}, "supported"),
        ({"sqlalchemy-migrate": "2025-06-01", "alembic": "2025-12-01"}, "refuted"),
        ({"sqlalchemy-migrate": "2019-01-01", "alembic": "2019-12-01"}, "mixed"),
    ],
)
def test_c12_asks_for_the_dates_of_the_last_releases(
    last: dict[str, str], expected: str
) -> None:
    """Today: a release within two years before the matrix was made."""
    answer = weigh(C12, era=NOW, matrix=a_matrix(CENTRE, last=last))

    assert answer.weighed == expected
    assert last["alembic"] in answer.said[0].answer.sentence


def test_c12_does_not_count_what_came_later() -> None:
    """Of 2013: only the releases of until then."""
    answer = weigh(C12, era=THEN, matrix=a_matrix(CENTRE))

    assert answer.weighed == "refuted"
    assert "0.8 of 2013-11-15 (15 days before)" in answer.said[0].answer.sentence
