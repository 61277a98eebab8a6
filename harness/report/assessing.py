"""An assessment as markdown and as a page, both from the same values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from harness.assessment.values import (
    Assessment,
    Assessments,
    Finding,
    Severity,
    printable,
)
from harness.model.history import Revision
from harness.report.assessed import sections, shape_rows, some
from harness.report.page.file import html
from harness.report.page.lanes import Graph, graph
from harness.report.templating import environment

_STYLES = ("colours.css", "page.css", "pictures.css", "papers.css")
_SCRIPTS = ("elements", "sorting")
_OFTEN = 4
"""A finding on more revisions than this is told of the history, not of each."""


def assessment_text(found: Assessments) -> str:
    """Return what was found out about all repositories at a path, as markdown."""
    template = environment()
    template.filters["some"] = some
    template.filters["sentence"] = _sentence
    text = template.get_template("assessment.md.j2").render(_values(found))
    return printable(text)


def assessment_page(found: Assessments) -> str:
    """Return the same as one HTML file, with the history as a graph."""
    values = {
        **_values(found),
        "graph_of": _graph,
        "by_id": _by_id,
        "findings_of": _findings,
        "kind_of": _kind,
        "does": _does,
    }
    return printable(html("assessment.html.j2", values, _STYLES, _SCRIPTS))


def _values(found: Assessments) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(found),
        "read_how": (
            f"Read as text by migration-compare {found.version}: nothing was imported or "
            "run, no database was opened. What an operation does is told as far as "
            "reading tells; a loop, a helper of the application or SQL that is put "
            "together may do more."
        ),
        "of_severity": _of_severity,
        "severities": list(Severity),
        "shape_rows": shape_rows,
        "sections": sections,
    }


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _of_severity(assessment: Assessment, severity: Severity) -> list[Finding]:
    return [one for one in assessment.findings if one.severity is severity]


def _by_id(one: Assessment) -> dict[str, Revision]:
    """Return the revisions by id, the first of each."""
    return {r.id: r for r in reversed(one.revisions)}


def _graph(one: Assessment) -> Graph:
    return graph({r.id: r.parents for r in one.revisions})


def _findings(one: Assessment) -> dict[str, list[str]]:
    """Return the kinds of findings of each revision, but not what holds for many."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for finding in one.findings:
        if len(finding.revisions) <= _OFTEN or finding.severity is not Severity.NOTE:
            for name in finding.revisions:
                found[name][finding.kind.value] = None
    return {name: list(kinds) for name, kinds in found.items()}


def _kind(revision: Revision, found: Mapping[str, list[str]]) -> str:
    """Return how a revision is drawn: as lost, or as a merge, or as any."""
    if revision.unread or set(found.get(revision.id, ())) & _BROKEN:
        return "lost"
    return "end" if len(revision.parents) > 1 else ""


_BROKEN = {
    "duplicate-id",
    "missing-parent",
    "missing-dependency",
    "cycle",
    "gap",
    "bad-id",
}


def _does(revision: Revision) -> str:
    """Return what an upgrade does, by kind."""
    if revision.unread:
        return "not read"
    acts = Counter(act.kind.value for act in revision.upgrade.acts)
    told = (kind if times == 1 else f"{kind} ×{times}" for kind, times in acts.items())
    return ", ".join(told) or "nothing that reading tells"
