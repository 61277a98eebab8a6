"""Playing a cell to see what an adapter writes in it: the files, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from harness.execution.cell_run import CellRun
from harness.model.evidence import Observation
from harness.model.explained import Played, Written
from harness.model.moves import CherryPick, Revert
from harness.model.steps import Land, Measure
from harness.workspaces.git import Git

_COPIES = Land | CherryPick | Revert
"""Steps that bring files which another step wrote."""


def played(run: CellRun) -> Played:
    """Play a cell, all but what is timed, and return what was written in it."""
    written: dict[int, tuple[Written, ...]] = {}
    run.open()
    for step in run.scenario.steps:
        if run.over:
            break
        if isinstance(step, Measure):
            continue
        git = run.story.session.git
        before, number = git.head(), len(run.observations)
        run.perform(step)
        for observation in run.observations[number:]:
            if not isinstance(step, _COPIES):
                written[number] = tuple(_written(git, before, observation))
    graph = "" if run.over else _graph(run.story.session.git)
    timed = (
        type(step).__name__ for step in run.scenario.steps if isinstance(step, Measure)
    )
    return Played(run.close(), written, graph, tuple(dict.fromkeys(timed)))


def _written(git: Git, before: str, observation: Observation) -> Iterator[Written]:
    for change in observation.changes:
        if change.status == "A":
            yield Written(change.path, git.show("HEAD", change.path) or "")
        elif change.status != "D":
            paths = (change.path, change.was) if change.was else (change.path,)
            yield Written(
                change.path, git.run("diff", "-M", before, "HEAD", "--", *paths)
            )


def _graph(git: Git) -> str:
    return git.run("log", "--graph", "--all", "--format=%s%d").rstrip()
