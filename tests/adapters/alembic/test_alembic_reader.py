"""What is read of a repository, held against what the real tool says of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from adapters.alembic.reader import AlembicReader
from harness.assessment.shape import shape
from harness.model.faults import FaultKind
from tests.adapters.alembic.bench import Runner
from tests.assessment.repositories import linked, revision

CROOKED = {
    "a.py": revision("a1f09c3e77b2", None, more="branch_labels = 'main'"),
    "b.py": revision("b2e8d41c0a95", "a1f09c3e77b2"),
    "c.py": revision("c3d7e52b1f86", "a1f09c3e77b2", more="depends_on = 'other'"),
    "d.py": revision("d4c6f63a2e97", ("b2e8d41c0a95", "c3d7e52b1f86")),
    "e.py": revision("e5b5074938a8", "d4c6f63a2e97"),
    "f.py": revision("f6a4185847b9", "d4c6f63a2e97"),
    "g.py": revision("0793296756ca", None, more="branch_labels = ('other', 'more')"),
}
TOLD = """
import sys
from alembic.config import Config
from alembic.script import ScriptDirectory

config = Config()
config.set_main_option("script_location", sys.argv[1])
scripts = list(ScriptDirectory.from_config(config).walk_revisions("base", "heads"))
for what in ("head", "base", "branch_point", "merge_point"):
    print(*sorted(s.revision for s in scripts if getattr(s, "is_" + what)))
"""


@pytest.mark.parametrize("toolchain", ["common", "newest"])
def test_the_shape_is_what_the_tool_says(
    toolchain: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Heads, bases, branch points and merges, by alembic itself and by reading."""
    runner: Runner = request.getfixturevalue(toolchain)
    versions = linked(tmp_path, CROOKED)
    told = subprocess.run(
        [runner.environment.python, "-c", TOLD, str(versions.parent)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    reader = AlembicReader()
    (place,) = reader.find(tmp_path.rglob("*"))
    found = shape(reader.read(place))

    assert [line.split() for line in told] == [
        sorted(found.heads),
        sorted(found.bases),
        sorted(found.branch_points),
        sorted(found.merges),
    ]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (revision("b2e8d41c0a95", "ffffffffffff"), "is not present"),
        (revision("b2e8d41c0a95", "a1f0"), "is not present"),
        (
            revision("b2e8d41c0a95", "a1f09c3e77b2", more="depends_on = 'a1f0'"),
            "KeyError: 'a1f0'",
        ),
        (revision("a1f09c3e77b2", None), "is present more than once"),
        (
            revision("b2@8d41c0a95", "a1f09c3e77b2"),
            "not allowed in revision identifier",
        ),
        ("x = 1\n", "Could not determine revision id"),
        ("def upgrade(:\n", "SyntaxError"),
    ],
    ids=[
        "parent",
        "abbreviated parent",
        "dependency",
        "duplicate",
        "character",
        "no id",
        "syntax",
    ],
)
def test_the_tool_minds_what_is_called_a_fault(
    script: str, words: str, newest: Runner, tmp_path: Path
) -> None:
    """Each of these makes alembic warn or end, in words like those in the report."""
    versions = linked(tmp_path, {"a.py": CROOKED["a.py"], "x.py": script})
    said = subprocess.run(
        [newest.environment.python, "-c", TOLD, str(versions.parent)],
        capture_output=True,
        text=True,
        check=False,
    ).stderr

    assert words in said


def test_a_file_that_alembic_passes_over_is_known(
    newest: Runner, tmp_path: Path
) -> None:
    """Alembic says nothing of it, and its revision is not in the history."""
    versions = linked(
        tmp_path, {"a.py": CROOKED["a.py"], "__init__b.py": CROOKED["b.py"]}
    )
    told = subprocess.run(
        [newest.environment.python, "-c", TOLD, str(versions.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    reader = AlembicReader()
    (place,) = reader.find(tmp_path.rglob("*"))
    (trouble,) = reader.read(place).troubles

    assert told.stdout.split() == ["a1f09c3e77b2", "a1f09c3e77b2"]
    assert told.stderr == ""
    assert trouble.kind is FaultKind.SILENT_LOSER
