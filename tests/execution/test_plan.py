"""Plans: what is selected, what is left out, and what is refused."""

from __future__ import annotations

import msgspec
import pytest

from harness.execution.plan import Plan, Selection, SelectionError, plan
from harness.execution.registry import Registry, registry
from harness.model.cell import Absence, Candidate, Cell
from harness.model.scenario import Family
from harness.model.steps import ListHeads
from harness.model.toolchain import Toolchain

from .conftest import scenario

_NO_MYSQL = Absence("mysql", "no server was found", "install one")
_OFFERED = {"sqlite": None, "postgresql": None, "mysql": _NO_MYSQL}


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
    planned = plan(three, Selection(), _OFFERED)

    assert planned.cells[0] == Cell("changes/one", "miniature", "bare", "sqlite")
    assert names(planned) == ["one", "two", "twice"]


def test_absent_toolchains_are_told(three: Registry) -> None:
    """A toolchain on which a tool does not run is left out with its reason."""
    planned = plan(three, Selection(), _OFFERED)

    reason, remedy = "it has not been written", "wait"
    assert planned.absences[0] == Absence("miniature on future", reason, remedy)


def test_backends_not_asked_for_are_told(three: Registry) -> None:
    """The embedded backend is the default; what brings the others is said."""
    planned = plan(three, Selection(), _OFFERED)

    assert planned.absences[1:] == (
        Absence(
            "postgresql",
            "it was not asked for",
            "add --backend postgresql, or --backend all",
        ),
        Absence(
            "mysql", "it was not asked for", "add --backend mysql, or --backend all"
        ),
    )


def test_all_backends_are_those_that_there_are(three: Registry) -> None:
    """What is not there is left out with its reason and the remedy."""
    planned = plan(three, Selection(scenarios=("one",), backends=("all",)), _OFFERED)

    assert [cell.backend for cell in planned.cells] == ["sqlite", "postgresql"]
    assert planned.absences[1:] == (_NO_MYSQL,)


def test_a_backend_that_is_not_there_is_the_reason(three: Registry) -> None:
    """Nothing can be run: the message says why, and what to do."""
    with pytest.raises(SelectionError, match="mysql: no server was found; install one"):
        plan(three, Selection(backends=("mysql",)), _OFFERED)


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
    assert names(plan(three, Selection(scenarios=(pattern,)), _OFFERED)) == expected


@pytest.mark.parametrize(
    ("selection", "hint"),
    [
        (Selection(scenarios=("tow",)), "did you mean two"),
        (Selection(families=("change",)), "did you mean changes"),
        (Selection(candidates=("minature",)), "did you mean miniature"),
        (Selection(toolchains=("bear",)), "did you mean bare"),
        (Selection(backends=("oracle9",)), "see `list`"),
        (Selection(toolchains=("future",)), "on future: .*; wait"),
    ],
)
def test_what_does_not_exist_is_refused(
    three: Registry, selection: Selection, hint: str
) -> None:
    """A wrong name is an error that offers the right one."""
    with pytest.raises(SelectionError, match=hint):
        plan(three, selection, _OFFERED)


def test_a_toolchain_whose_interpreter_is_not_here_is_absent(
    three: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told with the version; the others are planned."""
    [adapter] = three.adapters.values()
    old = Toolchain("old", "old.txt", "of old", interpreter="1.5")
    monkeypatch.setattr(type(adapter), "toolchains", adapter.toolchains | {"old": old})

    planned = plan(three, Selection(), _OFFERED)

    [told] = [a for a in planned.absences if a.subject == "miniature on old"]
    assert "no Python 1.5 was found on this machine" == told.reason
    assert {"bare"} == {cell.toolchain for cell in planned.cells}


def test_a_policy_is_not_tried_on_every_backend(
    three: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies in files: the embedded backend shows what it does."""
    [adapter] = three.adapters.values()
    ruled = Candidate("ruled", "miniature", "with a rule", policy="the order")
    monkeypatch.setattr(type(adapter), "candidates", (*adapter.candidates, ruled))
    with_policy = registry([adapter], three.scenarios)
    everywhere = Selection(scenarios=("one",), backends=("all",))

    planned = plan(with_policy, everywhere, _OFFERED)
    named = plan(
        with_policy,
        msgspec.structs.replace(everywhere, candidates=("ruled",)),
        _OFFERED,
    )
    only = plan(
        with_policy,
        msgspec.structs.replace(everywhere, backends=("postgresql",)),
        _OFFERED,
    )

    assert ("ruled", "postgresql") not in {
        (c.candidate, c.backend) for c in planned.cells
    }
    assert ("ruled", "sqlite") in {(c.candidate, c.backend) for c in planned.cells}
    [told] = [a for a in planned.absences if a.subject == "ruled on postgresql"]
    assert told.remedy == "name it: --candidate ruled"
    assert ["sqlite", "postgresql"] == [cell.backend for cell in named.cells]
    assert {"miniature", "ruled"} == {cell.candidate for cell in only.cells}


def test_tools_are_timed_and_policies_where_they_are_named(
    three: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes turns costs the others samples; the plan says who is left out."""
    [adapter] = three.adapters.values()
    ruled = Candidate("ruled", "miniature", "with a rule", policy="the order")
    monkeypatch.setattr(type(adapter), "candidates", (*adapter.candidates, ruled))
    story = msgspec.structs.replace(three.scenarios[0], family=Family.SPEED)
    with_policy = registry([adapter], [story])

    planned = plan(with_policy, Selection(), _OFFERED)
    named = plan(with_policy, Selection(candidates=("ruled",)), _OFFERED)

    assert {"miniature"} == {cell.candidate for cell in planned.cells}
    [told] = [a for a in planned.absences if a.subject.startswith("ruled in speed")]
    assert "name it: --candidate ruled" == told.remedy
    assert {"ruled"} == {cell.candidate for cell in named.cells}
