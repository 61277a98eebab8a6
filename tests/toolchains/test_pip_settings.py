"""pip's settings are read as pip reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.toolchains.pip_settings import (
    PipSettingsError,
    config_files,
    pip_settings,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files lie elsewhere")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_settings: None) -> Path:
    """Return a home directory in which all the user's configuration lies."""
    monkeypatch.delenv("PIP_CONFIG_FILE")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(path: Path, content: str) -> Path:
    """Write a configuration file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def told_by_pip() -> dict[str, str]:
    """Return what pip says its settings are, by the name of the option."""
    pytest.importorskip("pip")
    argv = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.check_output(argv, text=True).splitlines()
    pairs = (line.partition("=") for line in lines if line.startswith("global."))
    return {
        name.removeprefix("global."): value.strip("'\"") for name, _, value in pairs
    }


def test_a_later_file_wins(home: Path) -> None:
    """The user's over the machine's, and among the user's the newer place."""
    write(home / "config-of-all/pip/pip.conf", "[global]\nproxy = all\nretries = 1\n")
    write(home / ".pip/pip.conf", "[global]\nretries = 2\ntimeout = 3\n")
    write(home / "config/pip/pip.conf", "[global]\ntimeout = 4\n")
    expected = {"proxy": "all", "retries": "2", "timeout": "4"}

    ours = pip_settings({})

    assert expected == {name: ours[name] for name in expected}


def test_pip_itself_says_the_same(home: Path) -> None:
    """On the same files, by `pip config list`; old releases also read `~/.pip`."""
    write(home / "config-of-all/pip/pip.conf", "[global]\nproxy = all\nretries = 1\n")
    write(
        home / "config/pip/pip.conf", "[global]\ntimeout = 4\nindex_url = https://i\n"
    )

    assert told_by_pip() == pip_settings({})


def test_settings_of_install_win_over_global_ones(home: Path) -> None:
    """Even over those of a later file; settings of other commands do not count."""
    write(home / ".pip/pip.conf", "[install]\nindex-url = install\n")
    write(
        home / "config/pip/pip.conf",
        "[global]\nindex-url = global\n[download]\nindex-url = download\n",
    )

    assert "install" == pip_settings({})["index-url"]


def test_variables_win_over_files(home: Path) -> None:
    """An empty one says nothing."""
    write(home / "config/pip/pip.conf", "[global]\nproxy = file\ntimeout = 1\n")
    environ = {"PIP_PROXY": "variable", "PIP_TIMEOUT": "", "HOME": "/"}
    ours = pip_settings(environ)

    assert ("variable", "1") == (ours["proxy"], ours["timeout"])


def test_a_value_may_have_several_lines(home: Path) -> None:
    """As lists of indexes have."""
    write(home / "config/pip/pip.conf", "[global]\nextra-index-url =\n  a\n  b\n")

    assert ["a", "b"] == pip_settings({})["extra-index-url"].split()


def test_names_are_spelled_in_several_ways(home: Path) -> None:
    """Underscores, capitals and leading dashes make no difference."""
    write(home / "config/pip/pip.conf", "[global]\n--Index_URL = x\n")

    assert "x" == pip_settings({})["index-url"]


def test_a_named_file_takes_the_place_of_the_users(home: Path) -> None:
    """The machine's files are still read."""
    write(home / "config/pip/pip.conf", "[global]\nproxy = user\n")
    write(home / "config-of-all/pip/pip.conf", "[global]\nretries = 1\n")
    named = write(home / "named.conf", "[global]\ntimeout = 2\n")
    ours = pip_settings({"PIP_CONFIG_FILE": str(named)})

    assert (None, "1", "2") == tuple(map(ours.get, ("proxy", "retries", "timeout")))


@pytest.mark.usefixtures("home")
def test_no_file_is_read_when_the_null_device_is_named() -> None:
    """So pip is told to read none."""
    assert () == config_files({"PIP_CONFIG_FILE": os.devnull})


@pytest.mark.parametrize("content", [b"no section\n", b"[global\n", b"\xff"])
def test_a_broken_file_is_named_and_not_quoted(home: Path, content: bytes) -> None:
    """It may hold passwords."""
    path = write(home / "config/pip/pip.conf", "")
    path.write_bytes(content)

    with pytest.raises(PipSettingsError, match=f"^{path}, .* is not well formed$"):
        pip_settings({})
