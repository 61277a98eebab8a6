"""A server that ends in mid-run: nothing is held against a tool, and a run goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import Servers

_STORY = """
from harness.model.operations import CreateTable, RunStatement
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, Table
from harness.model.steps import Author, Expect, Migration, Upgrade

_T = Table("t", (Column("id", Integer(), nullable=False, primary_key=True),))
_MAKE = Migration("make", (CreateTable(_T),), ())
_END = Migration("end", (RunStatement({statement!r}),), ())


def story(name, backends, *migrations):
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question="?",
        why="!",
        steps=(
            *(step for m in migrations for step in (Author(m), Upgrade())),
            Expect(tuple(m.name for m in migrations)),
        ),
        backends=backends,
    )


STORIES = (
    story("x1_begins", ({backend!r},), _MAKE),
    story("x2_ends_the_server", ({backend!r},), _MAKE, _END),
    story("x3_comes_later", ("sqlite", {backend!r}), _MAKE),
)
"""
_ENDING = {
    "postgresql": "COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'",
    "mysql": "SHUTDOWN",
}


@pytest.mark.parametrize("backend", ["postgresql", "mysql"])
def test_a_run_goes_on_without_the_server(
    backend: str, servers: Servers, tmp_path: Path
) -> None:
    """Its cells are not established, with the reason; the others are; 1 is the code.

    Resumed with a new server, the run is completed.
    """
    servers.backend(backend)
    stories, output = tmp_path / "stories.py", tmp_path / "run"

    stories.write_text(_STORY.format(statement=_ENDING[backend], backend=backend))
    assert _run(stories, output, "--backend", "all", "--candidate", "alembic") == 1

    first = _statuses(output)
    ended = {reason for status, reason in first.values() if status != "established"}
    assert [f"x2_ends_the_server {backend}", f"x3_comes_later {backend}"] == [
        cell for cell, (status, _) in first.items() if status != "established"
    ]
    assert all(f"the {backend} server ended (" in reason for reason in ended)
    assert "not established: the" in (output / "comparison.md").read_text()

    stories.write_text(_STORY.format(statement="SELECT 1", backend=backend))
    assert _run(stories, output, "--resume") == 0
    assert {"established"} == {status for status, _ in _statuses(output).values()}


def _run(stories: Path, output: Path, *options: str) -> int:
    chosen = () if "--resume" in options else ("--scenario", "x?_*")
    argv = [Path(sys.executable).with_name("migration-compare"), "run", *options]
    argv += ["--jobs", "1", "--scenarios-from", stories, "--output", output, *chosen]
    if "--resume" not in options:
        argv += ["--toolchain", "common"]
    return subprocess.run(argv, check=False, timeout=300).returncode


def _statuses(output: Path) -> dict[str, tuple[str, str]]:
    """Return status and reason of the cells that are ours, in the plan's order."""
    lines = (output / "evidence.jsonl").read_text().splitlines()
    found = {}
    for line in map(json.loads, lines):
        name = line["cell"]["scenario"].removeprefix("changes/")
        if name in {"x1_begins", "x2_ends_the_server", "x3_comes_later"}:
            cell = f"{name} {line['cell']['backend']}"
            found[cell] = (line["status"], line.get("reason", ""))
    return found
