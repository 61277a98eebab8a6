"""Where something holds: sets of toolchains and backends, said in few words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

import msgspec

from harness.report.columns import Column
from harness.report.phrases import listed


class Part(msgspec.Struct, frozen=True):
    """Toolchains × backends, as far as they were run; empty stands for all."""

    toolchains: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()

    def covers(self, key: Column) -> bool:
        """Tell whether a column belongs to this part."""
        return (not self.toolchains or key.toolchain in self.toolchains) and (
            not self.backends or key.backend in self.backends
        )

    @property
    def words(self) -> str:
        """The part in a sentence, such as `common with mysql`."""
        said = (listed(names) for names in (self.toolchains, self.backends) if names)
        return " with ".join(said) or "everywhere"


def parts(some: Collection[Column], everywhere: Collection[Column]) -> tuple[Part, ...]:
    """Return parts that together cover `some` columns of `everywhere`, and no others.

    All columns are a candidate's own. Few names are used: backends alone if those
    decide, or toolchains alone, else both.
    """
    toolchains, backends = _toolchains(some), _backends(some)
    for part in (Part(), Part((), backends), Part(toolchains)):
        if {key for key in everywhere if part.covers(key)} == set(some):
            return (part,)
    by_backends: dict[tuple[str, ...], list[str]] = {}
    for name in toolchains:
        own = _backends(key for key in some if key.toolchain == name)
        by_backends.setdefault(own, []).append(name)
    return tuple(Part(tuple(names), own) for own, names in by_backends.items())


def words(some: Collection[Column], everywhere: Collection[Column]) -> str:
    """Return where some of a candidate's columns are, in words."""
    return "; ".join(part.words for part in parts(some, everywhere))


def said(texts: dict[Column, str]) -> str:
    """Return what a candidate's columns say: once, with the exceptions named.

    What more than half of the columns say comes first and needs no name.
    """
    groups: dict[str, list[Column]] = {}
    for key, text in texts.items():
        groups.setdefault(text, []).append(key)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    widest = len(ordered[0][1]) if ordered else 0
    unnamed = 2 * widest > len(texts)
    return "; ".join(
        text if unnamed and not number else f"{words(own, texts.keys())}: {text}"
        for number, (text, own) in enumerate(ordered)
    )


def cell_pattern(scenario: str, columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the names of cells, alternatives in braces as a shell writes them."""
    by_candidate: dict[str, list[Column]] = {}
    for key in columns:
        by_candidate.setdefault(key.candidate, []).append(key)
    patterns: dict[str, list[str]] = {}
    for candidate, own in by_candidate.items():
        for part in _products(own):
            place = f"{_braced(part.toolchains)}:{_braced(part.backends)}"
            patterns.setdefault(place, []).append(candidate)
    return tuple(
        f"{scenario}:{_braced(tuple(candidates))}:{place}"
        for place, candidates in patterns.items()
    )


def alternatives(pattern: str) -> list[str]:
    """Return the names that a pattern with alternatives in braces stands for."""
    parts = [part.split(",") for part in re.split(r"[{}]", pattern)]
    literal = [[",".join(part)] if n % 2 == 0 else part for n, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*literal)]


def _products(own: list[Column]) -> Iterable[Part]:
    by_backends: dict[tuple[str, ...], list[str]] = {}
    for name in _toolchains(own):
        backends = _backends(key for key in own if key.toolchain == name)
        by_backends.setdefault(backends, []).append(name)
    return (Part(tuple(names), backends) for backends, names in by_backends.items())


def _braced(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else "{" + ",".join(names) + "}"


def _toolchains(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.toolchain for key in columns))


def _backends(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.backend for key in columns))
