"""`sweep.md`: what one scenario came to, release by release."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.journal.files import replace
from harness.journal.sweep import SweepJournal
from harness.judgement.sweeping import Change, behaviour, changes
from harness.model.compatibility import Release, SweepEvidence, SweepRun
from harness.report.phrases import code, table_cell

NAME = "sweep.md"


def write_sweep(journal: SweepJournal) -> Path:
    """Write the sweep beside its evidence, and return its path."""
    path = journal.directory / NAME
    replace(path, render(journal.run(), journal.evidence()).encode())
    return path


def render(run: SweepRun, rows: Iterable[SweepEvidence]) -> str:
    """Return a sweep as markdown."""
    rows = tuple(rows)
    head = "| release | Python | SQLAlchemy | setuptools | outcome |\n|---|---|---|---|---|"
    parts = [
        f"# {run.scenario} over the releases of {run.tool}",
        "\n".join(f"- {sentence}" for sentence in conclusions(run, rows)),
        "\n".join((head, *map(_row, rows))),
        _method(run, rows),
    ]
    return "\n\n".join(parts) + "\n"


def conclusions(run: SweepRun, rows: tuple[SweepEvidence, ...]) -> tuple[str, ...]:
    """Return the sentences on what changed, and what was not looked at."""
    order = tuple(release.version for release in run.releases)
    found = changes(rows, order)
    ran = [row for row in rows if row.evidence is not None]
    if not ran:
        return ("No release was made to run: nothing is shown.",)
    if not found:
        ends = f"{_named(ran[0].release)} and {_named(ran[-1].release)}"
        said = behaviour(ran[0].evidence) if ran[0].evidence else ""
        return (f"No difference between {ends}: {said}.", *_unseen(run, rows))
    several = (
        (f"It changes {len(found)} times in what was run.",) if len(found) > 1 else ()
    )
    return (*map(_change, found), *several, *_unseen(run, rows))


def progress(row: SweepEvidence) -> str:
    """Return a line on one release that was run."""
    said = behaviour(row.evidence) if row.evidence else row.outcome.words
    return f"{row.release.version} (Python {row.python_version or 'none'}): {said}"


def _change(change: Change) -> str:
    before, after = change.before, change.after
    was, now = _parts(before), _parts(after)
    line = (
        f"**Between {_named(before.release)} and {_named(after.release)}: "
        f"from {_apart(was, now)} to {_apart(now, was)}.**"
    )
    beside = sorted(
        name
        for name in before.resolved.keys() | after.resolved.keys()
        if before.resolved.get(name) != after.resolved.get(name)
    )
    others = [f"Python {before.python_version} → {after.python_version}"] * (
        before.python_version != after.python_version
    )
    others += [
        f"{n} {before.resolved.get(n, 'none')} → {after.resolved.get(n, 'none')}"
        for n in beside
    ]
    line += f" What differs in the environments: {', '.join(others)}."
    if change.between:
        line += f" {change.between} releases between them were not made to run."
    return line


def _parts(row: SweepEvidence) -> list[str]:
    return behaviour(row.evidence).split("; ") if row.evidence else []


def _apart(parts: list[str], others: list[str]) -> str:
    """Return the parts of a behaviour that another one does not have."""
    return "; ".join(part for part in parts if part not in others) or "nothing more"


def _unseen(run: SweepRun, rows: tuple[SweepEvidence, ...]) -> tuple[str, ...]:
    left = len(run.releases) - len(rows)
    if not left:
        return ()
    return (
        f"{left} of {len(run.releases)} releases were not run: that nothing changes "
        "where both ends of a stretch agree is assumed. `--all` runs each.",
    )


def _named(release: Release) -> str:
    return f"{release.version} ({release.uploaded or 'date unknown'})"


def _row(row: SweepEvidence) -> str:
    if row.evidence is None:
        said = f"{row.outcome.result}: {code(row.outcome.words[:300])}"
    else:
        said = behaviour(row.evidence)
    cells = (
        _named(row.release),
        row.python_version or "none",
        row.resolved.get("sqlalchemy", ""),
        row.resolved.get("setuptools", ""),
        said,
    )
    return f"| {' | '.join(table_cell(text) for text in cells)} |"


def _method(run: SweepRun, rows: tuple[SweepEvidence, ...]) -> str:
    dated = any(row.until for row in rows)
    limit = (
        "with packages that had been uploaded a month after it at the latest "
        "(setuptools and wheel: at least those of early 2019, which source "
        "distributions are built with)"
        if dated
        else "with the newest packages that it accepts, for the index tells no dates"
    )
    return (
        f"Each release is run as {run.candidate}, {limit}, on the first Python on which "
        "it takes a tiny history up and down, with the harness's help where it needs "
        "any. An outcome is the headline, the stage, and the kind of every failure, "
        f"without words.\n\nRun with {code(' '.join(run.command))} on {run.started}."
    )
