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
    """Return the report as JSON: its values on one line, then a finding a line."""
    encode = msgspec.json.encode
    head = encode(Comparison(report=sources.report, findings=()))
    findings = b",\n".join(map(encode, sources.findings))
    return head.removesuffix(b"]}").decode() + f"\n{findings.decode()}\n]}}\n"


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of `comparison.json`."""
    return schema(Comparison, "report", FORMAT)
