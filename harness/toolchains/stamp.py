"""The stamp: the record of an environment that was built to the end."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.model.toolchain import Environment
from harness.toolchains.installed import installed

_NAME = "environment.json"


def read(directory: Path, key: str) -> Environment | None:
    """Return the environment that a directory's stamp vouches for, if it is valid."""
    try:
        content = (directory / _NAME).read_bytes()
        environment = msgspec.json.decode(content, type=Environment)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    if not _is_valid(environment, directory, key):
        return None
    return msgspec.structs.replace(environment, reused=True)


def write(directory: Path, environment: Environment) -> None:
    """Vouch for an environment; the stamp is there wholly or not at all."""
    draft = directory / f"{_NAME}.new"
    draft.write_bytes(msgspec.json.encode(environment))
    draft.replace(directory / _NAME)


def remove(directory: Path) -> None:
    """No longer vouch for an environment."""
    (directory / _NAME).unlink(missing_ok=True)


def _is_valid(environment: Environment, directory: Path, key: str) -> bool:
    """Say whether a stamp is true; scripts name their path, so none may have moved."""
    root = Path(environment.root)
    return (
        environment.key == key
        and root.parent == directory
        and Path(environment.python).exists()
        and installed(root) == environment.distributions
    )
