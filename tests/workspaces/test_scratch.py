"""Scratch space is removed by its owner, or by the next run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.workspaces.scratch import PREFIX, scratch, storage, sweep

_KILLED = """
import os, signal, sys
from pathlib import Path
from harness.workspaces.scratch import scratch
with scratch(Path(sys.argv[1])) as directory:
    (directory / "file").write_text("x")
    print(directory, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    """Nothing is left under the parent, lock file included."""
    with scratch(tmp_path) as directory:
        (directory / "file").write_text("x")

    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_after_an_error(tmp_path: Path) -> None:
    """An exception inside does not leave it behind."""
    with pytest.raises(ZeroDivisionError), scratch(tmp_path):
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_one_in_use_is_left_alone(tmp_path: Path) -> None:
    """A sweep does not touch a directory that somebody holds."""
    with scratch(tmp_path) as directory:
        assert sweep(tmp_path) == ()
        assert directory.is_dir()


def test_one_of_a_killed_run_is_swept(tmp_path: Path) -> None:
    """What a killed process left is removed by the next run."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    left = Path(done.stdout.strip())
    assert left.name.startswith(PREFIX)
    assert left.is_dir()

    assert sweep(tmp_path) == (left,)
    assert list(tmp_path.iterdir()) == []


def test_storage_is_named(tmp_path: Path) -> None:
    """The file system that a directory lies on has a name."""
    assert storage(tmp_path) not in {"", "unknown"}
