"""A replay's directory: `replay.json`, `steps.jsonl` grown line by line, `state.json`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from harness.journal import files
from harness.model import replay
from harness.model.replay import PlayedStep, Replay
from harness.model.snapshot import Snapshot

TOLD = ("replay.md", "replay.html")
"""What is written of it for people."""


class ReplayJournal:
    """The stored evidence of one replay."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._record = directory / "replay.json"
        self._steps = directory / "steps.jsonl"
        self._state = directory / "state.json"

    @property
    def begun(self) -> bool:
        """Whether there is a replay in the directory."""
        return self._record.exists()

    def held(self) -> AbstractContextManager[None]:
        """Keep other runs out of the directory; `JournalError` if one is in it."""
        return files.held(self.directory)

    def begin(self, record: Replay) -> None:
        """Start an empty journal; what an earlier replay left here is replaced."""
        files.replace(self._steps, b"")
        for left in (self._state, *(self.directory / name for name in TOLD)):
            left.unlink(missing_ok=True)
        self.write(record)

    def write(self, record: Replay) -> None:
        """Write the record anew."""
        files.write_record(self._record, record)

    def append(self, step: PlayedStep) -> None:
        """Add a step; a kill loses none, and no time is spent on seeing it to the disk."""
        with files.writing(self._steps), self._steps.open("ab") as file:
            file.write(msgspec.json.encode(step) + b"\n")

    def keep(self, state: Snapshot) -> None:
        """Store what the database held in the end."""
        files.replace(self._state, msgspec.json.encode(state))

    def record(self) -> Replay:
        """Return `replay.json`; `JournalError` if it cannot be read."""
        found = files.decoded(self._record, files.bytes_of(self._record), Replay)
        files.check_format(self._record, found.format, replay.FORMAT)
        return found

    def steps(self) -> tuple[PlayedStep, ...]:
        """Return the steps that were played, in their order."""
        files.mend(self._steps)
        lines = files.bytes_of(self._steps).splitlines()
        return tuple(
            files.decoded(f"{self._steps}, line {number}", line, PlayedStep)
            for number, line in enumerate(lines, start=1)
        )

    def state(self) -> Snapshot | None:
        """Return what the database held in the end; None after an interruption."""
        if not self._state.exists():
            return None
        return files.decoded(self._state, files.bytes_of(self._state), Snapshot)


def replay_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `steps.jsonl`."""
    return files.schema(PlayedStep, "replay", replay.FORMAT)
