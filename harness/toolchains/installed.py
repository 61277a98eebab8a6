"""What is installed in an environment."""

from __future__ import annotations

import hashlib
from importlib.metadata import Distribution as Metadata
from importlib.metadata import distributions
from pathlib import Path

from harness.model.toolchain import Distribution

# Written by the installer, and about the installation and not the package.
_NOTES = ("/RECORD,", "/INSTALLER,", "/REQUESTED,", "/direct_url.json,")


def installed(root: Path) -> tuple[Distribution, ...]:
    """Return the packages in an environment, sorted by name."""
    places = [str(place) for place in root.glob("lib/python*/site-packages")]
    return tuple(sorted(_describe(found) for found in distributions(path=places)))


def _describe(found: Metadata) -> Distribution:
    record = found.read_text("RECORD")
    content = "\n".join(_own(record)) if record else str(found.metadata)
    digest = hashlib.sha256(content.encode()).hexdigest()
    # Formatted, for metadata that somebody damaged have no name.
    return Distribution(f"{found.metadata['Name']}", f"{found.version}", digest)


def _own(record: str) -> list[str]:
    """Return the lines of a RECORD that do not depend on where it is installed.

    Console scripts, the only files outside, name the path of the environment.
    """
    return sorted(
        line
        for line in record.splitlines()
        if not line.startswith("../") and not any(note in line for note in _NOTES)
    )
