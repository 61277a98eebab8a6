"""`summary.md`: the run on half a page, for a comment on a pull request."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import jinja2
import msgspec

from harness.model.scenario import Family
from harness.model.verdict import Finding, Grade
from harness.report import phrases
from harness.report.columns import family
from harness.report.sources import Sources
from harness.report.templating import environment

LIMIT = 65_000
"""Characters; GitHub refuses a comment of more than 65,536."""

_LONGEST = 300
_MOST = 12


class Count(msgspec.Struct, frozen=True):
    """How many cells of a candidate came out how, in the order of the headings."""

    candidate: str
    numbers: tuple[int, ...]


def summary(sources: Sources) -> str:
    """Return the summary: counts, what went wrong in silence, what was not shown."""
    report = sources.report
    text = _template().render(
        run=report.run,
        report=report,
        grades=[f"{phrases.MARKS[grade]} {_WORDS[grade]}" for grade in Grade],
        counts=tuple(_counts(sources.findings)),
        families=tuple(_families(sources.findings)),
        most=_MOST,
    )
    return text if len(text) <= LIMIT else _cut(text)


def _cut(text: str) -> str:
    """Return as many whole lines as are allowed; that so much is said is not foreseen."""
    more = "\nThe rest is in `comparison.md`.\n"
    return text[: text.rfind("\n", 0, LIMIT - len(more)) + 1] + more


_WORDS = {
    Grade.GOOD: "good",
    Grade.MIXED: "mixed",
    Grade.BAD: "bad",
    Grade.UNSUPPORTED: "cannot be expressed",
    Grade.UNKNOWN: "not established",
}


def _counts(findings: Iterable[Finding]) -> Iterator[Count]:
    grades: dict[str, Counter[Grade]] = {}
    for finding in findings:
        own = grades.setdefault(finding.cell.candidate, Counter())
        own[finding.grade] += 1
    for candidate, counted in grades.items():
        yield Count(candidate, tuple(counted[grade] for grade in Grade))


def _families(findings: tuple[Finding, ...]) -> Iterator[str]:
    for name in Family:
        cells = sum(family(finding.cell) == name for finding in findings)
        if cells:
            yield f"{name} {cells}"


def brief(text: str) -> str:
    """Return text on one line, not too long for a list, and as GitHub shows it.

    Nothing in it becomes markup, mentions somebody or links to an issue.
    """
    return _MARKUP.sub(lambda found: _HARMLESS[found.group()], short(text))


def short(text: str) -> str:
    """Return text on one line, and not too long for a list."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


_HARMLESS = {
    "<": "&lt;",
    "&": "&amp;",
    "@": "@<!-- -->",
    "#": "#<!-- -->",
    **{mark: f"\\{mark}" for mark in "\\`*_[]|~"},
}
_MARKUP = re.compile("|".join(map(re.escape, _HARMLESS)))


@functools.cache
def _template() -> jinja2.Template:
    made = environment("harness.report.outputs")
    made.filters["brief"] = brief
    made.filters["short"] = short
    return made.get_template("summary.md.j2")
