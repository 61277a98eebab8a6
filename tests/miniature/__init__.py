"""A third, tiny tool and its adapter: proof that the engine knows no tool by name.

Its toolchain is an empty environment; the tool itself is one file, kept in the
repository of whoever uses it.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from harness.contract import Adapter, History, Launching, Reading, Session
from harness.model.cell import Absence, Candidate
from harness.model.toolchain import Toolchain

from .history import MiniatureHistory

HERE = Path(__file__).parent


class Miniature(Adapter):
    """Numbered JSON files with SQL in them, run in order."""

    tool = "miniature"
    distribution = "miniature"
    candidates = (Candidate("miniature", "miniature", "numbered files of plain SQL"),)
    toolchains: ClassVar[dict[str, Toolchain | Absence]] = {
        "bare": Toolchain(
            "bare", str(HERE / "bare.txt"), "an interpreter, no packages"
        ),
        "future": Absence("miniature on future", "it has not been written", "wait"),
    }
    readings = (Reading("its size", "it is as small as it can be"),)

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Start with nothing but what the interpreter brings."""
        return Launching(imports=("sqlite3", "json"))

    def open(self, session: Session) -> History:
        """Return the one kind of history there is."""
        return MiniatureHistory(session)


ADAPTER = Miniature()
