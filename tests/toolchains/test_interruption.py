"""Builds at the same time, and builds that are killed, leave a valid environment."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from harness.model.toolchain import Environment
from harness.toolchains import build
from tests.toolchains.packages import toolchain
from tests.toolchains.slow_index import PATIENCE, SlowIndex, slow_index

ROOT = Path(__file__).parents[2]
Builder = subprocess.Popen[str]


@pytest.fixture
def index(
    lock: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SlowIndex]:
    """Serve the package from an index that keeps the first builder waiting."""
    with slow_index(wheelhouse) as serving:
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.delenv("PIP_FIND_LINKS")
        monkeypatch.setenv("PIP_INDEX_URL", serving.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield serving


def start(cache: Path, lock: Path) -> Builder:
    """Start to build in another process."""
    argv = [sys.executable, "-m", "tests.toolchains.build_once", str(cache), str(lock)]
    return subprocess.Popen(
        argv, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def result(builder: Builder) -> Environment:
    """Wait for a builder, and return what it built."""
    output, errors = builder.communicate(timeout=PATIENCE)
    assert builder.returncode == 0, errors
    return msgspec.json.decode(output.splitlines()[-1], type=Environment)


def test_two_builds_at_once_make_one_environment(
    cache: Path, lock: Path, index: SlowIndex
) -> None:
    """The second says that it waits, and takes what the first has built."""
    first = start(cache, lock)
    index.wait_until_asked()
    second = start(cache, lock)
    assert second.stdout is not None
    said = second.stdout.readline()
    index.release()
    built, found = result(first), result(second)

    assert "waiting for toolchain test, which is being built\n" == said
    assert (False, True) == (built.reused, found.reused)
    assert built.root == found.root


def test_what_a_killed_build_left_is_removed_and_built_again(
    cache: Path, lock: Path, index: SlowIndex
) -> None:
    """Even though the uv that it had started lives on, and finishes later."""
    killed = start(cache, lock)
    index.wait_until_asked()
    orphans = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.communicate(timeout=PATIENCE)
    [half_built] = cache.rglob("venv-*")

    environment = build(toolchain(lock), cache)
    alive = [orphan for orphan in orphans if orphan.is_running()]
    index.release()
    psutil.wait_procs(orphans, timeout=PATIENCE)

    assert orphans == alive
    assert not environment.reused
    assert half_built != Path(environment.root)
    assert build(toolchain(lock), cache).reused
    assert "here\n" == subprocess.check_output(
        [f"{environment.root}/bin/tiny"], text=True
    )


def test_an_interrupted_build_leaves_no_process_and_no_environment(
    cache: Path, lock: Path, index: SlowIndex
) -> None:
    """Ctrl-C ends uv too."""
    interrupted = start(cache, lock)
    index.wait_until_asked()
    children = psutil.Process(interrupted.pid).children(recursive=True)
    interrupted.send_signal(signal.SIGINT)
    _, errors = interrupted.communicate(timeout=PATIENCE)
    _, alive = psutil.wait_procs(children, timeout=PATIENCE)

    assert "KeyboardInterrupt" in errors
    assert [] == alive
    assert [] == [*cache.rglob("venv-*"), *cache.rglob("environment.json")]
