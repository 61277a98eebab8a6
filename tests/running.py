"""Which backends the tests run on; a server is started once a worker at most.

A machine without a server skips its tests, and says so. Under CI that is a failure,
unless `MIGRATION_COMPARE_TESTS_WITHOUT` names the backend, such as `mysql`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from harness.databases import BACKENDS, Backend
from harness.workspaces.scratch import scratch


class Servers:
    """The backends of a worker; each is started when a test first asks for it."""

    def __init__(self, running: ExitStack) -> None:
        self._stack = running
        self._directory = running.enter_context(scratch())
        self._running: set[str] = set()

    def backend(self, name: str) -> Backend:
        """Return a running backend, or skip the test visibly."""
        backend = BACKENDS[name]
        if name in os.environ.get("MIGRATION_COMPARE_TESTS_WITHOUT", "").split(","):
            pytest.skip(f"left out by MIGRATION_COMPARE_TESTS_WITHOUT: {name}")
        if backend.absence is not None:
            said = f"{name}: {backend.absence.reason}; {backend.absence.remedy}"
            if os.environ.get("CI"):
                pytest.fail(said)
            pytest.skip(said)
        if name not in self._running:
            self._stack.enter_context(backend.running(self._directory, print))
            self._running.add(name)
        return backend

    @contextmanager
    def serving(
        self, names: Iterable[str], _directory: Path, _note: Callable[[str], None]
    ) -> Iterator[dict[str, str]]:
        """Stand in for `harness.execution.serving`: one server a kind serves all tests."""
        for name in names:
            self.backend(name)
        yield {}
