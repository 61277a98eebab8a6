"""A story as it is being played: its repository, its databases, its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.contract import ACTIVE_PLUGINS, Adapter, Database, History
from harness.databases import Databases
from harness.databases.snapshot import take
from harness.execution.expectation import DatabaseState
from harness.execution.repository import Line, Repository
from harness.execution.session import CellSession
from harness.model.snapshot import Snapshot
from harness.model.steps import Resource

Found = dict[str, Any]
"""The fields of an observation that a step fills."""


class Story:
    """Everything that the steps of one cell act on."""

    def __init__(
        self, adapter: Adapter, session: CellSession, databases: Databases
    ) -> None:
        self.session = session
        self.repository = Repository(session.git)
        self.databases = databases
        self.history: History = adapter.open(session)
        session.classify = self.history.classify
        self.sql: str | None = None
        self.sql_leads_to: Line = ()
        self.keys_enforced = False
        self.route: Callable[[str], str] = str
        """Which URL the tool is given in place of a database's own."""
        self._states: dict[str, DatabaseState] = {}

    def state(self, name: str) -> DatabaseState:
        """Return what is known of a database; it is created when first spoken of."""
        if name not in self._states:
            self.databases.create(name)
            self._states[name] = DatabaseState()
        return self._states[name]

    def knows(self, name: str) -> bool:
        """Tell whether a database has been spoken of."""
        return name in self._states

    def database(self, name: str) -> Database:
        """Return a database as the current step can reach it, or cannot."""
        self.state(name)
        unreachable = Resource.DATABASE in self.session.without
        url = (
            self.databases.unreachable_url(name)
            if unreachable
            else self.route(self.databases.url(name))
        )
        return Database(name, url, self.session.backend)

    def deployment(self, name: str | None) -> dict[str, str]:
        """Return the settings of the deployment that a database belongs to."""
        plugins = self._states[name].plugins if name in self._states else ()
        return {ACTIVE_PLUGINS: ",".join(plugins)} if plugins else {}

    def look(self, name: str) -> Snapshot:
        """Look at a database as it is now."""
        state = self.state(name)
        state.last = take(self.databases.url(name), self.history.bookkeeping)
        return state.last

    def last_seen(self, name: str) -> Snapshot:
        """Return a database as it was after the last step that could change it."""
        return self.state(name).last or self.look(name)

    @contextmanager
    def unconfigured(self) -> Iterator[None]:
        """Take configuration files away for the time of a step."""
        paths: tuple[str, ...] = ()
        if Resource.CONFIGURATION in self.session.without:
            paths += self.history.application_configuration
        if Resource.TOOL_CONFIGURATION in self.session.without:
            paths += self.history.tool_configuration
        hidden = [
            (self.session.repository / path, self.session.repository / f"{path}.hidden")
            for path in paths
        ]
        _rename_all(hidden)
        try:
            yield
        finally:
            _rename_all([(new, old) for old, new in hidden])


def _rename_all(pairs: list[tuple[Path, Path]]) -> None:
    for old, new in pairs:
        if old.exists():
            old.rename(new)
