"""What candidates are started with is recorded, with its size."""

from __future__ import annotations

import pytest

from harness.execution.registry import discover
from harness.execution.startups import lines_of_code, startup_records
from harness.model.cell import Cell


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ("x = 1\n\n\ny = 2\n", 2),
        ('"""What it is.\n\nAnd more.\n"""\n\nx = 1  # why\n# a comment\n', 1),
        ("def f():\n    '''Do it.'''\n    return [\n        1,\n    ]\n", 4),
        ('x = """a text\nof two lines"""\n', 2),
    ],
)
def test_lines_of_code_are_neither_comments_nor_docstrings(
    source: str, lines: int
) -> None:
    """A text that is used is code; one that explains is none."""
    assert lines_of_code(source) == lines


def test_a_policy_in_the_tools_own_process_is_recorded_with_its_size() -> None:
    """A candidate's files are told once, whatever its cells."""
    registry = discover()
    cells = [
        Cell("changes/a", name, "common", backend)
        for name in ("migrate", "migrate-manifest", "alembic")
        for backend in ("sqlite", "mysql")
    ]

    records = startup_records(registry, cells)

    by_candidate = {
        name: [r.file for r in records if r.candidate == name]
        for name in ("migrate", "migrate-manifest", "alembic")
    }
    assert by_candidate == {
        "migrate": ["compatibility.py"],
        "migrate-manifest": ["compatibility.py", "versions_manifest.py"],
        "alembic": [],
    }
    assert all(record.lines > 0 for record in records)
