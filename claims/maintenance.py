"""C11 and C12: what upstream changes break, and who still looks after the tools."""

from __future__ import annotations

from datetime import date

import msgspec
from packaging.version import Version

from harness.claims import Answer, Claim, View, Weighed, not_shown
from harness.claims.claim import MATRIX_RECORD, Matrix
from harness.judgement.compatibility import standing
from harness.judgement.wording import count, listed
from harness.model.compatibility import MatrixEvidence, MatrixTool, Release, Result

_MIGRATE, _ALEMBIC = "sqlalchemy-migrate", "alembic"
_NO_MATRIX = (
    "no compatibility matrix lies in the run's folder (`migration-compare matrix` makes "
    "one)"
)
# What "maintained" is taken to mean; the sentence says so.
_RECENT = 730
_YEAR = 365.25


def _unlikely_to_break(view: View) -> Answer:
    if view.matrix is None:
        return not_shown(_NO_MATRIX)
    if view.era.until:
        return _since_then(view.matrix, view.era.until)
    return _newest_release(view.matrix)


def _newest_release(matrix: Matrix) -> Answer:
    """Answer for today: what breaks the newest release, all else being as it was."""
    tools = {t.tool: t for t in matrix.run.tools}
    if _MIGRATE not in tools:
        return not_shown(f"the matrix has no rows of {_MIGRATE}")
    found = standing(tools[_MIGRATE], matrix.evidence)
    if found.verdict == Weighed.NOT_SHOWN:
        return not_shown(
            f"{_MIGRATE} {found.tool.centre.release} was not seen to work where all else "
            "is varied from, or nothing newer was tried"
        )
    rows = [e for e in matrix.evidence if e.cell.tool in {_MIGRATE, _ALEMBIC}]
    said = [_breakages(tool, matrix) for name, tool in tools.items() if name in _BOTH]
    return Answer(
        weighed=Weighed(found.verdict),
        sentence="; ".join(said),
        records=tuple(e.cell.id for e in rows),
    )


_NAMES = {"python": "Python", "sqlalchemy": "SQLAlchemy", "setuptools": "setuptools"}
_BOTH = (_MIGRATE, _ALEMBIC)


def _breakages(tool: MatrixTool, matrix: Matrix) -> str:
    found = standing(tool, matrix.evidence)
    broken = [f"{_NAMES[one.factor]} {one.value}" for one in found.breakages]
    tried = listed((_NAMES[factor] for factor in found.tried_newer), "nothing")
    result = f"broken by {listed(broken)}" if broken else "broken by none of them"
    return (
        f"{tool.tool} {tool.centre.release}, tried with newer {tried}, is {result} "
        f"({found.working} of {count(found.decided, 'row')} of the tool work)"
    )


def _since_then(matrix: Matrix, until: str) -> Answer:
    """Answer for a time that is past: what its releases work with in the matrix."""
    rows = {name: _old_rows(matrix, name, until) for name in _BOTH}
    if not rows[_MIGRATE]:
        return not_shown(
            f"the matrix has no row of a release of {_MIGRATE} from before {until}"
        )
    works = {name: [e for e in own if _works(e)] for name, own in rows.items()}
    some, whole = len(works[_MIGRATE]), len(rows[_MIGRATE])
    weighed = (
        Weighed.SUPPORTED
        if some == whole
        else Weighed.MIXED
        if some
        else Weighed.REFUTED
    )
    said = [
        f"{len(works[name])} of {count(len(own), 'row')} of {name} "
        f"{_releases(own)} work"
        for name, own in rows.items()
        if own
    ]
    return Answer(
        weighed=weighed,
        sentence=f"of releases from before {until}, tried on Python {_pythons(rows)}, "
        f"{listed(said)}",
        condition=f"the release: {_releases(works[_MIGRATE])} works in some row"
        if weighed is Weighed.MIXED
        else "",
        records=tuple(e.cell.id for own in rows.values() for e in own),
    )


def _pythons(rows: dict[str, list[MatrixEvidence]]) -> str:
    found = {row.cell.python for own in rows.values() for row in own}
    return listed(sorted(found, key=Version))


