"""What costs what: from what a probe recorded in a process, to phases and counts."""

from harness.anatomy.kinds import kind_of, kinds
from harness.anatomy.recording import Recorded, RecordingError, dissected, recorded

__all__ = ["Recorded", "RecordingError", "dissected", "kind_of", "kinds", "recorded"]
