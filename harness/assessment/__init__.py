"""What can be said of a history that lies on disk, without running it."""

from harness.assessment.assessing import assess
from harness.assessment.looking import NothingFoundError, look
from harness.assessment.values import (
    Assessment,
    Assessments,
    Severity,
    assess_json,
    severity_of,
)

__all__ = [
    "Assessment",
    "Assessments",
    "NothingFoundError",
    "Severity",
    "assess",
    "assess_json",
    "look",
    "severity_of",
]
