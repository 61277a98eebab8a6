"""What an adapter offers on this machine: a toolchain, or the reason why there is none."""

from __future__ import annotations

from harness.contract import Adapter
from harness.model.cell import Absence
from harness.model.toolchain import Toolchain
from harness.toolchains import interpreters


def toolchain_here(adapter: Adapter, name: str) -> Toolchain | Absence:
    """Return an adapter's toolchain; an absence if its interpreter is not here."""
    toolchain = adapter.toolchains[name]
    if isinstance(toolchain, Absence) or not toolchain.interpreter:
        return toolchain
    if interpreters.find(toolchain.interpreter) is None:
        return Absence(adapter.tool, *interpreters.not_found(toolchain.interpreter))
    return toolchain
