"""Runs uv with the user's index settings, and with nothing that changes the result."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from uv import find_uv_bin

from harness.model.toolchain import Building
from harness.toolchains.failure import ToolchainError, redact, remedy, summarise
from harness.toolchains.index import UvSettings, uv_settings
from harness.toolchains.pip_settings import PipSettingsError, pip_settings

# A user's settings say where packages come from. These would say what is installed,
# and that is for the lock alone.
_NOT_THE_USERS = {
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_BUILD_CONSTRAINT",
    "UV_COMPILE_BYTECODE",
    "UV_CONSTRAINT",
    "UV_EXCLUDE",
    "UV_EXCLUDE_NEWER",
    "UV_FORK_STRATEGY",
    "UV_LINK_MODE",
    "UV_MANAGED_PYTHON",
    "UV_NO_BINARY",
    "UV_NO_BINARY_PACKAGE",
    "UV_NO_BUILD_ISOLATION",
    "UV_NO_MANAGED_PYTHON",
    "UV_NO_VERIFY_HASHES",
    "UV_OVERRIDE",
    "UV_PRERELEASE",
    "UV_PYTHON",
    "UV_PYTHON_PREFERENCE",
    "UV_RESOLUTION",
    "UV_SYSTEM_PYTHON",
    "UV_TORCH_BACKEND",
    "UV_VENV_RELOCATABLE",
    "UV_VENV_SEED",
    "VIRTUAL_ENV",
}
# uv asks for setuptools 40.8, of February 2019, to build whatever is older.
_OLDEST_TO_BUILD_WITH = "2019-03-01"
# Bytecode that is checked by a hash of its source is slower to load.
_ALWAYS = {"PYC_INVALIDATION_MODE": "TIMESTAMP", "UV_PYTHON_DOWNLOADS": "never"}


def user_settings(toolchain: str, environ: Mapping[str, str]) -> UvSettings:
    """Return what pip's settings mean for uv; ToolchainError if they are unreadable."""
    try:
        return uv_settings(pip_settings(environ), environ)
    except PipSettingsError as error:
        advice = "correct it, or name another in PIP_CONFIG_FILE"
        raise ToolchainError(toolchain, str(error), advice) from error


def reproducible(toolchain: str, environ: Mapping[str, str]) -> UvSettings:
    """Return the user's settings for a command whose packages are pinned by hash."""
    settings = user_settings(toolchain, environ)
    if "UV_INDEX_STRATEGY" not in environ:
        # pip takes the best file of all indexes, and so do we. uv calls that unsafe,
        # for any index could slip in a file; not here, where hashes pin each of them.
        settings.environ["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return settings


def limits(building: Building) -> tuple[str, ...]:
    """Return uv's options that keep out packages uploaded too late."""
    if not building.until:
        return ()
    exempt = (f"{name}={late}" for name, late in late_builders(building))
    several = (part for one in exempt for part in ("--exclude-newer-package", one))
    return ("--exclude-newer", building.until, *several)


def late_builders(building: Building) -> tuple[tuple[str, str], ...]:
    """Return what may be newer than all else, since nothing is built without, and dates.

    pip is among it because old packages ask for it, and it then installs the others.
    """
    late = max(building.until, _OLDEST_TO_BUILD_WITH)
    return tuple((name, late) for name in ("pip", "setuptools", "wheel"))


def uv_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv, without what would change the result."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _NOT_THE_USERS and not name.startswith("PYTHON")
    }
    return kept | _ALWAYS


def run_uv(toolchain: str, command: tuple[str, ...], settings: UvSettings) -> None:
    """Run uv; ToolchainError says what went wrong, and what can be done."""
    argv = [_uv(toolchain), "--quiet", "--color=never", *command]
    environ = uv_environ(os.environ) | settings.environ
    done = subprocess.run(
        argv, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        output = (done.stderr + done.stdout).decode(errors="replace")
        said = redact(output)
        raise ToolchainError(toolchain, summarise(output), remedy(output), said)


def _uv(toolchain: str) -> str:
    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        problem = "the uv package is installed, but its program is not there"
        advice = "install uv again: python -m pip install --force-reinstall uv"
        raise ToolchainError(toolchain, problem, advice) from error
