"""The real tools under the probe: what one more revision has a database do, exactly."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.contract import Mark
from harness.execution.cell_run import Settings
from harness.execution.comparison import build
from harness.execution.registry import Registry, discover, registry
from harness.execution.schedule import Schedule
from harness.model.anatomy import Anatomy, Kind, Phase
from harness.model.cell import Cell
from harness.model.evidence import Status
from harness.model.operations import CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, Table
from harness.model.steps import Author, Measure, Migration, Upgrade
from harness.model.toolchain import Environment, Toolchain
from harness.workspaces.scratch import scratch
from tests.running import Servers


def creating(name: str) -> Migration:
    """Return a migration that creates a table of one column."""
    table = Table(name, (Column("id", Integer(), nullable=False, primary_key=True),))
    return Migration(f"create_{name}", (CreateTable(table),))


STORY = Scenario(
    name="one_more",
    family=Family.SPEED,
    backends=("sqlite", "postgresql"),
    question="?",
    why="!",
    steps=(
        Author(creating("one")),
        Upgrade(),
        Author(creating("two")),
        Measure(Upgrade()),
    ),
)


@pytest.fixture(scope="module")
def everything() -> Registry:
    """Return all adapters, and one story."""
    return registry(discover().adapters.values(), [STORY])


@pytest.fixture(scope="module")
def environments(everything: Registry) -> Mapping[str, Environment]:
    """Return both tools' environment."""
    cells = [cell(candidate, "sqlite") for candidate in ("alembic", "migrate")]
    built, broken = build(everything, cells, lambda _: None)
    assert broken == {}
    return built


def cell(candidate: str, backend: str) -> Cell:
    """Return a cell of the story."""
    return Cell(STORY.id, candidate, "common", backend)


@pytest.fixture
def scratch_place() -> Iterator[Path]:
    """Return a directory whose path is short enough for a socket."""
    with scratch() as directory:
        yield directory


@pytest.fixture(params=["alembic", "migrate"])
def candidate(request: pytest.FixtureRequest) -> str:
    """Return each tool's own candidate."""
    return str(request.param)


def anatomy(
    everything: Registry,
    environments: Mapping[str, Environment],
    place: Path,
    of: Cell,
    repetitions: int = 2,
) -> Anatomy:
    """Return the anatomy of a cell; nothing is timed."""
    settings = Settings(speed_budget=0.0, dissections=repetitions)
    schedule = Schedule(everything, dict(environments), place, settings)
    (found,) = schedule.run([of], lambda _: None)
    assert found.status is Status.ESTABLISHED, found.reason
    made = found.observations[-1].anatomy
    assert made is not None
    assert made.void == ""
    return made


SQLITE = {
    "alembic": {
        Kind.SCHEMA: 1,
        Kind.BOOKKEEPING: 3,
        Kind.TRANSACTION: 2,
        Kind.QUESTION: 1,
    },
    "migrate": {
        Kind.SCHEMA: 1,
        Kind.BOOKKEEPING: 12,
        Kind.TRANSACTION: 2,
        Kind.QUESTION: 1,
    },
}


def test_one_more_revision_on_sqlite(
    everything: Registry,
    environments: Mapping[str, Environment],
    scratch_place: Path,
    candidate: str,
) -> None:
    """Statements, rows and pages are those that are known; phases add up to the whole."""
    found = anatomy(everything, environments, scratch_place, cell(candidate, "sqlite"))
    work = found.work

    assert work.statements is not None
    assert {k: n for k, n in work.statements.items() if n} == SQLITE[candidate]
    assert work.round_trips is None
    assert work.rewritten is not None
    assert (work.rewritten.added, work.rewritten.rows) == (1, 1)
    assert found.unknown == ()
    assert len(found.repetitions) == 2
    for one in found.repetitions:
        assert sum(one.phases.values()) == pytest.approx(one.seconds, abs=1e-6)
        assert min(one.phases.values()) >= 0
        assert all(
            one.phases[phase]
            for phase in (Phase.HISTORY, Phase.CONNECTING, Phase.PLANNING, Phase.DDL)
        )


def test_one_more_revision_on_a_server(
    everything: Registry,
    environments: Mapping[str, Environment],
    scratch_place: Path,
    servers: Servers,
    candidate: str,
) -> None:
    """Every statement is a round trip, and to begin each session is one more."""
    servers.backend("postgresql")
    found = anatomy(
        everything, environments, scratch_place, cell(candidate, "postgresql"), 1
    )
    work = found.work

    assert work.statements is not None
    assert work.statements[Kind.SCHEMA] == 1
    assert work.all_statements is not None
    assert work.connections == 1
    assert work.round_trips == work.all_statements + work.connections
    assert work.rewritten is not None
    assert work.rewritten.pages == 0


@pytest.mark.parametrize("toolchain", ["common", "newest"])
@pytest.mark.parametrize("tool", ["alembic", "sqlalchemy-migrate"])
def test_every_mark_is_there(everything: Registry, tool: str, toolchain: str) -> None:
    """A function that a release does not have would leave its phase empty in silence."""
    adapter = everything.adapters[tool]
    if not isinstance(adapter.toolchains[toolchain], Toolchain):
        pytest.skip(f"{tool} has no {toolchain}")
    one = Cell(STORY.id, adapter.candidates[0].name, toolchain, "sqlite")
    built, _ = build(everything, [one], lambda _: None)
    (environment,) = built.values()
    versions = {d.name.lower(): d.version for d in environment.distributions}
    launching = adapter.launching(adapter.candidates[0], toolchain)

    assert _missing(environment, launching.startup, adapter.marks(versions)) == []


def _missing(
    environment: Environment, startup: tuple[str, ...], marks: tuple[Mark, ...]
) -> list[str]:
    names = [mark.name for mark in marks]
    text = (
        "import importlib, sys\n"
        f"for file in {startup!r}: exec(open(file).read())\n"
        f"for name in {names!r}:\n"
        "    module, path = name.split(':')\n"
        "    found = importlib.import_module(module)\n"
        "    for part in path.split('.'):\n"
        "        found = vars(found).get(part)\n"
        "        if found is None:\n"
        "            print(name); break\n"
    )
    done = subprocess.run(
        [environment.python, "-c", text], capture_output=True, text=True, check=True
    )
    return done.stdout.split()
