"""The published edition: a run's report with its evidence, small, and checkable."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.journal.corpus import FOLDER, read_corpus_run
from harness.journal.corpus import NAME as CORPUS
from harness.journal.files import JournalError, bytes_of, replace, writing
from harness.journal.growth import BESIDE
from harness.journal.journal import Journal
from harness.journal.matrix import MatrixJournal
from harness.model.run import Run, RunStatus
from harness.queueing.result import read_queue
from harness.report.compatibility import write_matrix
from harness.report.corpus import NAME as CORPUS_PAGE
from harness.report.corpus import render as render_corpus
from harness.report.document import forms
from harness.report.growth_page import write_growth_page
from harness.report.landing_page import PAGE as QUEUE_PAGE
from harness.report.landing_page import render_queue
from harness.report.links import broken
from harness.report.page import picture
from harness.report.sources import Sources, read_sources

PICTURE = "noticed.svg"
_EVIDENCE = "evidence.jsonl"
_PACKED = (_EVIDENCE, "comparison.json", "junit.xml")
"""Files of many megabytes, for programs."""
_STORED = (
    "run.json",
    "queue.json",
    "matrix/matrix.json",
    "matrix/matrix.jsonl",
    str(BESIDE),
    f"{FOLDER}/{CORPUS}",
)
_BESIDE = ("README.md",)


def publish(source: Path, edition: Path) -> Path:
    """Write the edition of a complete run, or of an edition again; return its report.

    `JournalError` if the run is not complete or its evidence is not as it was written.
    """
    with _unpacked(source) as folder:
        contents = _contents(folder)
    for name, content in contents.items():
        path = edition / _name(name)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not _holds(path, content):
            replace(path, _deflated(content) if name in _PACKED else content)
    return edition / "comparison.md"


def check(edition: Path) -> tuple[str, ...]:
    """Return what is wrong with an edition, a sentence each; nothing if it is whole.

    It is whole if its evidence is that of a complete run and valid, if it has every file
    and no other, if the report derived again is the same to the byte, and if every link
    leads somewhere.
    """
    try:
        with _unpacked(edition) as folder:
            contents = _contents(folder)
            cells = {cell.id for cell in Journal(folder).run().cells}
    except JournalError as error:
        return (str(error),)
    return (
        *_strangers(edition, {*map(_name, contents), *_BESIDE}),
        *_differing(edition, contents),
        *broken(edition, cells),
    )


def _contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the edition of a run's folder, as they are when unpacked."""
    journal = Journal(folder)
    sources = read_sources(journal)
    _complete(journal.run(), sources)
    names = (name for name in (*_STORED, _EVIDENCE) if (folder / name).exists())
    stored = {name: bytes_of(folder / name) for name in names}
    return {**stored, **forms(sources), **_beside(folder, sources)}


def _beside(folder: Path, sources: Sources) -> dict[str, bytes]:
    """Return the picture, and the pages of what lies beside the run."""
    found = {PICTURE: picture(sources).encode()}
    queue = read_queue(folder)
    if queue is not None:
        found[QUEUE_PAGE] = render_queue(queue).encode()
    matrix = MatrixJournal(folder / "matrix")
    if matrix.exists:
        path = write_matrix(matrix)
        found[str(path.relative_to(folder))] = bytes_of(path)
    if sources.growth is not None:
        page = write_growth_page((folder / BESIDE).parent, sources.growth)
        drawn = (page, *sorted(page.parent.glob("*.svg")))
        found |= {str(path.relative_to(folder)): bytes_of(path) for path in drawn}
    corpus = read_corpus_run(folder / FOLDER)
    if corpus is not None:
        found[f"{FOLDER}/{CORPUS_PAGE}"] = render_corpus(corpus).encode()
    return found


def _complete(run: Run, sources: Sources) -> None:
    """Refuse a run that does not show all that it planned to."""
    missing = set(run.cells) - {one.cell for one in sources.evidence}
    if run.status is not RunStatus.COMPLETE or missing:
        gaps = f", {len(missing)} cells have no evidence" if missing else ""
        message = f"the run is {run.status}{gaps}: finish it with `run --resume`"
        raise JournalError(message)


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    """Copy what is stored of a run or of an edition to a folder for the time being."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for stored in _STORED:
            if (source / stored).exists():
                (folder / stored).parent.mkdir(exist_ok=True)
                shutil.copyfile(source / stored, folder / stored)
        raw, packed = source / _EVIDENCE, source / _name(_EVIDENCE)
        evidence = bytes_of(raw) if raw.exists() else _inflated(packed)
        (folder / _EVIDENCE).write_bytes(evidence)
        if (source / "evidence.sha256").exists():
            shutil.copyfile(source / "evidence.sha256", folder / "evidence.sha256")
        yield folder


def _name(name: str) -> str:
    """Return what a file is called in an edition."""
    return f"{name}.xz" if name in _PACKED else name


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file has this content, whatever xz it was packed with."""
    if not path.exists():
        return False
    return content == (_inflated(path) if path.suffix == ".xz" else bytes_of(path))


def _deflated(content: bytes) -> bytes:
    return lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)


def _inflated(path: Path) -> bytes:
    try:
        return lzma.decompress(bytes_of(path))
    except (lzma.LZMAError, EOFError) as error:
        message = f"{path}: not whole: {error}. Take it from a copy, or publish again"
        raise JournalError(message) from error


def _strangers(edition: Path, known: set[str]) -> Iterator[str]:
    for path in sorted(edition.rglob("*")):
        name = path.relative_to(edition).as_posix()
        if path.is_file() and name not in known:
            yield f"{name} does not belong to the edition: remove it"


def _differing(edition: Path, contents: dict[str, bytes]) -> Iterator[str]:
    for name, content in contents.items():
        path = edition / _name(name)
        try:
            if not path.exists():
                yield f"{path.name} is missing: run `migration-compare publish` again"
            elif not _holds(path, content):
                yield f"{path.name} is not what its evidence gives: publish it again"
        except JournalError as error:
            yield str(error)
