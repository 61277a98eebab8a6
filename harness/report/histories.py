"""The report's section on real histories: how often they merged, cost, ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from statistics import median

import msgspec

from harness.journal.corpus import FOLDER
from harness.judgement.wording import count, listed
from harness.model.corpus import CorpusRun, Ends, PlayedHistory
from harness.report.corpus import NAME as PAGE
from harness.report.corpus import when
from harness.report.phrases import code, seconds, table_cell
from harness.report.tables import Table

_TOLD = 90
"""The part of the steps, in per cent, that the second time of a row holds for."""


class Part(msgspec.Struct, frozen=True):
    """A part of the section: sentences in plain words, and a table if there is one."""

    title: str
    words: tuple[str, ...]
    table: Table | None = None


class Histories(msgspec.Struct, frozen=True):
    """The section: where it comes from, and its parts."""

    origin: str
    parts: tuple[Part, ...]


def histories(run: CorpusRun) -> Histories:
    """Return what real histories say, as values without markup."""
    through = [one for one in run.played if one.went_through]
    stopped = [one for one in run.played if not one.went_through]
    parts = [_merging(through), _costs(through), _ends(run.ends)]
    if stopped:
        told = (f"{one.name} on {one.backend}: {one.outcome}" for one in stopped)
        parts.append(Part("Histories that did not go through", tuple(told)))
    names = dict.fromkeys(one.name for one in through)
    origin = (
        f"{count(len(names), 'history', 'histories')} of real projects, installed from a "
        "package index as of their time and played to their end, each in a database of "
        f"its own, with {when(run)}. Each of them is in "
        f"[{FOLDER}/{PAGE}]({FOLDER}/{PAGE})."
    )
    return Histories(origin, tuple(part for part in parts if part is not None))


def markdown(section: Histories) -> str:
    """Return the section as markdown, without its heading."""
    parts = [section.origin]
    for part in section.parts:
        parts += [f"### {part.title}", *part.words]
        if part.table is not None:
            parts.append(_table(part.table))
    return "\n\n".join(parts)


def _table(table: Table) -> str:
    head = f"| {' | '.join(table.headings)} |\n{'|---' * len(table.headings)}|"
    rows = (f"| {' | '.join(map(table_cell, row))} |" for row in table.rows)
    return "\n".join((head, *rows))


def _merging(through: list[PlayedHistory]) -> Part | None:
    """Tell how often a history was brought together again, by its own scripts."""
    shapes = {one.name: one for one in through if one.lineage is not None}
    if not shapes:
        return None
    words = []
    for tool, several in _by_tool(shapes.values()):
        lineages = [one.lineage for one in several if one.lineage is not None]
        revisions = sum(one.revisions for one in lineages)
        merges = sum(one.merges for one in lineages)
        having = sum(one.merges > 0 for one in lineages)
        words.append(
            f"{tool}: {count(merges, 'merge revision')} among "
            f"{count(revisions, 'revision')} of "
            f"{count(len(lineages), 'history', 'histories')}, in {having} of them."
        )
    words.append(
        "A merge revision repairs a race that got into the history, or joins lines that "
        "were meant to be apart. Where places are numbers there is none: who lost a race "
        "gave their script another number, which released scripts do not show."
    )
    rows = tuple(
        (
            one.name,
            code(one.requirement),
            one.tool,
            *(str(getattr(one.lineage, name)) for name in _SHAPE),
        )
        for one in shapes.values()
    )
    headings = ("history", "installed", "tool", *_SHAPE.values())
    return Part("How often they had to merge", tuple(words), Table(headings, rows))


_SHAPE = {
    "revisions": "revisions",
    "merges": "merges",
    "branch_points": "branch points",
    "heads": "heads",
    "bases": "bases",
}


def _costs(through: list[PlayedHistory]) -> Part | None:
    """Tell what steps took, by tool and backend."""
    rows = tuple(
        _cost(tool, backend, [one for one in several if one.backend == backend])
        for tool, several in _by_tool(through)
        for backend in dict.fromkeys(one.backend for one in several)
    )
    if not rows:
        return None
    words = (
        "Seconds inside the tool for one step up, the import of a script included where "
        "the tool imports it then. The projects are not the same ones for both tools, nor "
        "are their environments: a row says what real steps are like, and two rows are no "
        "comparison of the tools. Times are of one run.",
    )
    headings = (
        *("tool", "backend", "histories", "steps", "half took at most"),
        *(f"{_TOLD} of 100 at most", "slowest", "statements in half at most"),
    )
    return Part("What their steps cost", words, Table(headings, rows))


def _cost(tool: str, backend: str, several: list[PlayedHistory]) -> tuple[str, ...]:
    steps = [(step, one) for one in several for step in one.steps]
    times = sorted(step.seconds for step, _ in steps)
    slowest, where = max(steps, key=lambda pair: pair[0].seconds)
    return (
        tool,
        backend,
        str(len(several)),
        str(len(steps)),
        seconds(median(times)),
        seconds(times[-(-len(times) * _TOLD // 100) - 1]),
        f"{seconds(slowest.seconds)} ({where.name}, {slowest.id})",
        f"{median(step.statements for step, _ in steps):g}",
    )


def _ends(ends: tuple[Ends, ...]) -> Part | None:
    """Tell how the ends of projects that shipped both histories differ."""
    if not ends:
        return None
    alike = sum(not one.count for one in ends)
    words = (
        f"{count(len(ends), 'pair')} of histories of one project, the second written for "
        f"the other tool and meant to make the same schema: {alike} "
        f"{'makes' if alike == 1 else 'make'} the same one.",
    )
    rows = tuple(
        (f"{one.one}, {one.other}", one.backend, str(one.count), _about(one))
        for one in ends
    )
    headings = ("histories", "backend", "differences", "about")
    return Part("How their ends differ", words, Table(headings, rows))


def _about(found: Ends) -> str:
    kinds = sorted(found.kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    told = (f"{kind} ({number})" for kind, number in kinds)
    return listed(told, nothing="the same schema")


def _by_tool(
    several: Iterable[PlayedHistory],
) -> Iterator[tuple[str, list[PlayedHistory]]]:
    ordered = sorted(several, key=lambda one: one.tool)
    for tool, group in groupby(ordered, key=lambda one: one.tool):
        yield tool, list(group)
