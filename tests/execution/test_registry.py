"""What is found, and what is refused with its file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.execution.registry import RegistryError, discover

from .conftest import MINIATURE

_STORY = """
from harness.model.scenario import Family, Scenario
from harness.model.steps import ListHeads
A = Scenario(name="a", family=Family.SPEED, question="?", why="!", steps=(ListHeads(),))
MORE = (
    Scenario(name="b", family=Family.CHANGES, question="?", why="!", steps={steps}),
)
"""


def story_file(tmp_path: Path, steps: str = "(ListHeads(),)") -> Path:
    """Write a file with two scenarios."""
    file = tmp_path / "extra_stories.py"
    file.write_text(_STORY.format(steps=steps))
    return file


def test_a_value_in_a_file_is_a_scenario(tmp_path: Path) -> None:
    """Single values and those in tuples are found, in the order of the families."""
    found = discover(more_scenarios=[story_file(tmp_path)])

    ids = [scenario.id for scenario in found.scenarios]
    assert {"speed/a", "changes/b"} <= set(ids)
    assert ids.index("changes/b") < ids.index("speed/a")


def test_a_directory_is_an_adapter() -> None:
    """A directory that exports an adapter joins those that come with the project."""
    found = discover(more_adapters=[MINIATURE])

    assert "miniature" in found.adapters
    assert len(found.adapters) > 1


def test_scenario_names_are_unique_and_described() -> None:
    """Everything that comes with the project has an id, a question and a reason."""
    found = discover()

    ids = [scenario.id for scenario in found.scenarios]
    assert len(ids) == len(set(ids))
    for scenario in found.scenarios:
        assert scenario.question.endswith("?"), scenario.id
        assert scenario.why.endswith("."), scenario.id


def test_malformed_scenario_names_its_file(tmp_path: Path) -> None:
    """A scenario with a wrong value is refused with file, name and place."""
    file = story_file(tmp_path, steps='("upgrade",)')

    with pytest.raises(RegistryError, match=r"extra_stories.py: scenario 'b'.*steps"):
        discover(more_scenarios=[file])


def test_file_that_does_not_import_is_named(tmp_path: Path) -> None:
    """A file with an error in it is refused with the error."""
    file = tmp_path / "broken.py"
    file.write_text("1 / 0")

    with pytest.raises(RegistryError, match=r"broken.py: ZeroDivisionError"):
        discover(more_scenarios=[file])


def test_directory_without_an_adapter_is_refused(tmp_path: Path) -> None:
    """A directory that is no package, or exports nothing, is refused by name."""
    with pytest.raises(RegistryError, match="no __init__"):
        discover(more_adapters=[tmp_path])
    (tmp_path / "__init__.py").write_text("")
    with pytest.raises(RegistryError, match="ADAPTER"):
        discover(more_adapters=[tmp_path])


def test_two_of_a_name_are_refused() -> None:
    """The same adapter twice is an error, not a choice."""
    with pytest.raises(RegistryError, match="tool name: miniature"):
        discover(more_adapters=[MINIATURE, MINIATURE])
