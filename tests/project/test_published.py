"""The edition that is committed: whole, and derived again to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.report.edition import check

EDITION = Path(__file__).parents[2] / "reports" / "published"


@pytest.mark.skipif(not (EDITION / "run.json").exists(), reason="none is published")
def test_the_published_edition_is_whole() -> None:
    """If the report's wording has changed: `migration-compare publish`, and look at it."""
    assert check(EDITION) == ()
