"""Plans: what is selected, what is left out, and what is refused."""

from __future__ import annotations

import pytest

from harness.execution.plan import Plan, Selection, SelectionError, plan
from harness.execution.registry import Registry, registry
from harness.model.cell import Absence, Cell
from harness.model.steps import ListHeads

from .conftest import scenario


@pytest.fixture
def three(tiny: Registry) -> Registry:
    """Return the tiny adapter with three scenarios."""
    stories = [scenario(ListHeads(), name=name) for name in ("one", "two", "twice")]
    return registry(tiny.adapters.values(), stories)


def names(planned: Plan) -> list[str]:
    """Return the planned scenarios' names."""
    return [cell.scenario.split("/")[1] for cell in planned.cells]


def test_everything_by_default(three: Registry) -> None:
    """Without a selection there is a cell for every scenario and column."""
    planned = plan(three, Selection())

    assert planned.cells[0] == Cell("changes/one", "miniature", "bare", "sqlite")
    assert names(planned) == ["one", "two", "twice"]


def test_absent_toolchains_are_told(three: Registry) -> None:
    """A toolchain on which a tool does not run is left out with its reason."""
    planned = plan(three, Selection())

    reason, remedy = "it has not been written", "wait"
    assert planned.absences == (Absence("miniature on future", reason, remedy),)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("two", ["two"]),
        ("tw*", ["two", "twice"]),
        ("changes/o*", ["one"]),
        ("*", ["one", "two", "twice"]),
    ],
)
def test_scenarios_by_pattern(
    three: Registry, pattern: str, expected: list[str]
) -> None:
    """A pattern is held against the id and the name."""
    assert names(plan(three, Selection(scenarios=(pattern,)))) == expected


@pytest.mark.parametrize(
    ("selection", "hint"),
    [
        (Selection(scenarios=("tow",)), "did you mean two"),
        (Selection(families=("change",)), "did you mean changes"),
        (Selection(candidates=("minature",)), "did you mean miniature"),
        (Selection(toolchains=("bear",)), "did you mean bare"),
        (Selection(backends=("oracle9",)), "see `list`"),
        (Selection(toolchains=("future",)), "nothing matches"),
    ],
)
def test_what_does_not_exist_is_refused(
    three: Registry, selection: Selection, hint: str
) -> None:
    """A wrong name is an error that offers the right one."""
    with pytest.raises(SelectionError, match=hint):
        plan(three, selection)
