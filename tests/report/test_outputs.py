"""The report for programs: valid from the outside, and the same bytes anywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from harness.cli import main
from harness.journal.journal import Journal
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Evidence,
    Fault,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.run import RunStatus
from harness.model.snapshot import ColumnState, Snapshot, TableState
from harness.model.steps import Expect, Upgrade
from harness.report.outputs import FORMS
from harness.report.outputs.summary import LIMIT, brief
from harness.report.sources import sources_of
from tests.stored import a_run, evidence, store

HERE = Snapshot((TableState("users", (ColumnState("id", "INTEGER", nullable=False),)),))
GOOD, BAD, MIXED, ABSENT, BROKEN = (
    Cell(f"changes/{name}", "one", "t", "sqlite")
    for name in ("good", "bad", "mixed", "absent", "broken")
)
WORDS = "no <branch>@head in `users` | #1"


def told(
    cell: Cell, found: Snapshot = HERE, outcome: Outcome = OK, **fields: object
) -> Evidence:
    """Return the evidence of an upgrade that was looked at."""
    looked = Observation(
        Expect(("a",)), OK, 0.1, database="app", expected=HERE, after=found
    )
    observations = (Observation(Upgrade(), outcome, 0.1), looked)
    made = msgspec.structs.replace(evidence(cell), observations=observations)
    return msgspec.structs.replace(made, **fields)


def everything(words: str = WORDS) -> tuple[Evidence, ...]:
    """Return a cell of each grade."""
    refused = Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, words)
    return (
        told(GOOD),
        told(BAD, Snapshot()),
        told(MIXED, outcome=refused),
        told(ABSENT, status=Status.UNSUPPORTED, reason=words),
        told(BROKEN, status=Status.NOT_ESTABLISHED, reason="the server was gone"),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run's folder with the report in all its forms."""
    directory = store(tmp_path_factory.mktemp("run") / "run", *everything())
    assert CliRunner().invoke(main, ["report", str(directory)]).exit_code == 0
    return directory


def written(name: str, *stored: Evidence) -> str:
    """Return a form of the report of some evidence."""
    return FORMS[name](sources_of(a_run(one.cell for one in stored), stored))


def test_every_form_is_written(folder: Path) -> None:
    """Beside the evidence."""
    assert {*FORMS, "comparison.md"} <= {path.name for path in folder.iterdir()}


def test_the_same_evidence_gives_the_same_bytes_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    """A copy of the evidence is enough, wherever it lies."""
    for name in ("evidence.jsonl", "evidence.sha256", "run.json"):
        shutil.copy(folder / name, tmp_path / name)
    CliRunner().invoke(main, ["report", str(tmp_path)])

    for name in FORMS:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_json_fits_its_published_schema(folder: Path) -> None:
    """As `schema report` prints it, under a validator that is not ours."""
    printed = CliRunner().invoke(main, ["schema", "report"]).output
    schema = json.loads(printed)
    record = json.loads((folder / "comparison.json").read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(record, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**record, "findings": [{"grade": "best"}]}, schema)


def test_the_json_has_a_finding_for_each_cell(folder: Path) -> None:
    """In the order of the plan, with its grade and words."""
    record = json.loads((folder / "comparison.json").read_text())
    grades = {
        f["cell"]["scenario"].split("/")[1]: f["grade"] for f in record["findings"]
    }

    assert grades == {
        "good": "good",
        "bad": "bad",
        "mixed": "mixed",
        "absent": "unsupported",
        "broken": "unknown",
    }
    assert record["report"]["run"]["status"] == "running"


def cases(text: str) -> dict[str, ET.Element]:
    """Return the test cases of JUnit XML by name."""
    return {case.get("name", ""): case for case in ET.fromstring(text).iter("testcase")}


def test_each_cell_is_a_test_case(folder: Path) -> None:
    """Bad is a failure, not established an error, not expressible skipped."""
    found = cases((folder / "junit.xml").read_text())
    tags = {name: [part.tag for part in case] for name, case in found.items()}

    assert tags == {
        "good": ["system-out"],
        "bad": ["failure"],
        "mixed": ["system-out"],
        "absent": ["skipped"],
        "broken": ["error"],
    }
    assert found["bad"][0].get("message") == "exit code 0, and 1 difference"
    assert found["absent"][0].get("message") == f"cannot be expressed; {WORDS}"
    assert found["broken"][0].get("message") == "not established; the server was gone"
    assert f"show {BAD.id}" in (found["bad"][0].text or "")


def test_suites_count_their_cases(folder: Path) -> None:
    """A suite is a candidate in one place."""
    root = ET.fromstring((folder / "junit.xml").read_text())
    (suite,) = root

    for element in (root, suite):
        counts = [element.get(n) for n in ("tests", "failures", "errors", "skipped")]
        assert counts == ["5", "1", "1", "1"]
    assert suite.get("name") == "one (t, sqlite)"


@given(words=st.text())
def test_whatever_a_tool_says_is_good_xml(words: str) -> None:
    """Control characters and all."""
    found = cases(written("junit.xml", *everything(words)))

    assert len(found) == 5


@given(words=st.text(min_size=0, max_size=2000), many=st.integers(1, 30))
def test_a_summary_is_short_enough_for_a_comment(words: str, many: int) -> None:
    """However much went wrong, and however long the words."""
    refused = Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, words * 20)
    stored = [
        told(Cell(f"changes/s{number}", "c" * 900, "t", "sqlite"), Snapshot(), refused)
        for number in range(many)
    ]

    assert len(written("summary.md", *stored)) <= LIMIT


def test_a_summary_counts_each_candidate(folder: Path) -> None:
    """And says that the run has not ended."""
    text = (folder / "summary.md").read_text()

    assert "| one | 1 | 1 | 1 | 1 | 1 |" in text
    assert "**The run is running, so parts are missing.**" in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<branch>@head", "&lt;branch>@<!-- -->head"),
        ("fixes #12", "fixes #<!-- -->12"),
        ("_tmp_ | `x`", "\\_tmp\\_ \\| \\`x\\`"),
    ],
)
def test_words_of_tools_stay_words_on_github(said: str, shown: str) -> None:
    """Nobody is called, nothing is linked, and no tag is lost."""
    assert brief(said) == shown


def test_a_badge_says_whether_the_run_can_be_relied_on(tmp_path: Path) -> None:
    """It has the fields that shields.io asks for; it does not sum up a tool."""
    whole = Journal(store(tmp_path, told(GOOD), told(BAD)))
    ended = msgspec.structs.replace(whole.run(), status=RunStatus.COMPLETE)
    complete = json.loads(FORMS["badge.json"](sources_of(ended, whole.evidence())))
    going_on = json.loads(written("badge.json", told(GOOD)))
    broken = json.loads(written("badge.json", *everything()))

    assert complete == {
        "schemaVersion": 1,
        "label": "migration-compare",
        "message": "2 cells established",
        "color": "brightgreen",
    }
    assert (going_on["message"], going_on["color"]) == (
        "1 cell of 1, running",
        "yellow",
    )
    assert broken["message"] == "1 of 5 cells not established"
    assert broken["color"] == "red"
