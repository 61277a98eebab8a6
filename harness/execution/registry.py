"""What there is: adapters and scenarios, found by looking into their packages."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import msgspec

from harness.contract import Adapter
from harness.model.cell import Candidate
from harness.model.growth import Growth
from harness.model.scenario import Family, Scenario

_Kind = TypeVar("_Kind", Scenario, Growth)


class RegistryError(ValueError):
    """An adapter or a scenario cannot be taken in; the message names the file."""


class Registry(msgspec.Struct, frozen=True):
    """All adapters by tool name, and all scenarios in the order of the report.

    `growths` are questions of growth, whose stories are no scenarios of a comparison.
    """

    adapters: dict[str, Adapter]
    scenarios: tuple[Scenario, ...]
    growths: tuple[Growth, ...] = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All candidates, those of a tool together."""
        return tuple(c for a in self.adapters.values() for c in a.candidates)

    def scenario(self, scenario_id: str) -> Scenario:
        """Return a scenario by its id; `RegistryError` if there is none."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        message = f"there is no scenario {scenario_id!r}: see `list`"
        raise RegistryError(message)

    def adapter_of(self, candidate: str) -> Adapter:
        """Return the adapter that a candidate belongs to."""
        for adapter in self.adapters.values():
            if any(c.name == candidate for c in adapter.candidates):
                return adapter
        message = f"there is no candidate {candidate!r}: see `list`"
        raise RegistryError(message)

    def candidate(self, name: str) -> Candidate:
        """Return a candidate by name."""
        found = (c for c in self.adapter_of(name).candidates if c.name == name)
        return next(found)


def discover(
    more_adapters: Iterable[Path] = (), more_scenarios: Iterable[Path] = ()
) -> Registry:
    """Find everything in the packages `adapters` and `scenarios`, and what is named.

    `more_adapters` are directories that export an `ADAPTER`, `more_scenarios`
    Python files with scenarios. Raises `RegistryError` for anything malformed.
    """
    adapters = [*_packaged_adapters(), *map(_adapter_in, more_adapters)]
    modules = [*_modules("scenarios"), *map(_load, more_scenarios)]
    scenarios = [s for module in modules for s in _of_kind(Scenario, module)]
    growths = [g for module in modules for g in _of_kind(Growth, module)]
    return registry(adapters, scenarios, growths)


def registry(
    adapters: Iterable[Adapter],
    scenarios: Iterable[Scenario],
    growths: Iterable[Growth] = (),
) -> Registry:
    """Return a registry of these; `RegistryError` if two share a name."""
    adapters, scenarios, growths = list(adapters), list(scenarios), tuple(growths)
    _no_duplicates("tool", [adapter.tool for adapter in adapters])
    _no_duplicates("candidate", [c.name for a in adapters for c in a.candidates])
    _no_duplicates("scenario", [scenario.id for scenario in scenarios])
    _no_duplicates("growth", [growth.name for growth in growths])
    order = list(Family)
    scenarios.sort(key=lambda scenario: order.index(scenario.family))
    by_tool = {adapter.tool: adapter for adapter in adapters}
    return Registry(by_tool, tuple(scenarios), growths)


def _packaged_adapters() -> Iterator[Adapter]:
    for module in _modules("adapters"):
        if hasattr(module, "ADAPTER"):
            yield _exported(module)


def _adapter_in(directory: Path) -> Adapter:
    file = directory / "__init__.py"
    if not file.is_file():
        message = f"{directory}: not a package directory (it has no __init__.py)"
        raise RegistryError(message)
    return _exported(_load(file))


def _exported(module: ModuleType) -> Adapter:
    adapter = getattr(module, "ADAPTER", None)
    if not isinstance(adapter, Adapter):
        message = f"{module.__file__}: ADAPTER is not a harness.contract.Adapter"
        raise RegistryError(message)
    return adapter


def _of_kind(kind: type[_Kind], module: ModuleType) -> Iterator[_Kind]:
    """Return the module's values of a kind: single ones, and those in tuples or lists."""
    for value in vars(module).values():
        several = value if isinstance(value, (tuple, list)) else (value,)
        yield from (_checked(v, kind, module) for v in several if isinstance(v, kind))


def _checked(value: _Kind, kind: type[_Kind], module: ModuleType) -> _Kind:
    """Return a value if all that is in it is of the types that it is to be."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value), type=kind)
    except (TypeError, msgspec.ValidationError) as error:
        what = f"{kind.__name__.lower()} {value.name!r}"
        message = f"{module.__file__}: {what}: {error}"
        raise RegistryError(message) from error


def _modules(package_name: str) -> Iterator[ModuleType]:
    package = importlib.import_module(package_name)
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package_name}.{info.name}")


def _load(file: Path) -> ModuleType:
    """Import a file that lies outside the packages; `RegistryError` if it fails."""
    stem = file.parent.name if file.name == "__init__.py" else file.stem
    name = f"migration_compare_extra_{stem}"
    search = [str(file.parent)] if file.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=search
    )
    if spec is None or spec.loader is None:
        message = f"{file}: not a Python file"
        raise RegistryError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        message = f"{file}: {type(error).__name__}: {error}"
        raise RegistryError(message) from error
    return module


def _no_duplicates(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"two of the same {what} name: {', '.join(repeated)}"
        raise RegistryError(message)
