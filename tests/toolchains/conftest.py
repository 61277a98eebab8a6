"""Settings that reach no network, and a lock of one tiny package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.toolchains.packages import lock_line, make_wheel


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the tests independent of what the user told pip and uv."""
    for name in os.environ:
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "config-of-all"))


@pytest.fixture
def wheelhouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_settings: None
) -> Path:
    """Return a directory of wheels, the only place that pip's settings name."""
    directory = tmp_path / "wheels"
    directory.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(directory))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return directory


@pytest.fixture
def lock(tmp_path: Path, wheelhouse: Path) -> Path:
    """Return a lock that pins the package `tiny`, which the wheelhouse has."""
    path = tmp_path / "lock.txt"
    path.write_text(lock_line(make_wheel(wheelhouse)), encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return a cache directory that is not there yet."""
    return tmp_path / "cache"
