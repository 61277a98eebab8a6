"""`matrix.md`: the compatibility matrix as tables, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from harness.claims import Matrix
from harness.journal.files import replace
from harness.journal.matrix import MatrixJournal
from harness.judgement.compatibility import (
    FACTORS,
    Breakage,
    Standing,
    age,
    differing,
    standing,
)
from harness.model.compatibility import (
    NONE,
    MatrixEvidence,
    MatrixRun,
    MatrixTool,
    Outcome,
    Phase,
    Result,
)
from harness.report.phrases import code, listed, table_cell

NAME = "matrix.md"
_TITLES = {
    "python": "The newest release on one Python after another",
    "sqlalchemy": "The newest release with one SQLAlchemy after another",
    "setuptools": "The newest release with one setuptools after another",
}
_OVER_TIME = "Releases over time, in the same surroundings"
_OTHERS = "Other combinations"
_AT = {
    Phase.RESOLVE: "cannot be resolved",
    Phase.INSTALL: "cannot be installed",
    Phase.START: "does not start",
    Phase.INITIALISE: "cannot set up a history",
    Phase.AUTHOR: "cannot author",
    Phase.UPGRADE: "cannot upgrade",
    Phase.DOWNGRADE: "cannot downgrade",
}
_HEAD = (
    "| release | Python | SQLAlchemy | setuptools | what happens | with the harness's "
    "help |\n|---|---|---|---|---|---|"
)
_LONGEST = 220


def write_matrix(journal: MatrixJournal) -> Path:
    """Write the matrix beside the evidence it rests on, and return its path."""
    path = journal.directory / NAME
    replace(path, render(journal.run(), journal.evidence()).encode())
    return path


def render(run: MatrixRun, evidence: Iterable[MatrixEvidence]) -> str:
    """Return a matrix as markdown."""
    evidence = tuple(evidence)
    missing = len(run.cells) - len(evidence)
    parts = [
        "# Compatibility matrix",
        _provenance(run),
        *(
            [f"**{missing} of {len(run.cells)} cells have not been run.**"]
            * bool(missing)
        ),
        "## Is breakage from upstream changes unlikely?",
        *answers(run, evidence),
        *(part for tool in run.tools for part in _tables(tool, evidence)),
    ]
    return "\n\n".join(parts) + "\n"


def answers(run: MatrixRun, evidence: tuple[MatrixEvidence, ...]) -> tuple[str, ...]:
    """Return a paragraph for each tool: what broke it, and what works today."""
    return tuple(_answer(standing(tool, evidence)) for tool in run.tools)


def sentence(evidence: MatrixEvidence) -> str:
    """Return what a cell came to, in one line of plain text."""
    return _plain(evidence.outcome)


def _provenance(run: MatrixRun) -> str:
    limit = f" Nothing that was uploaded after {run.until} was installed." * bool(
        run.until
    )
    return (
        "Every row is a real installation into an environment of its own, and a start, "
        "authoring, upgrade and downgrade of a tiny history on SQLite through the "
        "tool's own command line, as it was published. What was asked for is written "
        "first, what was installed behind it. Releases are built with the setuptools "
        "of their row where they have no wheel. Environments are bare: the setuptools that "
        "`python -m venv` puts into one before Python 3.12 is not there unless it is "
        "asked for, or another package brings it.\n\n"
        f"Run with {code(' '.join(run.command))} on {run.started}, with Python "
        f"{listed(run.pythons)} on the machine.{limit} The evidence is in "
        "`matrix.jsonl`, beside this file."
    )


def _answer(found: Standing) -> str:
    tool = found.tool
    sentences = [f"**{tool.tool}: {found.verdict}.**"]
    if not found.centre_works:
        sentences.append(
            f"{_release(tool, tool.centre.release)} was not seen to work where all else "
            "is varied from, so that nothing follows."
        )
    elif found.breakages:
        broken = listed(_breakage(one) for one in found.breakages)
        sentences.append(f"{_release(tool, tool.centre.release)} breaks {broken}.")
    elif found.tried_newer:
        sentences.append(
            f"{_release(tool, tool.centre.release)} works with everything newer that was "
            f"tried: {listed(found.tried_newer)}."
        )
    if found.decided:
        sentences.append(_counts(found))
    return " ".join(sentences)


def _counts(found: Standing) -> str:
    works = found.newest_working
    newest = (
        f"the newest release that works on Python {found.newest_python} in any row is "
        f"{_release(found.tool, works)}"
        if works
        else f"no release was seen to work on Python {found.newest_python}"
    )
    return (
        f"Of {found.decided} rows {found.working} work; in the newest surroundings "
        f"{found.newest_working_cells} of {found.newest_decided}; {newest}."
    )


def _breakage(one: Breakage) -> str:
    why = code(_short(one.evidence.outcome.words))
    if one.value == NONE:
        return f"without {one.factor} ({why})"
    names = {"python": "Python", "sqlalchemy": "SQLAlchemy"}
    what = names.get(one.factor, one.factor)
    return f"from {what} {_versions(one.evidence, one.factor)} on ({why})"


def _release(tool: MatrixTool, version: str) -> str:
    dates = {release.version: release.uploaded for release in tool.releases}
    return f"{version} ({dates.get(version) or 'date unknown'})"


def _tables(tool: MatrixTool, evidence: tuple[MatrixEvidence, ...]) -> Iterable[str]:
    own = [e for e in evidence if e.cell.tool == tool.tool]
    yield f"## {tool.tool}"
    yield _history(tool, own)
    for title, rows in _titled(tool, own):
        if rows:
            yield f"### {title}"
            yield "\n".join((_HEAD, *(_row(tool, row) for row in rows)))


def _titled(
    tool: MatrixTool, own: list[MatrixEvidence]
) -> Iterable[tuple[str, list[MatrixEvidence]]]:
    """Yield the tables: one for each factor, with the centre in its place, and others."""
    apart = {one.cell: differing(one.cell, tool.centre) for one in own}
    for factor in FACTORS:
        varied = [one for one in own if apart[one.cell] == (factor,)]
        centre = [one for one in own if varied and not apart[one.cell]]
        yield _TITLES[factor], sorted((*varied, *centre), key=_age_of(factor))
    shown = {(factor,) for factor in FACTORS}
    rest = [one for one in own if apart[one.cell] and apart[one.cell] not in shown]
    alone = [one for one in own if len(own) == 1 and not apart[one.cell]]
    alike = len({_surroundings(one) for one in rest}) == 1
    yield (_OVER_TIME if alike else _OTHERS), [*rest, *alone]


def _age_of(factor: str) -> Callable[[MatrixEvidence], tuple[int, tuple[int, ...]]]:
    return lambda one: age(str(getattr(one.cell, factor)))


def _surroundings(one: MatrixEvidence) -> tuple[str, ...]:
    return tuple(str(getattr(one.cell, factor)) for factor in FACTORS)


def _history(tool: MatrixTool, own: list[MatrixEvidence]) -> str:
    if not tool.releases:
        return f"Dates of releases are unknown: {tool.unknown}."
    first, last = tool.releases[0], tool.releases[-1]
    years: dict[str, int] = {}
    for release in tool.releases:
        years[release.uploaded[:4] or "unknown"] = (
            years.get(release.uploaded[:4], 0) + 1
        )
    by_year = ", ".join(f"{year}: {count}" for year, count in years.items())
    said = next((e.declared for e in own if e.cell == tool.centre and e.declared), ())
    needs = f" It declares {listed(map(code, said))}." if said else ""
    python = f" It is declared for Python {code(last.requires_python)}."
    return (
        f"{len(tool.releases)} releases from {_release(tool, first.version)} to "
        f"{_release(tool, last.version)}; by year: {by_year}.{needs}"
        f"{python if last.requires_python else ''}"
    )


def _row(tool: MatrixTool, one: MatrixEvidence) -> str:
    helped = _said(one.helped) if one.helped is not None else ""
    cells = (
        _release(tool, one.cell.release),
        one.python_version or one.cell.python,
        _versions(one, "sqlalchemy"),
        _versions(one, "setuptools"),
        _said(one.outcome),
        helped,
    )
    return f"| {' | '.join(table_cell(text) for text in cells)} |"


def _versions(one: MatrixEvidence, factor: str) -> str:
    """Return what was asked for, and what came of it where that is not the same."""
    if factor == "python":
        return one.cell.python
    asked, there = str(getattr(one.cell, factor)), one.resolved.get(factor)
    return f"{asked} ({there})" if there and there != asked else asked


def _said(outcome: Outcome) -> str:
    if outcome.result is Result.WORKS:
        return "works"
    if outcome.phase is None:
        return f"{outcome.result}, because {_short(outcome.words)}"
    how = _AT[outcome.phase]
    if outcome.result is Result.NOT_ESTABLISHED:
        how = f"{outcome.result}: {how}"
    return f"{how}: {code(_short(outcome.words))}"


def _plain(outcome: Outcome) -> str:
    phase = f" at {outcome.phase}" if outcome.phase else ""
    words = f": {outcome.words}" if outcome.words else ""
    return f"{outcome.result}{phase}{words}"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def read_matrix(directory: Path) -> Matrix | None:
    """Return the matrix that lies in a run's folder, if there is one."""
    journal = MatrixJournal(directory / "matrix")
    return Matrix(journal.run(), journal.evidence()) if journal.exists else None


def included(matrix: Matrix) -> str:
    """Return the answers of a matrix that lies beside a report."""
    paragraphs = answers(matrix.run, matrix.evidence)
    more = f"The rows are in [matrix/{NAME}](matrix/{NAME})."
    return "\n\n".join((*paragraphs, more))
