"""Where a run's numbers come from: the machine, and every package involved."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path

import cpuinfo
import psutil

from harness.databases import backend_named
from harness.model.run import Machine, ToolchainRecord
from harness.model.toolchain import Environment
from harness.workspaces import git
from harness.workspaces.scratch import storage

_MIB = 1024 * 1024


def machine(scratch: Path, backends: Iterable[str]) -> Machine:
    """Describe the machine; `scratch` is where the databases of the backends lie."""
    return Machine(
        system=platform.platform(),
        processor=cpuinfo.get_cpu_info().get("brand_raw", "unknown"),
        cores=len(os.sched_getaffinity(0)),
        memory_mib=psutil.virtual_memory().total // _MIB,
        python=platform.python_version(),
        git=git.version(),
        databases={
            name: ", ".join(backend_named(name).provenance().values())
            for name in backends
        },
        storage=storage(scratch),
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
