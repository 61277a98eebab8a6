"""`junit.xml`: each cell a test case, so that any CI shows the comparison."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from harness.model.evidence import Evidence
from harness.model.verdict import Finding, Grade
from harness.report.columns import Column, column
from harness.report.sources import Sources

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {
    Grade.BAD: "failure",
    Grade.UNKNOWN: "error",
    Grade.UNSUPPORTED: "skipped",
}


def junit(sources: Sources) -> str:
    """Return the cells as test cases, a suite for each candidate in its place.

    A tool's bad outcome is a failure; what is not established is an error, and what the
    candidate cannot express is skipped, each with its reasons.
    """
    suites: dict[Column, list[tuple[Evidence, Finding]]] = {}
    for pair in zip(sources.evidence, sources.findings, strict=True):
        suites.setdefault(column(pair[1].cell), []).append(pair)
    findings = sources.findings
    seconds = sum(one.seconds for one in sources.evidence)
    root = ET.Element("testsuites", _counted("migration-compare", findings, seconds))
    for place, pairs in suites.items():
        _suite(root, place, pairs, sources.report.run.started)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counted(name: str, findings: Iterable[Finding], seconds: float) -> dict[str, str]:
    grades = Counter(finding.grade for finding in findings)
    return {
        "name": name,
        "tests": str(grades.total()),
        "failures": str(grades[Grade.BAD]),
        "errors": str(grades[Grade.UNKNOWN]),
        "skipped": str(grades[Grade.UNSUPPORTED]),
        "time": f"{seconds:.3f}",
    }


def _suite(
    root: ET.Element, place: Column, pairs: list[tuple[Evidence, Finding]], started: str
) -> None:
    seconds = sum(evidence.seconds for evidence, _ in pairs)
    counted = _counted(place.title, (finding for _, finding in pairs), seconds)
    suite = ET.SubElement(root, "testsuite", {**counted, "timestamp": started})
    for evidence, finding in pairs:
        _case(suite, place, evidence, finding)


def _case(
    suite: ET.Element, place: Column, evidence: Evidence, finding: Finding
) -> None:
    family, name = finding.cell.scenario.split("/")
    where = (place.candidate, place.toolchain, place.backend, family)
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": ".".join(where),
            "name": name,
            "time": f"{evidence.seconds:.3f}",
        },
    )
    text = _text(finding)
    if finding.grade in _ELEMENTS:
        told = ET.SubElement(case, _ELEMENTS[finding.grade])
        told.set("message", _fit(_message(finding)))
        if finding.grade is not Grade.UNSUPPORTED:
            told.set("type", str(finding.grade))
        told.text = text
    else:
        ET.SubElement(case, "system-out").text = text


def _message(finding: Finding) -> str:
    unshown = finding.grade in {Grade.UNSUPPORTED, Grade.UNKNOWN}
    return "; ".join((finding.headline, *(finding.reasons[:1] if unshown else ())))


def _text(finding: Finding) -> str:
    cell = finding.cell.id
    lines = (
        f"{finding.grade}: {finding.headline}",
        *finding.reasons,
        f"see: migration-compare show {cell}",
        f"again: migration-compare reproduce {cell} --keep FOLDER",
    )
    return _fit("\n".join(lines))


def _fit(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
