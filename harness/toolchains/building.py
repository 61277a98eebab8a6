"""Builds the environment of a toolchain once, and finds it again afterwards.

An environment is valid when the stamp beside it, written last, names it. Every attempt
to build has a directory of its own, so that whatever an attempt that was killed leaves
behind, be it a process of uv that still writes, cannot reach a valid environment.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import platformdirs
from filelock import FileLock, Timeout

from harness.model.toolchain import Building, Environment, Toolchain
from harness.toolchains import interpreters, old_python, stamp
from harness.toolchains.failure import ToolchainError
from harness.toolchains.installed import installed
from harness.toolchains.installer import limits, reproducible, run_uv
from harness.toolchains.interpreter import Interpreter, probe

CACHE_VARIABLE = "MIGRATION_COMPARE_CACHE"
RECIPE = 1
"""Raised when environments are built in another way, so that old ones are left."""

_PIN = re.compile(r"^[\w.-]+==", re.MULTILINE)


class _Order(msgspec.Struct, frozen=True):
    """Everything that a build depends on."""

    toolchain: Toolchain
    lock: bytes
    interpreter: Interpreter
    directory: Path
    key: str


def build(
    toolchain: Toolchain,
    cache: Path | None = None,
    log: Callable[[str], None] | None = None,
    *,
    interpreter: Path | None = None,
) -> Environment:
    """Return the toolchain's environment, building it where there is no valid one.

    The cache is, in this order, `cache`, the directory that MIGRATION_COMPARE_CACHE
    names, or the user's cache directory. The interpreter is the one that is named
    here, the newest of the version that the toolchain asks for, or the running one.
    Raises ToolchainError.
    """
    place = cache or default_cache()
    order = _order(toolchain, place.absolute(), interpreter)
    with _trouble_with(toolchain, place):
        found = stamp.read(order.directory, order.key)
        return found or _build_alone(order, log or _quiet)


def _quiet(_line: str) -> None:
    """Tell nobody."""


def default_cache() -> Path:
    """Return the directory that environments and what they were made of are kept in."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("migration-compare")


def _order(toolchain: Toolchain, cache: Path, executable: Path | None) -> _Order:
    lock = _read_lock(toolchain)
    interpreter = _probe(toolchain, executable)
    built_with = () if toolchain.building is None else (toolchain.building,)
    identity = (RECIPE, toolchain.name, _sha256(lock), interpreter, *built_with)
    key = _sha256(msgspec.json.encode(identity))
    directory = cache / "toolchains" / f"{toolchain.name}-{key[:16]}"
    return _Order(toolchain, lock, interpreter, directory, key)


def _read_lock(toolchain: Toolchain) -> bytes:
    try:
        return Path(toolchain.lock).read_bytes()
    except OSError as error:
        problem = f"its lock {toolchain.lock} cannot be read: {error.strerror}"
        advice = "resolve it with `python -m harness.toolchains.lock`"
        raise ToolchainError(toolchain.name, problem, advice) from error


def _probe(toolchain: Toolchain, executable: Path | None) -> Interpreter:
    if executable is None and toolchain.interpreter:
        executable = _find(toolchain)
    try:
        interpreter = probe(executable)
    except (OSError, subprocess.SubprocessError) as error:
        problem = f"{executable} is not an interpreter that can be used"
        advice = "use another Python interpreter"
        raise ToolchainError(toolchain.name, problem, advice) from error
    if interpreter.is_older_than(toolchain.python):
        problem = f"Python {interpreter.version} is too old for its lock"
        advice = f"use Python {toolchain.python} or newer"
        raise ToolchainError(toolchain.name, problem, advice)
    return interpreter


def _find(toolchain: Toolchain) -> Path:
    found = interpreters.find(toolchain.interpreter)
    if found is None:
        problem, advice = interpreters.not_found(toolchain.interpreter)
        raise ToolchainError(toolchain.name, problem, advice)
    return found


def _build_alone(order: _Order, log: Callable[[str], None]) -> Environment:
    with _held(order, log):
        found = stamp.read(order.directory, order.key)
        return found or _build(order, log)


def _build(order: _Order, log: Callable[[str], None]) -> Environment:
    name = order.toolchain.name
    log(f"building toolchain {name} ({_count(order.lock)})")
    _clear(order.directory)
    root = Path(tempfile.mkdtemp(prefix="venv-", dir=order.directory))
    try:
        _install(order, root, log)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    environment = Environment(
        toolchain=name,
        key=order.key,
        root=str(root),
        python=str(root / "bin" / "python"),
        python_version=order.interpreter.version,
        distributions=installed(root),
        lock_sha256=_sha256(order.lock),
    )
    stamp.write(order.directory, environment)
    return environment


def _clear(directory: Path) -> None:
    """Remove what is left of other attempts; the stamp first, for it vouches."""
    directory.mkdir(parents=True, exist_ok=True)
    stamp.remove(directory)
    for leftover in directory.iterdir():
        shutil.rmtree(leftover, ignore_errors=True)


def _install(order: _Order, root: Path, log: Callable[[str], None]) -> None:
    """Make and fill an environment, by the lock as it was when the key was made."""
    if not old_python.is_too_old_for_uv(order.interpreter):
        _install_with_uv(order, root)
        return
    name, cache = order.toolchain.name, order.directory.parent.parent
    helper = build(old_python.HELPER, cache, log)
    old_python.make(name, Path(helper.python), order.interpreter.executable, root)
    old_python.fill(name, root, order.lock.decode())


def _install_with_uv(order: _Order, root: Path) -> None:
    name = order.toolchain.name
    settings = reproducible(name, os.environ)
    with tempfile.TemporaryDirectory() as directory:
        lock = Path(directory) / "lock.txt"
        lock.write_bytes(order.lock)
        executable = order.interpreter.executable
        venv = ("venv", "--no-project", "--python", executable, str(root))
        run_uv(name, venv, settings)
        built_with = _built_with(order.toolchain.building, lock)
        options = (*built_with, *settings.options)
        run_uv(name, _install_command(root, lock, options), settings)


def _install_command(
    root: Path, lock: Path, options: tuple[str, ...]
) -> tuple[str, ...]:
    return (
        *("pip", "install", "--python", str(root / "bin" / "python")),
        *("--require-hashes", "--requirements", str(lock)),
        # An environment shares no file with uv's cache or with another environment.
        *("--compile-bytecode", "--link-mode", "copy"),
        *options,
    )


def _built_with(building: Building | None, lock: Path) -> tuple[str, ...]:
    """Return the options that say what source distributions are built with."""
    if building is None:  # The same lock pins that.
        return ("--require-build-hashes", "--build-constraints", str(lock))
    constraints = lock.with_name("constraints.txt")
    constraints.write_text("\n".join(building.constraints), encoding="utf-8")
    return ("--build-constraints", str(constraints), *limits(building))


@contextmanager
def _held(order: _Order, log: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a directory, and say so if that means waiting."""
    order.directory.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(order.directory.with_name(f"{order.directory.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log(f"waiting for toolchain {order.toolchain.name}, which is being built")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _trouble_with(toolchain: Toolchain, cache: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"the cache directory {cache} cannot be used: {error}"
        advice = f"make room there, or name another directory in {CACHE_VARIABLE}"
        raise ToolchainError(toolchain.name, problem, advice) from error


def _count(lock: bytes) -> str:
    pins = len(_PIN.findall(lock.decode(errors="replace")))
    return "1 package" if pins == 1 else f"{pins} packages"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
