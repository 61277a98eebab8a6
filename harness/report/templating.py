"""What renders the report's templates, those of markdown and those of HTML."""

from __future__ import annotations

import jinja2

from harness.judgement.wording import count
from harness.report import phrases


def environment(
    package: str = "harness.report", *, html: bool = False
) -> jinja2.Environment:
    """Return what renders the templates of a package; in HTML, all text is escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        undefined=jinja2.StrictUndefined,
        autoescape=html,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["anchor"] = phrases.anchor
    made.filters["cell"] = phrases.table_cell
    made.filters["code"] = phrases.code
    made.filters["counted"] = count
    made.filters["sourced"] = phrases.sourced
    return made
