"""What an adapter implements, what it is given, and what it must never do.

Three things make an adapter: an `Adapter` (what there is: candidates, toolchains),
a `History` (how the tool's users do each step in one repository), and the rule
that reads the tool's words, `History.classify`. See `docs/adapters.md`.
"""

from harness.contract.adapter import Adapter, Launching, Reading
from harness.contract.anatomy import MAIN, Mark, marked
from harness.contract.carrying import Leaving, Settled, Taking
from harness.contract.history import Authoring, Database, History, Invocation, Losing
from harness.contract.irregular import renamed
from harness.contract.pieces import (
    ACTIVE_PLUGINS,
    MEETING_PLACE,
    condition_source,
    meeting_source,
    without_parameters,
)
from harness.contract.playing import Playing
from harness.contract.reading import Identity, Reader, TestingHabit
from harness.contract.session import NotCarriedOut, Session, Unsupported
from harness.contract.trial import Trial

__all__ = [
    "ACTIVE_PLUGINS",
    "MAIN",
    "MEETING_PLACE",
    "Adapter",
    "Authoring",
    "Database",
    "History",
    "Identity",
    "Invocation",
    "Launching",
    "Leaving",
    "Losing",
    "Mark",
    "NotCarriedOut",
    "Playing",
    "Reader",
    "Reading",
    "Session",
    "Settled",
    "Taking",
    "TestingHabit",
    "Trial",
    "Unsupported",
    "condition_source",
    "marked",
    "meeting_source",
    "renamed",
    "without_parameters",
]
