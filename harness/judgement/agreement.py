"""Whether databases are as the oracle says, from what was seen of both."""

from __future__ import annotations

from harness.judgement.difference import compare
from harness.model.evidence import Evidence
from harness.model.steps import Expect
from harness.model.verdict import Agreement


def agreements(evidence: Evidence) -> tuple[Agreement, ...]:
    """Return one agreement for every `Expect` step that was carried out."""
    return tuple(
        Agreement(
            step=number,
            database=observation.step.database,
            after=observation.step.after,
            differences=tuple(
                difference.sentence
                for difference in compare(observation.expected, observation.after)
            ),
        )
        for number, observation in enumerate(evidence.observations)
        if isinstance(observation.step, Expect)
        and observation.expected is not None
        and observation.after is not None
    )
