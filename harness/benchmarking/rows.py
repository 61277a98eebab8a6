"""Samples in pytest-benchmark's own form, and back.

A row is a participant: its data are the seconds of its samples in the order in which they
were taken, and its `extra_info` has the whole evidence. So pytest-benchmark's commands
work on our files, and nothing that a verdict rests on is kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from pytest_benchmark import __version__ as pytest_benchmark_version
from pytest_benchmark.plugin import pytest_benchmark_generate_machine_info
from pytest_benchmark.stats import Metadata

from harness.journal import files
from harness.judgement.speed import measured
from harness.model import benchmark
from harness.model.benchmark import Benchmarked
from harness.model.evidence import Evidence

NAME = "benchmark.json"
_RECORD = "migration_compare"
_EVIDENCE = "evidence"


class Stored(msgspec.Struct, frozen=True):
    """A stored run of benchmarks with its evidence."""

    record: Benchmarked
    evidence: tuple[Evidence, ...]


class _Source:
    """What pytest-benchmark takes a row's names from."""

    cprofile_stats = None
    has_error = False

    def __init__(self, evidence: Evidence) -> None:
        cell = evidence.cell
        self.name = f"{cell.scenario}[{cell.candidate}-{cell.toolchain}-{cell.backend}]"
        self.fullname = cell.id
        self.group = f"{cell.scenario} on {cell.backend}, {cell.toolchain}"
        self.param = cell.candidate
        self.params = {
            "candidate": cell.candidate,
            "toolchain": cell.toolchain,
            "backend": cell.backend,
        }
        self.extra_info = {_EVIDENCE: msgspec.to_builtins(evidence)}


def row(evidence: Evidence) -> Metadata | None:
    """Return a cell's samples as a row; None if there are none."""
    observation = measured(evidence)
    if observation is None or not observation.samples:
        return None
    options = {"disable_gc": False, "timer": "monotonic", "warmup": True}
    made = Metadata(_Source(evidence), 1, options)
    for sample in observation.samples:
        made.update(sample.seconds)
    return made


def untimed(evidence: Iterable[Evidence]) -> list[Any]:
    """Return the evidence of cells without samples, for which there is no row."""
    return [msgspec.to_builtins(one) for one in evidence if row(one) is None]


def annex(record: Benchmarked, left_out: Iterable[Evidence]) -> dict[str, Any]:
    """Return what stands in a file beside what pytest-benchmark writes."""
    return {_RECORD: msgspec.to_builtins(record), "untimed": untimed(left_out)}


def write(path: Path, record: Benchmarked, evidence: Iterable[Evidence]) -> None:
    """Write a run's samples as pytest-benchmark would."""
    evidence = tuple(evidence)
    made = {
        "machine_info": pytest_benchmark_generate_machine_info(),
        "commit_info": {},
        "benchmarks": [m.as_dict(include_data=True) for m in map(row, evidence) if m],
        "datetime": datetime.now(UTC).isoformat(),
        "version": pytest_benchmark_version,
        **annex(record, evidence),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, json.dumps(made, indent=1, default=str).encode())


def read(path: Path) -> Stored:
    """Return a stored run, from its file or folder; `JournalError` if it is none."""
    path = _located(path)
    found = files.decoded(path, files.bytes_of(path), dict[str, Any])
    if _RECORD not in found:
        message = f"{path}: not written by migration-compare (it has no {_RECORD})"
        raise files.JournalError(message)
    encoded = [one["extra_info"][_EVIDENCE] for one in found.get("benchmarks", [])]
    encoded += found.get("untimed", [])
    try:
        record = msgspec.convert(found[_RECORD], Benchmarked)
        evidence = tuple(msgspec.convert(one, Evidence) for one in encoded)
    except msgspec.ValidationError as error:
        message = f"{path}: not a stored run of benchmarks: {error}"
        raise files.JournalError(message) from error
    files.check_format(path, record.format, benchmark.FORMAT)
    return Stored(record, evidence)


def _located(path: Path) -> Path:
    """Return the file in a folder of benchmarks, or in that of a whole run."""
    if not path.is_dir():
        return path
    beside = path / "speed" / NAME
    return beside if beside.exists() else path / NAME
