"""`comparison.json`: everything that the report says, and what it rests on."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.journal.files import schema
from harness.model.verdict import Finding
from harness.report.sources import Sources
from harness.report.values import Report

FORMAT = 1


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The values of the report, and the finding of each cell in the plan's order."""

    format: int = FORMAT
    report: Report
    findings: tuple[Finding, ...]


def comparison(sources: Sources) -> str:
    """Return the report as JSON."""
    record = Comparison(report=sources.report, findings=sources.findings)
    return msgspec.json.format(msgspec.json.encode(record), indent=1).decode() + "\n"


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of `comparison.json`."""
    return schema(Comparison, "report", FORMAT)
