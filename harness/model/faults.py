"""What may be wrong with a history, by the names that people give on a command line."""

from __future__ import annotations

from enum import StrEnum


class FaultKind(StrEnum):
    """A kind of finding about a history."""

    SETTINGS = "settings"
    NO_SCRIPTS = "no-scripts"
    UNREADABLE = "unreadable"
    BAD_NAME = "bad-name"
    NO_ID = "no-id"
    COMPUTED_ID = "computed-id"
    BAD_ID = "bad-id"
    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_LABEL = "duplicate-label"
    MISSING_PARENT = "missing-parent"
    MISSING_DEPENDENCY = "missing-dependency"
    GAP = "gap"
    CYCLE = "cycle"
    SEVERAL_HEADS = "several-heads"
    SILENT_LOSER = "silent-loser"
    SHADOWED = "shadowed-script"
    SEVERAL_BASES = "several-bases"
    LATE_START = "late-start"
    STALE_HEADING = "stale-heading"
    OLDER_THAN_PARENT = "older-than-parent"
    REDUNDANT_PARENT = "redundant-parent"
    MERGE_WITH_CHANGES = "merge-with-changes"
    TYPED_ID = "typed-id"
    CLOSE_IDS = "close-ids"
    DOES_NOTHING = "does-nothing"
    DOWNGRADE_MISSING = "downgrade-missing"
    DOWNGRADE_EMPTY = "downgrade-empty"
    DOWNGRADE_RAISES = "downgrade-raises"
    DOWNGRADE_INCOMPLETE = "downgrade-incomplete"
    NOT_OFFLINE = "not-offline"
    LOCKS = "locks"
    NO_TEST = "no-test"
