"""Evidence that was changed after it was written is refused, and can be run again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.cli import main
from harness.journal import files
from harness.journal.digests import AlteredError
from harness.journal.journal import Journal
from harness.model.cell import Cell
from harness.model.run import RunStatus
from tests.stored import a_run, evidence, store

CELLS = tuple(Cell(f"changes/s{n}", "c", "t", "sqlite") for n in range(4))


@pytest.fixture(params=[RunStatus.RUNNING, RunStatus.COMPLETE], scope="module")
def journal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Journal:
    """Return the journal of a run that goes on, and of one that has ended."""
    directory = tmp_path_factory.mktemp("run")
    journal = Journal(store(directory, *map(evidence, CELLS)))
    if request.param is not RunStatus.RUNNING:
        ended = msgspec.structs.replace(a_run(CELLS), status=request.param)
        journal.end(ended)
    return journal


def refused(journal: Journal, file: str, content: bytes) -> str:
    """Return how a journal is refused with another content of a file, put back then."""
    path = journal.directory / file
    was = path.read_bytes()
    path.write_bytes(content)
    try:
        with pytest.raises(AlteredError) as caught:
            journal.evidence()
    finally:
        path.write_bytes(was)
    return str(caught.value)


def lines(journal: Journal) -> list[bytes]:
    """Return the lines of the evidence, with their ends."""
    path = journal.directory / "evidence.jsonl"
    return path.read_bytes().splitlines(keepends=True)


PLACES = st.integers(0, len(CELLS) - 1)
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared
@given(data=st.data())
def test_any_byte_that_is_changed_is_noticed(
    journal: Journal, data: st.DataObject
) -> None:
    """Wherever it is, also where the line stays good JSON."""
    whole = bytearray(b"".join(lines(journal)))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = (whole[place] + data.draw(st.integers(1, 255))) % 256
    line = 1 + b"".join(lines(journal))[:place].count(b"\n")

    said = refused(journal, "evidence.jsonl", bytes(whole))

    assert f"evidence.jsonl, line {line}: " in said
    assert "run --resume --output" in said


@shared
@given(data=st.data())
def test_a_file_that_was_cut_is_noticed(journal: Journal, data: st.DataObject) -> None:
    """Wherever it was cut, at the end of a line too."""
    whole = b"".join(lines(journal))
    left = data.draw(st.integers(0, len(whole) - 1))

    refused(journal, "evidence.jsonl", whole[:left])


@shared
@given(place=PLACES)
def test_a_line_that_was_removed_is_noticed(journal: Journal, place: int) -> None:
    """The message names the place."""
    stored = lines(journal)
    del stored[place]

    said = refused(journal, "evidence.jsonl", b"".join(stored))

    assert f"line {place + 1}: " in said


@shared
@given(place=PLACES, to=PLACES)
def test_a_line_that_was_repeated_is_noticed(
    journal: Journal, place: int, to: int
) -> None:
    """Wherever the copy is put."""
    stored = lines(journal)
    stored.insert(to, stored[place])

    refused(journal, "evidence.jsonl", b"".join(stored))


@shared
@given(pair=st.tuples(PLACES, PLACES).filter(lambda pair: pair[0] != pair[1]))
def test_lines_that_were_swapped_are_noticed(
    journal: Journal, pair: tuple[int, int]
) -> None:
    """Each of them is as it was, but not where it was."""
    stored, (one, other) = lines(journal), pair
    stored[one], stored[other] = stored[other], stored[one]

    said = refused(journal, "evidence.jsonl", b"".join(stored))

    assert f"line {min(pair) + 1}: lines were removed, repeated" in said


def test_an_altered_plan_is_noticed(journal: Journal) -> None:
    """A value in `run.json` that is another than at the end of the run is refused."""
    content = (journal.directory / "run.json").read_bytes()

    said = refused(journal, "run.json", content.replace(b'"seed": 0', b'"seed": 7'))

    assert "run.json: changed since it was written" in said


def test_digests_cannot_just_be_taken_away(tmp_path: Path) -> None:
    """Neither from a run that goes on nor from one that has ended."""
    journal = Journal(store(tmp_path, *map(evidence, CELLS)))
    (tmp_path / "evidence.sha256").unlink()

    with pytest.raises(AlteredError, match="sha256 is missing"):
        journal.evidence()

    journal.end(a_run(CELLS))
    record = msgspec.json.decode((tmp_path / "run.json").read_bytes())
    (tmp_path / "run.json").write_bytes(
        msgspec.json.encode({**record, "evidence": None})
    )

    with pytest.raises(AlteredError, match="changed since it was written"):
        journal.evidence()


def test_a_run_of_before_there_were_digests_is_read(tmp_path: Path) -> None:
    """It has neither digests nor a seal."""
    journal = Journal(store(tmp_path, *map(evidence, CELLS)))
    journal.end(a_run(CELLS))
    record = msgspec.json.decode((tmp_path / "run.json").read_bytes())
    old = {name: v for name, v in record.items() if name not in {"evidence", "seal"}}
    (tmp_path / "run.json").write_bytes(msgspec.json.encode(old))

    assert journal.evidence() == tuple(map(evidence, CELLS))


def test_lines_that_were_altered_are_dropped_to_be_run_again(tmp_path: Path) -> None:
    """Mending keeps every line that is as it was written, and no other."""
    journal = Journal(store(tmp_path, *map(evidence, CELLS)))
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b"changes/s1", b"changes/s9"))

    assert journal.mend() == 1
    assert [one.cell for one in journal.evidence()] == [CELLS[0], *CELLS[2:]]


@pytest.mark.parametrize("kept", [0, 1, 30])
def test_a_kill_in_mid_write_costs_one_line(tmp_path: Path, kept: int) -> None:
    """Whether the line was torn, or its digest was, or was not there yet."""
    journal = Journal(store(tmp_path, *map(evidence, CELLS)))
    digests = tmp_path / "evidence.sha256"
    whole = digests.read_bytes().splitlines(keepends=True)
    digests.write_bytes(b"".join(whole[:-1]) + whole[-1][:kept])

    assert journal.mend() == 1
    assert [one.cell for one in journal.evidence()] == [*CELLS[:-1]]


@pytest.mark.parametrize("moment", [1, 2])
def test_an_interrupt_leaves_evidence_and_digests_agreeing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Whether a line is being added then, or the order of all is being changed."""
    journal = Journal(store(tmp_path, *map(evidence, CELLS[:3])))
    calls = count(1)

    def interrupting(write: Callable[[Path, bytes], None]) -> Callable[..., None]:
        def wrapped(path: Path, content: bytes) -> None:
            if next(calls) == moment:
                raise KeyboardInterrupt
            write(path, content)

        return wrapped

    with monkeypatch.context() as patch:
        patch.setattr(files, "append_line", interrupting(files.append_line))
        with pytest.raises(KeyboardInterrupt):
            journal.append(evidence(CELLS[3]))
    assert [one.cell for one in journal.evidence()] == [*CELLS[:3]]

    calls = count(1)
    with monkeypatch.context() as patch:
        patch.setattr(files, "replace", interrupting(files.replace))
        with pytest.raises(KeyboardInterrupt):
            journal.sort(reversed(CELLS))
    assert {one.cell for one in journal.evidence()} == {*CELLS[:3]}


@pytest.mark.parametrize("command", [["report"], ["show", CELLS[2].id]])
def test_commands_refuse_with_an_exit_code_of_its_own(
    tmp_path: Path, command: list[str]
) -> None:
    """Whoever calls them can tell this from other errors."""
    store(tmp_path, *map(evidence, CELLS))
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b"0.5", b"0.4", 1))

    for argv in ([*command, str(tmp_path)], ["diff", str(tmp_path), str(tmp_path)]):
        result = CliRunner().invoke(main, argv)
        assert result.exit_code == 4

    assert "evidence.jsonl, line 1: changed since it was written" in result.output
