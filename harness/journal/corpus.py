"""`corpus.json`: what the histories of real projects came to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import corpus
from harness.model.corpus import CorpusRun

NAME = "corpus.json"
FOLDER = "corpus"
"""Where it lies beside a run."""


def write_corpus_run(directory: Path, run: CorpusRun) -> Path:
    """Write the record in one piece, and return its path."""
    path = directory / NAME
    with files.writing(path):
        directory.mkdir(parents=True, exist_ok=True)
    files.write_record(path, run)
    return path


def read_corpus_run(directory: Path) -> CorpusRun | None:
    """Return the record in a folder, None if there is none; `JournalError` if broken."""
    path = directory / NAME
    if not path.exists():
        return None
    run = files.decoded(path, files.bytes_of(path), CorpusRun)
    files.check_format(path, run.format, corpus.FORMAT)
    return run


def corpus_schema() -> dict[str, Any]:
    """Return the JSON Schema of `corpus.json`."""
    return files.schema(CorpusRun, "corpus", corpus.FORMAT)
