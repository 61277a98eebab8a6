"""What a matrix says of each tool: what broke it, and what works today."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.compatibility import (
    NEWEST,
    NONE,
    MatrixCell,
    MatrixEvidence,
    MatrixTool,
    Result,
)

FACTORS = ("python", "sqlalchemy", "setuptools")
_DECIDED = (Result.WORKS, Result.FAILS)


class Breakage(msgspec.Struct, frozen=True):
    """A factor that breaks the newest release, all else being as in the centre.

    `value` is the first that fails, going on from the centre to newer ones.
    """

    factor: str
    value: str
    evidence: MatrixEvidence


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the cells of one tool say.

    `tried_newer` are the factors of which a newer value than the centre's was tried.
    `newest_working` is the newest release that works on the newest Python that was
    tried, with the newest of all else or not; empty if none does.
    """

    tool: MatrixTool
    decided: int
    working: int
    newest_decided: int
    newest_working_cells: int
    newest_python: str
    newest_working: str
    centre_works: bool
    tried_newer: tuple[str, ...]
    breakages: tuple[Breakage, ...]

    @property
    def verdict(self) -> str:
        """Whether it holds that upstream changes are unlikely to break the tool."""
        if not self.centre_works or not self.tried_newer:
            return "not shown"
        return "refuted" if self.breakages else "supported"


def standing(tool: MatrixTool, evidence: Iterable[MatrixEvidence]) -> Standing:
    """Return what the cells of a tool say; cells without an answer count neither way."""
    own = [e for e in evidence if e.cell.tool == tool.tool]
    decided = [e for e in own if e.outcome.result in _DECIDED]
    python = max((e.cell.python for e in decided), key=_numbers, default="")
    newest = [e for e in decided if _is_newest(e.cell, python)]
    working = [e for e in decided if e.outcome.result is Result.WORKS]
    on_newest = [e.cell.release for e in working if e.cell.python == python]
    newer = {factor: _newer(tool.centre, factor, decided) for factor in FACTORS}
    return Standing(
        tool=tool,
        decided=len(decided),
        working=len(working),
        newest_decided=len(newest),
        newest_working_cells=sum(e in working for e in newest),
        newest_python=python,
        newest_working=max(on_newest, key=_numbers, default=""),
        centre_works=any(e.cell == tool.centre for e in working),
        tried_newer=tuple(factor for factor in FACTORS if newer[factor]),
        breakages=tuple(
            Breakage(factor, str(getattr(first.cell, factor)), first)
            for factor in FACTORS
            if (first := _first_failing(newer[factor])) is not None
        ),
    )


def differing(cell: MatrixCell, centre: MatrixCell) -> tuple[str, ...]:
    """Return the factors, the release among them, in which a cell is not the centre."""
    names = ("release", *FACTORS)
    return tuple(n for n in names if getattr(cell, n) != getattr(centre, n))


def _is_newest(cell: MatrixCell, python: str) -> bool:
    """Tell whether a cell asks for the newest of everything that is not the tool."""
    return (
        cell.python == python
        and cell.sqlalchemy == NEWEST
        and cell.setuptools in {NEWEST, NONE}
    )


def _newer(
    centre: MatrixCell, factor: str, decided: Iterable[MatrixEvidence]
) -> list[MatrixEvidence]:
    """Return the cells in which one factor is newer than in the centre, in order."""
    here = age(getattr(centre, factor))
    found = (
        (there, e)
        for e in decided
        if differing(e.cell, centre) == (factor,)
        and (there := age(getattr(e.cell, factor))) > here
    )
    return [e for _, e in sorted(found, key=lambda pair: pair[0])]


def _first_failing(cells: Iterable[MatrixEvidence]) -> MatrixEvidence | None:
    return next((e for e in cells if e.outcome.result is Result.FAILS), None)


def age(value: str) -> tuple[int, tuple[int, ...]]:
    """Return what orders the values of a factor, oldest first.

    No setuptools at all comes last: a current Python brings none.
    """
    if value == NONE:
        return 2, ()
    if value == NEWEST:
        return 1, ()
    return 0, _numbers(value)


def _numbers(version: str) -> tuple[int, ...]:
    digits = version.lstrip("<>=!~").split(".")
    return tuple(int(part) for part in digits if part.isdecimal())
