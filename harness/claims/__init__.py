"""Claims: sentences that people argue about, each answered by a function of findings."""

from harness.claims.answering import (
    Claimed,
    ClaimError,
    EraAnswer,
    Said,
    Stored,
    answered,
)
from harness.claims.claim import (
    Answer,
    Claim,
    Era,
    Matrix,
    Need,
    View,
    Weighed,
    not_shown,
)

__all__ = [
    "Answer",
    "Claim",
    "ClaimError",
    "Claimed",
    "Era",
    "EraAnswer",
    "Matrix",
    "Need",
    "Said",
    "Stored",
    "View",
    "Weighed",
    "answered",
    "not_shown",
]
