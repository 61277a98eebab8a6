"""Fixtures that several parts of the tests share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from harness.databases import Backend
from tests.running import Servers

# A machine that is busy with something else must not fail a law.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Return the backends of this worker, running for as long as it does."""
    with ExitStack() as running:
        yield Servers(running)


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def backend(request: pytest.FixtureRequest, servers: Servers) -> Backend:
    """Return each backend in turn."""
    return servers.backend(request.param)


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest, servers: Servers) -> Backend:
    """Return each backend that is a server in turn."""
    return servers.backend(request.param)
