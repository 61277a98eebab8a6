"""The report for programs: JSON, JUnit XML, a pull request's summary, a badge."""

from harness.report.outputs.badge import badge
from harness.report.outputs.comparison import comparison, comparison_schema
from harness.report.outputs.junit import junit
from harness.report.outputs.summary import summary

FORMS = {
    "comparison.json": comparison,
    "junit.xml": junit,
    "summary.md": summary,
    "badge.json": badge,
}
"""By the names of their files in a run's folder."""

__all__ = ["FORMS", "comparison_schema"]
