"""A worker's tools: the environments that were built, and drivers in them."""

from __future__ import annotations

from harness.contract import Adapter
from harness.driving import ColdDriver, Driver, ForkDriver, Launch
from harness.model.cell import Candidate
from harness.model.toolchain import Environment

_STABLE = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}


class Workbench:
    """Drivers of one worker; one for each way in which a tool is launched."""

    def __init__(self, environments: dict[str, Environment], *, cold: bool) -> None:
        self._environments = environments
        self._cold = cold
        self._drivers: dict[tuple[bool, Launch, int], Driver] = {}

    @property
    def mode(self) -> str:
        """How commands are run here: `cold` or `forked`."""
        return "cold" if self._cold else "forked"

    def environment(self, adapter: Adapter, toolchain: str) -> Environment:
        """Return the environment that an adapter's toolchain was built into."""
        return self._environments[environment_key(adapter, toolchain)]

    def driver(self, adapter: Adapter, candidate: Candidate, toolchain: str) -> Driver:
        """Return the driver for a candidate's commands."""
        return self._driver(self.launch(adapter, candidate, toolchain), self._cold)

    def cold_driver(
        self, adapter: Adapter, candidate: Candidate, toolchain: str, seat: int = 0
    ) -> Driver:
        """Return a driver that starts a fresh process for every command.

        Drivers of different seats can be used at once.
        """
        launch = self.launch(adapter, candidate, toolchain)
        return self._driver(launch, cold=True, seat=seat)

    def kill(self) -> None:
        """End whatever is running, at once; safe to call from another thread."""
        for driver in list(self._drivers.values()):
            driver.kill()

    def close(self) -> None:
        """End all drivers."""
        for driver in self._drivers.values():
            driver.close()

    def _driver(self, launch: Launch, cold: bool, seat: int = 0) -> Driver:  # noqa: FBT001
        key = (cold, launch, seat)
        if key not in self._drivers:
            self._drivers[key] = ColdDriver(launch) if cold else ForkDriver(launch)
        return self._drivers[key]

    def launch(self, adapter: Adapter, candidate: Candidate, toolchain: str) -> Launch:
        """Return how a candidate is started in a toolchain."""
        launching = adapter.launching(candidate, toolchain)
        environment = self.environment(adapter, toolchain)
        return Launch(
            python=str(environment.python),
            imports=launching.imports,
            startup=launching.startup,
            environ=tuple(_STABLE.items()),
        )


def environment_key(adapter: Adapter, toolchain: str) -> str:
    """Return the name under which a toolchain's environment is kept."""
    return f"{adapter.tool}:{toolchain}"
