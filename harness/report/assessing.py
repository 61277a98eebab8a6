"""An assessment as markdown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.assessment.values import (
    Assessment,
    Assessments,
    Finding,
    Severity,
    printable,
)
from harness.report.document import environment

_SHOWN = 12


def assessment_text(found: Assessments) -> str:
    """Return what was found out about all repositories at a path."""
    values = msgspec.structs.asdict(found)
    template = environment()
    template.filters["some"] = some
    template.filters["sentence"] = _sentence
    template.globals["of_severity"] = _of_severity
    template.globals["severities"] = list(Severity)
    return printable(template.get_template("assessment.md.j2").render(values))


def some(names: Iterable[object]) -> str:
    """Return the first of many names, and how many more there are."""
    words = [str(name) for name in names]
    more = len(words) - _SHOWN
    listed = ", ".join(words[:_SHOWN])
    return f"{listed} and {more} more" if more > 0 else listed or "none"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _of_severity(assessment: Assessment, severity: Severity) -> list[Finding]:
    return [one for one in assessment.findings if one.severity is severity]
