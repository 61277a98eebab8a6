"""A stored run of benchmarks: who ran what, where, and in which state the machine was."""

from __future__ import annotations

import msgspec

from harness.model.run import Machine, ToolchainRecord

FORMAT = 1


def again(candidate: str) -> str:
    """Return the other name of a candidate that is held against itself."""
    return f"{candidate}-again"


class MachineState(msgspec.Struct, frozen=True):
    """What passes: it is told, and no reason not to compare."""

    load: float
    """Processes that ran or waited for a processor, averaged over the last minute."""
    memory_free_mib: int
    megahertz: float


class Benchmarked(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of benchmarks is, apart from its samples.

    `machine` is what the machine is; `before` and `after` are the states it was in.
    `added_seconds` is what the harness adds to a process that it times, on a processor.
    `slowed` has the candidates that were slowed on purpose, by how many per cent.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    seed: int
    budget_seconds: float
    machine: Machine
    before: MachineState
    after: MachineState
    toolchains: tuple[ToolchainRecord, ...]
    added_seconds: float | None = None
    slowed: dict[str, int] = {}
