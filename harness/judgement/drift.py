"""Which differences between models and a database a comparison finds."""

from __future__ import annotations

from harness.judgement.noticing import watched
from harness.model.evidence import Evidence, OutcomeKind
from harness.model.steps import CompareModels, Propose, Watch
from harness.model.verdict import Grade, Watched

_NO_DIFFERENCE = "nothing is wrong"


def is_about_drift(evidence: Evidence) -> bool:
    """Tell whether a story plants differences and has the tool compare."""
    kinds = {type(observation.step) for observation in evidence.observations}
    return {Watch, CompareModels} <= kinds


def drift(evidence: Evidence) -> tuple[Grade, str, tuple[str, ...]]:
    """Count the planted differences that were told; a false alarm is worst.

    A comparison that could not be made is neither found nor missed.
    """
    sections = watched(evidence)
    clean = [s for s in sections if s.fault.startswith(_NO_DIFFERENCE)]
    planted = [s for s in sections if s not in clean]
    found = [s for s in planted if s.first is not None]
    said = tuple(map(_sentence, sections))
    broken = [s for s in sections if s.first and s.first.kind is OutcomeKind.CRASHED]
    if broken:
        return Grade.UNKNOWN, "a comparison could not be made", said
    headline = f"finds {len(found)} of {len(planted)}"
    if any(s.first is not None for s in clean):
        return Grade.BAD, f"{headline}, and one where there is none", said
    return (Grade.GOOD if len(found) == len(planted) else Grade.MIXED), headline, said


def proposals(evidence: Evidence) -> tuple[str, ...]:
    """Return the operations that the tool proposed, in order."""
    return tuple(
        operation
        for observation in evidence.observations
        if isinstance(observation.step, Propose)
        for operation in observation.answer or ()
    )


def proposed(evidence: Evidence) -> tuple[Grade, str, tuple[str, ...]]:
    """Judge what the tool proposed for tables that the models do not speak of."""
    found = proposals(evidence)
    drops = tuple(operation for operation in found if operation.startswith("drop"))
    if drops:
        return Grade.BAD, f"proposes to {', '.join(drops)}", found
    said = ", ".join(found) or "nothing"
    return Grade.GOOD, f"proposes {said}", found


def _sentence(section: Watched) -> str:
    if section.first is None:
        return f"not found: {section.fault}"
    return f"found: {section.fault} ({section.first.words})"