def _releases(rows: list[MatrixEvidence]) -> str:
    return listed(sorted({row.cell.release for row in rows}))


def _old_rows(matrix: Matrix, name: str, until: str) -> list[MatrixEvidence]:
    dates = {
        (t.tool, r.version): r.uploaded for t in matrix.run.tools for r in t.releases
    }
    return [
        e
        for e in matrix.evidence
        if e.cell.tool == name
        and "" < dates.get((name, e.cell.release), "") <= until
        and e.outcome.result in {Result.WORKS, Result.FAILS}
    ]


def _works(row: MatrixEvidence) -> bool:
    return row.outcome.result is Result.WORKS


class _Upkeep(msgspec.Struct, frozen=True):
    """The last release of a tool by a day, and how old it was then."""

    tool: str
    release: Release
    days: int

    @property
    def maintained(self) -> bool:
        return self.days <= _RECENT

    @property
    def words(self) -> str:
        age = (
            count(self.days, "day")
            if self.days < _YEAR
            else f"{self.days / _YEAR:.1f} years"
        )
        return (
            f"{self.tool} {self.release.version} of {self.release.uploaded[:10]} "
            f"({age} before)"
        )


def _no_longer(view: View) -> Answer:
    if view.matrix is None:
        return not_shown(_NO_MATRIX)
    day = view.era.until or view.matrix.run.started[:10]
    upkeep = {
        tool.tool: found
        for tool in view.matrix.run.tools
        if (found := _upkeep(tool, day)) is not None
    }
    if not upkeep.keys() >= set(_BOTH):
        missing = [name for name in _BOTH if name not in upkeep]
        return not_shown(f"the matrix knows no release of {listed(missing)} by {day}")
    theirs, ours = upkeep[_MIGRATE].maintained, upkeep[_ALEMBIC].maintained
    condition = ""
    if theirs:
        weighed = Weighed.REFUTED
    elif ours:
        weighed = Weighed.SUPPORTED
    else:
        weighed = Weighed.MIXED
        condition = "which tool is meant: neither has had a release for two years"
    return Answer(
        weighed=weighed,
        sentence=f"the last releases by {day} were "
        f"{listed(upkeep[n].words for n in _BOTH)} (a tool counts as maintained with a "
        f"release in the {_RECENT} days before){_declared(view.matrix, upkeep)}",
        condition=condition,
        records=(MATRIX_RECORD,),
    )


def _upkeep(tool: MatrixTool, day: str) -> _Upkeep | None:
    known = [r for r in tool.releases if "" < r.uploaded[:10] <= day]
    if not known:
        return None
    last = max(known, key=lambda r: (r.uploaded[:10], Version(r.version)))
    age = date.fromisoformat(day) - date.fromisoformat(last.uploaded[:10])
    return _Upkeep(tool.tool, last, age.days)


def _declared(matrix: Matrix, upkeep: dict[str, _Upkeep]) -> str:
    """Say what these releases ask for of SQLAlchemy, as far as it was recorded."""
    said = {
        f"{e.cell.tool} {_of_sqlalchemy(e)}": None
        for e in matrix.evidence
        if e.declared
        and e.cell.tool in upkeep
        and e.cell.release == upkeep[e.cell.tool].release.version
    }
    return f"; they declare: {listed(said)}" if said else ""


def _of_sqlalchemy(row: MatrixEvidence) -> str:
    asked = (r for r in row.declared if r.lower().startswith("sqlalchemy"))
    return listed(asked, "nothing of SQLAlchemy")


C11 = Claim(
    id="C11",
    sentence="sqlalchemy-migrate is stable and static: breakage from upstream changes is "
    "unlikely.",
    why="A tool that does not change need not be looked after, as long as nothing below "
    "it changes.",
    decide=_unlikely_to_break,
)
C12 = Claim(
    id="C12",
    sentence="sqlalchemy-migrate is no longer maintained upstream and alembic is.",
    why="Somebody has to mend what breaks, and it may have to be the team itself.",
    decide=_no_longer,
)
