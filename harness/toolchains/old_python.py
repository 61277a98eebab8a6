"""Environments for interpreters that uv cannot use: virtualenv makes them, pip fills them.

virtualenv brings, for each old Python, the last pip that runs on it. The same promises
hold as for uv: the lock alone says what is installed, the user's settings say from
where, and what a package is built with is pinned by the lock as well.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from harness.model.toolchain import Toolchain
from harness.toolchains.failure import ToolchainError, redact, remedy, summarise
from harness.toolchains.index import pip_sources
from harness.toolchains.interpreter import Interpreter
from harness.toolchains.pip_settings import PipSettingsError, pip_settings

OLDEST_FOR_UV = "3.8"
HELPER = Toolchain(
    name="virtualenv",
    lock=str(Path(__file__).with_name("virtualenv.txt")),
    summary="makes environments for interpreters that are too old for uv",
)
_SEEDS = ("setuptools", "wheel", "pip")  # pip last, since it removes the others
# What old source distributions demand before they can say what they require themselves.
_BUILDERS = {"pbr", "setuptools", "wheel"}
_ENTRY = re.compile(r"^(?=[\w.-]+==)", re.MULTILINE)
_NOT_THE_USERS = ("PIP_", "PYTHON", "VIRTUALENV_", "SETUPTOOLS_", "DISTUTILS_", "PBR_")
_PIP = ("-m", "pip", "--no-input", "--no-color", "--no-cache-dir")


def is_too_old_for_uv(interpreter: Interpreter) -> bool:
    """Tell whether an environment for this interpreter has to be made in the old way."""
    return interpreter.is_older_than(OLDEST_FOR_UV)


def make(toolchain: str, helper: Path, executable: str, root: Path) -> None:
    """Make an empty environment; `helper` is an interpreter that has virtualenv."""
    with tempfile.TemporaryDirectory() as data:
        command = (
            *("-m", "virtualenv", "--quiet", "--python", executable),
            *("--no-download", "--no-periodic-update", "--no-vcs-ignore"),
            *("--app-data", data, str(root)),
        )
        run(toolchain, helper, command, pip_environ(toolchain, os.environ))


def fill(toolchain: str, root: Path, lock: str) -> None:
    """Install what a lock pins into an environment, and leave nothing else in it."""
    python = root / "bin" / "python"
    environ = pip_environ(toolchain, os.environ)
    entries = _ENTRY.split(lock)[1:]
    builders = [entry for entry in entries if _name(entry) in _BUILDERS]
    if builders:
        _install(toolchain, python, "".join(builders), environ)
    if entries:
        _install(toolchain, python, lock, environ)
    pinned = {_name(entry) for entry in entries}
    surplus = [name for name in _SEEDS if name not in pinned]
    # One by one: where a seed is missing, pip has nothing to do for it.
    for name in surplus:
        run(toolchain, python, (*_PIP, "uninstall", "--yes", name), environ)


def _install(
    toolchain: str, python: Path, lock: str, environ: Mapping[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "lock.txt"
        file.write_text(lock, encoding="utf-8")
        command = (
            *(*_PIP, "install", "--require-hashes"),
            *("--no-build-isolation", "--no-warn-script-location"),
            *("--requirement", str(file)),
        )
        run(toolchain, python, command, environ)


def _name(entry: str) -> str:
    name = entry.partition("==")[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pip_environ(toolchain: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for pip and virtualenv: sources from the user, no more."""
    try:
        sources = pip_sources(pip_settings(environ), environ)
    except PipSettingsError as error:
        advice = "correct it, or name another in PIP_CONFIG_FILE"
        raise ToolchainError(toolchain, str(error), advice) from error
    kept = {k: v for k, v in environ.items() if not k.startswith(_NOT_THE_USERS)}
    # Bytecode would be checked by a hash of its source, which is slower to load.
    kept.pop("SOURCE_DATE_EPOCH", None)
    kept.pop("VIRTUAL_ENV", None)
    return kept | _ALWAYS | sources


_ALWAYS = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_PYTHON_VERSION_WARNING": "1",
    # Also for what a setup.py of old asks for by itself: unpinned, it is refused.
    "PIP_REQUIRE_HASHES": "1",
    "PYTHONWARNINGS": "ignore",
    "VIRTUALENV_CONFIG_FILE": os.devnull,
}


def run(
    toolchain: str,
    python: Path,
    command: tuple[str, ...],
    environ: Mapping[str, str],
    directory: Path | None = None,
) -> str:
    """Run a Python program and return what it says; ToolchainError if it fails."""
    done = subprocess.run(
        [str(python), *command],
        env=environ,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        output = (done.stderr + done.stdout).decode(errors="replace")
        said = redact(output)
        raise ToolchainError(toolchain, summarise(output), remedy(output), said)
    return done.stdout.decode(errors="replace")
