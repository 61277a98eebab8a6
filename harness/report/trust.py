"""How much of the time was the tools', and how much the harness's own."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.evidence import Evidence


class Shares(msgspec.Struct, frozen=True):
    """Seconds over all cells; the parts are also given in per cent of the whole."""

    seconds: float
    tools: float
    git: float

    @property
    def harness(self) -> float:
        """What was spent neither in a tool nor in git."""
        return max(self.seconds - self.tools - self.git, 0.0)

    def per_cent(self, part: float) -> int:
        """Return a part in whole per cent."""
        return round(100 * part / self.seconds) if self.seconds else 0


def shares(evidence: Iterable[Evidence]) -> Shares:
    """Add up where the time of the cells went."""
    evidence = tuple(evidence)
    observations = [o for one in evidence for o in one.observations]
    return Shares(
        seconds=sum(one.seconds for one in evidence),
        tools=sum(o.tool_seconds for o in observations),
        git=sum(o.git_seconds for o in observations),
    )
