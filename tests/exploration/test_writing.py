"""Stories written as Python source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings

from harness.exploration.drafts import Draft, drafts, scenario_of
from harness.exploration.writing import module_of
from harness.model.schema import Column, Integer, String, Table
from harness.model.steps import Migration

_TITLE = "What was found, in a sentence that is so long that it needs a second line"


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(drafts(("sqlite",)))
def test_a_story_survives_being_written(draft: Draft) -> None:
    """The module holds the same scenario: texts, numbers and all."""
    story = scenario_of(draft, ("sqlite",))
    written: dict[str, Any] = {}

    exec(module_of(story, _TITLE), written)

    assert story.steps == written["DRAFT"].steps
    assert story == written["DRAFT"]


def _wide() -> Draft:
    """Return a draft with rows whose lines are long only to the eye."""
    columns = (Column("id", Integer(), primary_key=True), Column("name", String(200)))
    table = Table("item", columns)
    rows = tuple({"id": n, "name": "漢" * n} for n in range(20, 45))
    return Draft((table,), {"item": rows}, (Migration("nothing", ()),), (1,))


def test_what_is_written_is_formatted(tmp_path: Path) -> None:
    """The formatter of the project finds nothing to do."""
    written = []

    @example(_wide())
    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(drafts(("sqlite",)))
    def write(draft: Draft) -> None:
        path = tmp_path / f"story_{len(written)}.py"
        path.write_text(module_of(scenario_of(draft, ("sqlite",)), _TITLE))
        written.append(path)

    write()
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff"]
    formatted = subprocess.run(
        [*command, tmp_path], capture_output=True, text=True, check=False
    )

    assert formatted.stdout == ""
    assert formatted.returncode == 0
