"""The published edition: whole, small, and derived again to the byte."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.journal.files import JournalError
from harness.journal.growth import BESIDE, write
from harness.journal.journal import Journal
from harness.model.run import RunStatus
from harness.report.corpus import write_corpus
from harness.report.edition import PICTURE, check, publish
from harness.report.links import broken
from tests.grown import curve, grown
from tests.report.histories import a_corpus_run

from .pages import a_run, stored


def recorded(folder: Path, status: RunStatus = RunStatus.COMPLETE) -> Path:
    """Return the folder of a run that ended so."""
    journal = Journal(folder)
    run = msgspec.structs.replace(a_run(), status=status)
    journal.begin(run)
    for one in stored():
        journal.append(one)
    journal.end(run)
    return folder


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """Return an edition just published."""
    return publish(recorded(tmp_path / "run"), tmp_path / "edition").parent


def packed(edition: Path) -> Path:
    """Return the evidence of an edition."""
    return edition / "evidence.jsonl.xz"


def test_an_edition_is_whole_and_holds_everything(edition: Path) -> None:
    """Report, page, picture, plan and packed evidence, and nothing is wrong with it."""
    names = {path.name for path in edition.iterdir()}

    assert check(edition) == ()
    assert names >= {
        "comparison.html",
        "comparison.md",
        "comparison.json.xz",
        "evidence.jsonl.xz",
        "run.json",
        PICTURE,
    }


def test_an_edition_holds_what_was_measured_of_growth(tmp_path: Path) -> None:
    """The report has its laws, and page and plots are derived again from the numbers."""
    run = recorded(tmp_path / "run")
    write(run / BESIDE, grown(*curve("one", lambda size: 0.5 + 0.001 * size)))

    made = publish(run, tmp_path / "edition")

    assert check(made.parent) == ()
    assert "## How it grows" in made.read_text()
    assert "[speed/growth.md](speed/growth.md)" in made.read_text()
    assert "- [How it grows](#how-it-grows)" in made.read_text()
    assert {"growth.json", "growth.md", "history_heads-sqlite.svg"} == {
        path.name for path in (made.parent / "speed").iterdir()
    }


def test_the_evidence_is_packed_as_it_was(edition: Path, tmp_path: Path) -> None:
    """Not a byte of it is lost."""
    raw = (tmp_path / "run" / "evidence.jsonl").read_bytes()

    assert lzma.decompress(packed(edition).read_bytes()) == raw
    assert packed(edition).stat().st_size * 5 < len(raw)


def test_real_histories_beside_a_run_are_published_with_it(tmp_path: Path) -> None:
    """The report tells of them, their record is in the edition, and derives again."""
    run = recorded(tmp_path / "run")
    write_corpus(run / "corpus", a_corpus_run())

    edition = publish(run, tmp_path / "edition").parent

    assert check(edition) == ()
    kept = (edition / "corpus" / "corpus.json").read_bytes()
    assert kept == (run / "corpus" / "corpus.json").read_bytes()
    assert "## Real histories" in (edition / "comparison.md").read_text()
    page = (edition / "comparison.html").read_text()
    assert "2 merge revisions among 12 revisions" in page
    publish(edition, edition)
    assert check(edition) == ()


def remove_the_page(edition: Path) -> None:
    """Lose a file."""
    (edition / "comparison.html").unlink()


def polish_a_sentence(edition: Path) -> None:
    """Write something that the evidence does not say."""
    path = edition / "comparison.md"
    path.write_text(path.read_text().replace("git merge", "authoring"))


def add_a_file(edition: Path) -> None:
    """Put something beside it."""
    (edition / "notes.txt").write_text("mine")


def cut_the_evidence(edition: Path) -> None:
    """Lose the end of the packed file."""
    packed(edition).write_bytes(packed(edition).read_bytes()[:-20])


def drop_a_cell(edition: Path) -> None:
    """Leave out a line of the evidence."""
    lines = lzma.decompress(packed(edition).read_bytes()).splitlines(keepends=True)
    packed(edition).write_bytes(lzma.compress(b"".join(lines[1:])))


def change_an_exit_code(edition: Path) -> None:
    """Make the evidence say something else."""
    text = lzma.decompress(packed(edition).read_bytes())
    changed = text.replace(b'"exit_code":0', b'"exit_code":1')
    assert changed != text
    packed(edition).write_bytes(lzma.compress(changed))


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (remove_the_page, "comparison.html is missing"),
        (polish_a_sentence, "comparison.md is not what its evidence gives"),
        (add_a_file, "notes.txt does not belong"),
        (cut_the_evidence, "evidence.jsonl.xz: not whole"),
        (drop_a_cell, "evidence.jsonl"),
        (change_an_exit_code, "evidence.jsonl"),
    ],
)
def test_whatever_is_wrong_with_an_edition_is_named(
    edition: Path, harm: Callable[[Path], None], named: str
) -> None:
    """Each harm is found, and the sentence names the file."""
    harm(edition)

    assert named in " ".join(check(edition))


@pytest.mark.parametrize("status", [RunStatus.RUNNING, RunStatus.INTERRUPTED])
def test_a_part_of_a_run_is_not_published(tmp_path: Path, status: RunStatus) -> None:
    """The message says how to finish it, and nothing is written."""
    run = recorded(tmp_path / "run", status)

    with pytest.raises(JournalError, match="finish it with `run --resume`"):
        publish(run, tmp_path / "edition")
    assert not (tmp_path / "edition").exists()


def test_an_edition_is_written_again_from_itself(edition: Path) -> None:
    """What was changed by hand is mended; evidence that was packed elsewhere stays."""
    raw = lzma.decompress(packed(edition).read_bytes())
    elsewhere = lzma.compress(raw, preset=1)
    packed(edition).write_bytes(elsewhere)
    polish_a_sentence(edition)
    publish(edition, edition)

    assert check(edition) == ()
    assert packed(edition).read_bytes() == elsewhere


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    """Files, places within them, and cells; addresses of the web are left alone."""
    (tmp_path / "a.md").write_text(
        "# Here it is\n[1](#here-it-is) [2](#there) [3](b.html) [4](b.html#top)\n"
        "[5](b.html#bottom) [6](gone.md) [7](https://example.org/x) `[8](none.md)`\n"
    )
    (tmp_path / "b.html").write_text(
        '<p id="top"><a href="#cell=f/s:{a,b}:t:x">1</a><a href="#cell=f/s:c:t:x">2</a>'
        '<a class="cell"><code>f/s:b:t:x</code></a><a class="cell"><code>f/s:d:t:x</code></a>'
    )

    assert [line.split("link ")[1] for line in broken(tmp_path, ["f/s:b:t:x"])] == [
        "#there leads nowhere",
        "b.html#bottom leads nowhere",
        "gone.md leads nowhere",
        "#cell=f/s:c:t:x leads nowhere",
        "#cell=f/s:d:t:x leads nowhere",
    ]


def test_the_command_publishes_and_checks(tmp_path: Path) -> None:
    """It ends with 0 if the edition is whole, and with 4 if it is not."""
    run, edition = recorded(tmp_path / "run"), tmp_path / "edition"
    written = CliRunner().invoke(main, ["publish", str(run), "--output", str(edition)])
    whole = CliRunner().invoke(main, ["publish", "--check", str(edition)])
    add_a_file(edition)
    strange = CliRunner().invoke(main, ["publish", "--check", "--output", str(edition)])

    assert (0, 0, 4) == (written.exit_code, whole.exit_code, strange.exit_code)
    assert written.output.strip() == str(edition / "comparison.md")
    assert "notes.txt does not belong" in strange.output
