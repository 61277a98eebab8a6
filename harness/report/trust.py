"""What limits a run, and how much of its time was the tools' and the harness's own."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.evidence import Evidence
from harness.model.run import Run


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


def limitations(run: Run, spent: Shares) -> tuple[str, ...]:
    """Return what a reader has to bear in mind, a sentence each or two."""
    ran = (
        "as fresh processes"
        if run.mode == "cold"
        else "in forked copies of a process that had imported the tool; timed ones as "
        "fresh processes"
    )
    return (
        "One machine, small schemas and few rows. A story shows what happens in it, and "
        "not how often it happens to a team.",
        "A patch is mended by the adapter's recipe, which is one way of mending it and "
        "not always the cheapest. What a person thinks, looks up or discusses is not "
        "counted.",
        "A count over stories weighs all stories alike, and they were chosen by people. A "
        "story that a candidate cannot express counts neither way, which spares the "
        "candidate that can express less.",
        "The expected schema and rows come from neither tool: the scenario's operations "
        "are applied to a neutral model, which plain SQLAlchemy creates in a fresh "
        "database.",
        f"Commands ran {ran}.",
        f"Of {spent.seconds:.0f} s in cells, {spent.per_cent(spent.tools)} % were spent "
        f"inside the tools, {spent.per_cent(spent.git)} % in git and "
        f"{spent.per_cent(spent.harness)} % in the harness itself.",
    )


def shares(evidence: Iterable[Evidence]) -> Shares:
    """Add up where the time of the cells went."""
    evidence = tuple(evidence)
    observations = [o for one in evidence for o in one.observations]
    return Shares(
        seconds=sum(one.seconds for one in evidence),
        tools=sum(o.tool_seconds for o in observations),
        git=sum(o.git_seconds for o in observations),
    )
