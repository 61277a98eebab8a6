"""Isolated environments, built from hashed locks, and used again when valid."""

from harness.toolchains.building import CACHE_VARIABLE, build
from harness.toolchains.failure import ToolchainError

__all__ = ["CACHE_VARIABLE", "ToolchainError", "build"]
