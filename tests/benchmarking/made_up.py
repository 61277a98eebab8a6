"""Stored runs of benchmarks, made up."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.benchmarking.rows import Stored
from harness.model.benchmark import Benchmarked, MachineState
from harness.model.evidence import Evidence
from harness.model.run import Machine, ToolchainRecord
from harness.model.toolchain import Distribution

IDLE = MachineState(load=0.1, memory_free_mib=1000, megahertz=2000.0)
RECORD = Benchmarked(
    version="0",
    command=("migration-compare", "bench"),
    started="2026-01-01T00:00:00+00:00",
    seed=0,
    budget_seconds=60.0,
    machine=Machine("system", "processor", 2, 1000, "3.11", "2.40", {}, "tmpfs"),
    before=IDLE,
    after=IDLE,
    toolchains=(
        ToolchainRecord(
            "common", ("a", "b"), {}, "3.11", "lock", (Distribution("a", "1.0", "x"),)
        ),
    ),
)


def stored(*evidence: Evidence, **fields: Any) -> Stored:
    """Return a stored run of this evidence; `fields` are of its record."""
    return Stored(msgspec.structs.replace(RECORD, **fields), evidence)
