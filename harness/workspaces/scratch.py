"""Scratch space for cells: in memory where there is some, and never left behind.

A run holds a lock on its scratch directory. A run that was killed cannot tidy up
after itself, so the next one removes every directory whose lock nobody holds.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

PREFIX = "migration-compare-"
_MEMORY = Path("/dev/shm")  # noqa: S108
_ROOM = 512 * 1024 * 1024


def place() -> Path:
    """Return the directory under which scratch space is made."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())


def storage(directory: Path) -> str:
    """Return the kind of file system that a directory lies on, such as `tmpfs`."""
    mounts = psutil.disk_partitions(all=True)
    holding = [m for m in mounts if directory.is_relative_to(m.mountpoint)]
    if not holding:
        return "unknown"
    return max(holding, key=lambda mount: len(mount.mountpoint)).fstype


@contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """Make a scratch directory, and remove it at the end, whatever happens."""
    parent = place() if parent is None else parent
    sweep(parent)
    directory = parent / f"{PREFIX}{secrets.token_hex(6)}"
    try:
        # The lock first: a directory that nobody holds may be swept at any moment.
        with FileLock(_lock_path(directory)):
            directory.mkdir(mode=0o700)
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        _lock_path(directory).unlink(missing_ok=True)


def sweep(parent: Path) -> tuple[Path, ...]:
    """Remove what killed runs left under a directory; return what was removed."""
    return tuple(
        directory
        for directory in sorted(parent.glob(f"{PREFIX}*"))
        if directory.is_dir() and _remove_if_orphaned(directory)
    )


def _remove_if_orphaned(directory: Path) -> bool:
    lock = FileLock(_lock_path(directory), timeout=0)
    try:
        lock.acquire()
    except (Timeout, PermissionError):
        return False
    with lock:
        shutil.rmtree(directory, ignore_errors=True)
    lock.release()
    _lock_path(directory).unlink(missing_ok=True)
    return True


def _lock_path(directory: Path) -> Path:
    return directory.with_name(f"{directory.name}.lock")
