"""Numbers and costs in words, the same in verdicts and in the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from harness.model.evidence import Sample
from harness.model.step import StepBase
from harness.model.steps import Resource
from harness.model.verdict import Cost


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(items: Iterable[str], nothing: str = "nothing") -> str:
    """Return items as `a, b and c`."""
    items = list(items)
    if not items:
        return nothing
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} and {items[-1]}"


def percent(ratio: float) -> str:
    """Return how far a ratio is from 1, such as `4.2 %`."""
    distance = abs(ratio - 1) * 100
    return f"{distance:.1f} %" if distance < 10 else f"{distance:.0f} %"  # noqa: PLR2004


def sampled(sample: Sample) -> str:
    """Return a sample in a line."""
    return (
        f"block {sample.block}, turn {sample.place}, twin {sample.twin}: "
        f"{sample.seconds:.3f} s, {sample.cpu_seconds:.3f} s on a processor"
    )


def costs_in_words(costs: Iterable[Cost]) -> str:
    """Return what mending several branches took, those alike counted together."""
    alike = Counter(cost_in_words(cost) for cost in costs)
    if len(alike) == 1:
        (words,) = alike
        return f"each: {words}"
    return "; ".join(f"{number} of them: {words}" for words, number in alike.items())


def cost_in_words(cost: Cost) -> str:
    """Return what mending a branch took, such as `1 file renamed, +0 −0 lines`."""
    if cost.nothing:
        return "nothing"
    parts = [
        count(number, f"file {what}", f"files {what}")
        for number, what in (
            (cost.edited, "edited"),
            (cost.renamed, "renamed"),
            (cost.added, "added"),
            (cost.deleted, "deleted"),
        )
        if number
    ]
    parts.append(f"+{cost.lines_added} −{cost.lines_deleted} lines")
    if cost.commands:
        parts.append(count(cost.commands, "command"))
    return ", ".join(parts)


def in_words(step: StepBase) -> str:
    """Return what a step is, such as `run sql`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(step).__name__).lower()


def named(resource: str) -> str:
    """Return something that may be missing as it is spoken of."""
    if resource == Resource.CONFIGURATION:
        return "the application's configuration"
    return resource if resource.startswith("the ") else f"the {resource}"
