"""`migration-compare queue`: from stored evidence to queue.json and queue.md."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli import main
from harness.journal.journal import Journal
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Evidence,
    Fault,
    FileChange,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.moves import Compete
from harness.model.snapshot import Snapshot
from harness.model.steps import Expect, Guard, Land, Redo, Step, Upgrade, Watch
from harness.queueing.result import queue_schema, read_queue
from tests.stored import store

CONFLICT = Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, "CONFLICT")
REFUSED = Outcome(OutcomeKind.REFUSED, Fault.SEVERAL_HEADS, "two heads")
QUICK = ("--replications", "3", "--rate", "0.1", "--stream", "5", "--patches", "4")


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def a_race(
    candidate: str, authors: int, merge: Outcome, guard: Outcome = OK
) -> Evidence:
    """Return a race in which every loser meets the same."""
    names = tuple(f"branch_{number}" for number in range(authors))
    observations = [seen(Compete(names)), seen(Land(names[0]))]
    for name in names[1:]:
        change = FileChange(f"{name}.py", "M", 1, 1)
        observations += [
            seen(Watch("a race")),
            seen(Land(name, into="gate"), merge),
            seen(Guard(), guard),
            seen(Redo(name), changes=(change,)),
            seen(Land(name)),
        ]
    looked = {"database": "app", "expected": Snapshot(), "after": Snapshot()}
    observations += [seen(Upgrade(), database="app"), seen(Expect(("a",)), **looked)]
    return Evidence(
        cell=Cell(f"conflicts/race_{authors}", candidate, "t", "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=tuple(observations),
        seconds=1.0,
    )


def queue(directory: Path, *options: str) -> Result:
    """Run the command on a directory, writing elsewhere."""
    output = str(directory / "queue")
    argv = ["queue", str(directory), "--output", output, *QUICK, *options]
    return CliRunner().invoke(main, argv)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a run with races of two candidates."""
    return store(
        tmp_path,
        a_race("early", 2, CONFLICT),
        a_race("early", 5, CONFLICT),
        a_race("late", 2, OK, REFUSED),
        a_race("late", 5, OK, REFUSED),
    )


def test_losers_come_from_the_evidence(run: Path) -> None:
    """What each candidate's losers meet is what was measured of it."""
    result = queue(run)
    found = read_queue(run / "queue")

    assert result.exit_code == 0, result.output
    assert found is not None
    assert [5, 5] == [len(profile.fates) for profile in found.profiles]
    early, late = found.starts
    assert early.git_conflicts.mean > 0 == early.gate_failures.mean
    assert late.gate_failures.mean > 0 == late.git_conflicts.mean


def test_the_simulation_agrees_with_the_races(run: Path) -> None:
    """The smallest race says what the larger ones will show."""
    queue(run)
    found = read_queue(run / "queue")

    assert found is not None
    assert {2, 5} == {check.authors for check in found.checks}
    assert [check for check in found.checks if not check.agrees] == []


@pytest.mark.parametrize("ways", [("--gate", "own-base"), ("--checks", "guard")])
def test_a_teams_ways_are_options(tmp_path: Path, ways: tuple[str, str]) -> None:
    """A gate on the patch's own base lets a loser break main; one that checks does not."""
    store(tmp_path, a_race("late", 2, OK, REFUSED))
    result = queue(tmp_path, *ways)
    found = read_queue(tmp_path / "queue")

    assert result.exit_code == 0, result.output
    assert found is not None
    broken = found.starts[0].broken_mains.mean
    assert (broken > 0) == (ways == ("--gate", "own-base"))


def test_a_race_that_goes_another_way_is_a_disagreement(tmp_path: Path) -> None:
    """What the small race does not foretell is said, and not smoothed over."""
    store(tmp_path, a_race("one", 2, CONFLICT), a_race("one", 4, OK, REFUSED))
    queue(tmp_path)
    page = (tmp_path / "queue" / "queue.md").read_text()

    assert "stopped by a check: simulated 0, observed 3" in page


def test_what_is_stored_follows_its_schema(run: Path) -> None:
    """`schema queue` describes queue.json."""
    queue(run)
    content = (run / "queue" / "queue.json").read_bytes()

    stored = msgspec.json.decode(content)
    assert [] == list(
        jsonschema.Draft202012Validator(queue_schema()).iter_errors(stored)
    )


def test_the_same_seed_gives_the_same_page(run: Path) -> None:
    """And another seed another one."""
    pages = []
    for seed in ("1", "1", "2"):
        queue(run, "--seed", seed)
        text = (run / "queue" / "queue.md").read_text()
        pages.append(text.split("## Words")[1])

    assert pages[0] == pages[1] != pages[2]


def test_a_candidate_without_a_race_is_refused(run: Path) -> None:
    """The message says what to run, and how to leave the candidate out."""
    other = msgspec.structs.replace(a_race("third", 2, OK), observations=())
    Journal(run).append(other)
    result = queue(run)

    assert result.exit_code == 2
    assert "third on t (sqlite) has no race" in result.output
    assert "--scenario conflicts/two_patches_race_one_by_one" in result.output
    assert queue(run, "--candidate", "early").exit_code == 0


def test_a_candidate_that_never_lands_its_losers_is_refused(tmp_path: Path) -> None:
    """What redoing takes is then not known."""
    evidence = a_race("stuck", 2, CONFLICT)
    broken = tuple(
        msgspec.structs.replace(o, outcome=REFUSED) if isinstance(o.step, Redo) else o
        for o in evidence.observations
    )
    store(tmp_path, msgspec.structs.replace(evidence, observations=broken))
    result = queue(tmp_path)

    assert result.exit_code == 2
    assert "branch_1 lost and never landed" in result.output


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    """The message names the file that is missing."""
    result = queue(tmp_path)

    assert result.exit_code == 2
    assert "evidence.jsonl" in result.output
