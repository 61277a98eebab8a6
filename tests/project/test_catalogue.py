"""The catalogue page and the scenarios say the same of each other."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import scenarios
from harness.model.scenario import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "catalogue.md"
ROW = re.compile(
    r"^\| (?P<id>[CLOS]\d\d) \| [^|]+ \| (?P<told>[^|]+) \|$", re.MULTILINE
)
ID = re.compile(r"[CLOS]\d\d")


def every_scenario() -> list[Scenario]:
    """Return the scenarios that are shipped."""
    modules = (
        importlib.import_module(f"scenarios.{module.name}")
        for module in pkgutil.iter_modules(scenarios.__path__)
    )
    values = (value for module in modules for value in vars(module).values())
    flat = (
        v for value in values for v in (value if isinstance(value, tuple) else [value])
    )
    return [value for value in flat if isinstance(value, Scenario)]


def test_the_catalogue_lists_the_scenarios_of_each_story() -> None:
    """A scenario that names a story as its source stands in that story's row."""
    told = {
        row["id"]: set(re.findall(r"`([^`]+)`", row["told"]))
        for row in ROW.finditer(PAGE.read_text())
    }
    sourced: dict[str, set[str]] = {story: set() for story in told}
    for scenario in every_scenario():
        for source in filter(ID.fullmatch, scenario.sources):
            sourced[source].add(scenario.id)

    assert sourced == told


def test_what_explorations_found_is_listed() -> None:
    """The page lists the scenarios that come from explorations, and no others."""
    found = {s.id for s in every_scenario() if "exploration" in s.sources}
    listed = re.findall(r"^- `([^`]+)`$", PAGE.read_text(), re.MULTILINE)

    assert found
    assert sorted(found) == sorted(listed)


def test_every_story_has_a_scenario() -> None:
    """None of the eighty is left out."""
    rows = list(ROW.finditer(PAGE.read_text()))

    assert len(rows) == 80
    assert [] == [row["id"] for row in rows if "`" not in row["told"]]


def test_there_are_enough_scenarios() -> None:
    """The comparison does not shrink unnoticed."""
    assert len({scenario.id for scenario in every_scenario()}) >= 90
