"""The report: written from stored evidence alone, the same bytes every time."""

from harness.report.document import render, write_forms, write_report
from harness.report.landing_page import write_queue
from harness.report.transcript import transcript

__all__ = ["render", "transcript", "write_forms", "write_queue", "write_report"]
