"""From requirements to an environment, or to the reason why there is none.

Both are kept in the cache: the environment by its lock and interpreter, and what was
resolved, or could not be, by what was asked for on one day. What failed because of the
network or the disk is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from harness import toolchains
from harness.model.compatibility import Phase
from harness.model.toolchain import Building, Environment, Toolchain
from harness.toolchains.building import default_cache
from harness.toolchains.interpreter import Interpreter
from harness.toolchains.resolving import resolve
from harness.toolchains.telling import says_nothing_of_packages, telling_line

_LONGEST_OUTPUT = 16 * 1024


class Order(msgspec.Struct, frozen=True):
    """What is to be installed, and on what."""

    name: str
    requirements: tuple[str, ...]
    building: Building
    interpreter: Interpreter


class Refusal(msgspec.Struct, frozen=True):
    """Why there is no environment; not `certain` if the network or the disk failed."""

    phase: Phase
    words: str
    output: str
    certain: bool


class _Resolved(msgspec.Struct, frozen=True):
    """What the cache keeps of resolving or building: a lock, or a refusal."""

    lock: str = ""
    refusal: Refusal | None = None


def establish(order: Order) -> Environment | Refusal:
    """Return the environment of an order, made if need be, or why there is none."""
    resolved = _remembered(_asked(order), lambda: _resolve(order))
    if resolved.refusal is not None:
        return resolved.refusal
    lock = _kept(resolved.lock)
    built: list[Environment] = []

    def build() -> _Resolved:
        answer = _build(order, lock)
        if isinstance(answer, Environment):
            built.append(answer)
            return _Resolved(resolved.lock)
        return _Resolved(refusal=answer)

    key = (resolved.lock, order.building, order.interpreter)
    remembered = _remembered(key, build)
    if remembered.refusal is not None:
        return remembered.refusal
    return built[0] if built else _environment(order, lock)


def _asked(order: Order) -> object:
    """Return what a resolution depends on: without a limit, on the day as well."""
    day = order.building.until or datetime.now(UTC).date().isoformat()
    return order, day


def _resolve(order: Order) -> _Resolved:
    try:
        lock = resolve(
            order.name, order.requirements, order.building, order.interpreter
        )
    except toolchains.ToolchainError as error:
        return _Resolved(refusal=_refusal(Phase.RESOLVE, error))
    return _Resolved(lock)


def _build(order: Order, lock: Path) -> Environment | Refusal:
    try:
        return _environment(order, lock)
    except toolchains.ToolchainError as error:
        return _refusal(Phase.INSTALL, error)


def _environment(order: Order, lock: Path) -> Environment:
    toolchain = Toolchain(
        name=order.name,
        lock=str(lock),
        summary="a release in the surroundings of the matrix",
        python=order.interpreter.version,
        building=order.building,
    )
    executable = Path(order.interpreter.executable)
    return toolchains.build(toolchain, interpreter=executable)


def _refusal(phase: Phase, error: toolchains.ToolchainError) -> Refusal:
    said = error.output or error.problem
    return Refusal(
        phase=phase,
        words=telling_line(said),
        output=said[:_LONGEST_OUTPUT],
        certain=not says_nothing_of_packages(said),
    )


def _remembered(key: object, work: Callable[[], _Resolved]) -> _Resolved:
    """Return what the cache has for a key, or do the work and keep what is certain."""
    digest = hashlib.sha256(msgspec.json.encode(key)).hexdigest()
    path = _directory() / f"{digest[:32]}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Resolved)
    except (FileNotFoundError, msgspec.DecodeError):
        answer = work()
    if answer.refusal is None or answer.refusal.certain:
        _write(path, msgspec.json.encode(answer))
    return answer


def _kept(lock: str) -> Path:
    """Return a file that holds a lock."""
    path = _directory() / f"{hashlib.sha256(lock.encode()).hexdigest()[:32]}.txt"
    if not path.exists():
        _write(path, lock.encode())
    return path


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{datetime.now(UTC).timestamp()}")
    draft.write_bytes(content)
    draft.replace(path)


def _directory() -> Path:
    directory = default_cache() / "compatibility"
    directory.mkdir(parents=True, exist_ok=True)
    return directory
