"""Where a run's numbers come from: the machine, and every package involved."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import cpuinfo
import psutil

from harness.databases import backend_named
from harness.model.run import DatabaseRecord, Machine, ToolchainRecord
from harness.model.toolchain import Environment
from harness.workspaces import git
from harness.workspaces.scratch import storage

_MIB = 1024 * 1024


def machine(scratch: Path) -> Machine:
    """Describe the machine; `scratch` is where workspaces lie. Databases come later."""
    return Machine(
        system=platform.platform(),
        processor=cpuinfo.get_cpu_info().get("brand_raw", "unknown"),
        cores=len(os.sched_getaffinity(0)),
        memory_mib=psutil.virtual_memory().total // _MIB,
        python=platform.python_version(),
        git=git.version(),
        databases={},
        storage=storage(scratch),
    )


def database(name: str) -> DatabaseRecord:
    """Describe a backend that is running."""
    backend = backend_named(name)
    return DatabaseRecord(
        **backend.provenance(), origin=backend.origin, settings=backend.settings()
    )


def toolchain_records(
    environments: dict[str, Environment], principal: tuple[str, ...]
) -> tuple[ToolchainRecord, ...]:
    """Describe the toolchains; `environments` is keyed `tool:toolchain`.

    `principal` names the packages whose versions a reader wants to see first.
    """
    tools: dict[str, list[str]] = {}
    for key, environment in environments.items():
        tools.setdefault(environment.key, []).append(key.split(":")[0])
    unique = {environment.key: environment for environment in environments.values()}
    return tuple(
        ToolchainRecord(
            name=environment.toolchain,
            tools=tuple(tools[key]),
            principal={
                package.name: package.version
                for package in environment.distributions
                if package.name.lower() in principal
            },
            python=environment.python_version,
            lock_sha256=environment.lock_sha256,
            distributions=environment.distributions,
        )
        for key, environment in unique.items()
    )
