"""Whether what an exploration sees is known: it is counted, and the search goes on."""

from __future__ import annotations

import re

from harness.exploration.symptoms import Sighting
from harness.model.known import KnownDifference


def covers(known: KnownDifference, sighting: Sighting) -> bool:
    """Tell whether a sighting is of a known difference."""
    if not known.symptom:
        return False
    came_with = not known.operations or {*known.operations} & {*sighting.operations}
    return (
        bool(came_with)
        and re.search(known.symptom, written(sighting)) is not None
        and re.search(known.sentence, sighting.sentence) is not None
        and known.concerns(sighting.cell)
    )


def written(sighting: Sighting) -> str:
    """Return a symptom as reports and files write it: `up, differs: missing check`."""
    symptom = sighting.symptom
    return f"{symptom.going}, {symptom.kind}: {symptom.says}"
