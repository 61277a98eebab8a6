"""What the adapter offers, and the help that it gives the tool to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.migrate import ADAPTER
from adapters.migrate.adapter import (
    COMPATIBILITY,
    VERSIONS_MANIFEST,
)
from harness.model.cell import Absence
from harness.model.toolchain import Toolchain
from harness.toolchains import interpreters

_README = Path(__file__).parents[3] / "adapters" / "migrate" / "README.md"


def test_candidates() -> None:
    """There is the tool as published, and the proposal of 2013."""
    assert ["migrate", "migrate-manifest"] == [c.name for c in ADAPTER.candidates]
    assert {ADAPTER.tool} == {c.tool for c in ADAPTER.candidates}


def test_toolchains() -> None:
    """The tool runs on the common toolchain, and says why not on a newer one."""
    common, newest = ADAPTER.toolchains["common"], ADAPTER.toolchains["newest"]

    assert isinstance(common, Toolchain)
    assert Path(common.lock).is_file()
    assert isinstance(newest, Absence)
    assert "No module named 'sqlalchemy.databases'" in newest.reason


def test_the_patch_belongs_to_the_manifest_only() -> None:
    """The tool as published gets help to start, and nothing else."""
    stock, patched = (ADAPTER.launching(c, "common") for c in ADAPTER.candidates)

    assert (str(COMPATIBILITY),) == stock.startup
    assert (str(COMPATIBILITY), str(VERSIONS_MANIFEST)) == patched.startup
    assert (1, 2) == (len(stock.help), len(patched.help))


def test_every_decision_is_in_the_readme() -> None:
    """What the report quotes is explained at length beside the code."""
    text = _README.read_text(encoding="utf-8")

    assert ADAPTER.readings
    assert [] == [r.subject for r in ADAPTER.readings if f"### {r.subject}" not in text]


def _in_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="inspect.getargspec is still there"
)
def test_getargspec_is_put_back() -> None:
    """It answers as it did before Python 3.11."""
    code = (
        f"import runpy; runpy.run_path({str(COMPATIBILITY)!r})\n"
        "import inspect\n"
        "def f(a, b=1, *c, **d): pass\n"
        "print(tuple(inspect.getargspec(f)))"
    )

    assert "(['a', 'b'], 'c', 'd', (1,))" == _in_python(code)


def test_getargspec_is_left_alone_where_it_is() -> None:
    """On a Python that has it, nothing is added."""
    code = (
        "import inspect; inspect.getargspec = 'as it was'\n"
        f"import runpy; runpy.run_path({str(COMPATIBILITY)!r})\n"
        "print(inspect.getargspec)"
    )

    assert "as it was" == _in_python(code)


def test_the_tool_needs_the_help(migrate_root: Path) -> None:
    """Without it, every command fails on a current Python."""
    done = subprocess.run(
        [migrate_root / "bin" / "migrate", "version", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )

    words = "AttributeError: module 'inspect' has no attribute 'getargspec'"
    assert 1 == done.returncode
    assert done.stderr.splitlines()[-1].startswith(words)


OLD = interpreters.find("2.7")


@pytest.mark.skipif(OLD is None, reason=interpreters.not_found("2.7")[0])
@pytest.mark.parametrize("file", [COMPATIBILITY, VERSIONS_MANIFEST])
def test_startup_files_are_python_2_as_well(file: Path) -> None:
    """The tool of 2013 runs on Python 2.7, and so do the files that start it."""
    code = f"compile(open({str(file)!r}).read(), 'startup', 'exec')"

    done = subprocess.run(
        [str(OLD), "-c", code], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)
