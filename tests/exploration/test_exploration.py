"""Explorations with the tiny tool: a good adapter, and some that are made wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.contract import Adapter
from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.comparison import Request
from harness.execution.plan import Selection
from harness.execution.registry import Registry, discover, registry
from harness.execution.workbench import Workbench
from harness.exploration.exploration import Exploration, Order, columns_of
from harness.exploration.known import written
from harness.exploration.search import Budget
from harness.exploration.symptoms import sightings
from harness.model.operations import AddColumn
from harness.model.toolchain import Environment
from harness.smoke.saboteurs import DropsColumn, LosesRows, SabotagedAdapter, Saboteur
from tests.execution.conftest import environments, tiny

__all__ = ["environments", "tiny"]


def explored(
    adapter: Adapter,
    built: dict[str, Environment],
    directory: Path,
    examples: int = 25,
) -> tuple[Exploration, str]:
    """Explore with an adapter; return that, and the report."""
    known = registry([adapter], [])
    cells = columns_of(known, Selection(), {"sqlite": None}).cells
    order = Order(
        directory=directory,
        budget=Budget(examples=examples, shrinks=60),
        known=(),
        request=Request(
            version="0",
            command=("explore",),
            jobs=1,
            cold=False,
            settings=Settings(seed=1),
        ),
    )
    exploration = Exploration(known, cells, built, order, lambda _: None)
    return exploration, exploration.run(lambda _: None).read_text()


def test_a_good_adapter_shows_nothing(
    tiny: Registry, environments: dict[str, Environment], tmp_path: Path
) -> None:
    """Whatever the tiny tool can do, it does as the oracle expects."""
    exploration, report = explored(tiny.adapters["miniature"], environments, tmp_path)

    assert exploration.finds == []
    assert "**0 new differences**" in report
    assert "| add_column |" in report


@pytest.mark.parametrize(
    ("saboteur", "symptom", "examples"),
    [(DropsColumn, "missing column", 20), (LosesRows, "row count: fewer", 300)],
)
def test_a_wrong_adapter_is_found_out(
    tiny: Registry,
    environments: dict[str, Environment],
    tmp_path: Path,
    saboteur: type[Saboteur],
    symptom: str,
    examples: int,
) -> None:
    """The smallest story has one migration with one operation, and can be run again."""
    wrong = SabotagedAdapter(tiny.adapters["miniature"], saboteur)

    exploration, report = explored(wrong, environments, tmp_path, examples)

    find = next(f for f in exploration.finds if symptom in written(f.found.sighting))
    assert [type(o) for o in find.found.draft.operations] == [AddColumn]
    assert find.scenario.name in report
    again = discover(more_scenarios=[find.file]).scenario(find.scenario.id)
    assert again == find.scenario
    bench = Workbench(environments, cold=False)
    try:
        cell = find.sightings[0].cell
        directory = tmp_path / "again"
        run = CellRun(cell, registry([wrong], [again]), bench, directory, Settings())
        evidence = run_cell(run)
    finally:
        bench.close()
    assert sightings(evidence) == find.sightings
