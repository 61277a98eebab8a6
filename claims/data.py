"""C14: what a migration costs on real data."""

from __future__ import annotations

from harness.claims import Claim

C14 = Claim(
    id="C14",
    sentence="How long a migration takes on a real deployment cannot be told by reading "
    "it; it depends on the shape of the data.",
    why="A window for maintenance is planned from something, and reading is cheapest.",
    missing="no scenario times one migration on sets of data that are equal in size and "
    "differ in shape",
)
