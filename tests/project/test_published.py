"""The edition that is committed: whole, and derived again to the byte."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from harness.report.edition import check

EDITION = Path(__file__).parents[2] / "reports" / "published"


@pytest.mark.skipif(not (EDITION / "run.json").exists(), reason="none is published")
def test_the_published_edition_is_whole() -> None:
    """If the report's wording has changed: `migration-compare publish`, and look at it."""
    assert check(EDITION) == ()


@pytest.mark.skipif(not (EDITION / "run.json").exists(), reason="none is published")
def test_the_page_of_five_thousand_cells_has_five_megabytes() -> None:
    """All stories are in it; what a cell takes is counted, not how long it is opened."""
    cells = msgspec.json.decode((EDITION / "run.json").read_bytes())["cells"]

    assert (EDITION / "comparison.html").stat().st_size <= 1_000 * len(cells)
