"""Runs uv with the user's index settings, and with nothing that changes the result."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from uv import find_uv_bin

from harness.toolchains.failure import ToolchainError, remedy, summarise
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
# Bytecode that is checked by a hash of its source is slower to load.
_ALWAYS = {"PYC_INVALIDATION_MODE": "TIMESTAMP", "UV_PYTHON_DOWNLOADS": "never"}


def user_settings(toolchain: str, environ: Mapping[str, str]) -> UvSettings:
    """Return what pip's settings mean for uv; ToolchainError if they are unreadable."""
    try:
        return uv_settings(pip_settings(environ), environ)
    except PipSettingsError as error:
        advice = "correct it, or name another in PIP_CONFIG_FILE"
        raise ToolchainError(toolchain, str(error), advice) from error


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
        raise ToolchainError(toolchain, summarise(output), remedy(output))


def _uv(toolchain: str) -> str:
    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        problem = "the uv package is installed, but its program is not there"
        advice = "install uv again: python -m pip install --force-reinstall uv"
        raise ToolchainError(toolchain, problem, advice) from error
