"""What a scenario is known by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harness.execution.registry import discover
from harness.model.operations import CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, Table
from harness.model.steps import Author, Migration, Upgrade

_PEOPLE = Table("people", (Column("id", Integer(), primary_key=True),))


def _scenario(**migration: Any) -> Scenario:
    steps = (
        Author(Migration("first", (CreateTable(_PEOPLE),), **migration)),
        Upgrade(),
    )
    return Scenario(
        name="one", family=Family.CHANGES, question="?", why="!", steps=steps
    )


def test_a_default_that_is_written_out_makes_no_other_story() -> None:
    """Who says what holds anyway says the same."""
    assert _scenario(plain=False).digest == _scenario().digest


def test_a_story_that_says_something_else_is_another_one() -> None:
    """A field that has another value than its default is part of the digest."""
    assert _scenario(plain=True).digest != _scenario().digest


def test_nothing_that_has_its_default_is_in_a_digest() -> None:
    """Every part of every story leaves defaults out: a new field may have one."""
    parts = {
        type(part)
        for scenario in discover().scenarios
        for part in _structs(scenario.steps)
    }
    assert len(parts) > len(Family)
    assert not [p.__name__ for p in parts if not p.__struct_config__.omit_defaults]


def test_a_step_reads_what_was_written_with_defaults() -> None:
    """Evidence of before names every field; it is read as it was."""
    step = _scenario().steps[0]
    written = msgspec.json.encode(step)
    whole = msgspec.json.decode(written) | {"sql_only": False, "sql_for": []}
    assert msgspec.convert(whole, type(step)) == step


def _structs(value: object) -> Iterator[msgspec.Struct]:
    if isinstance(value, msgspec.Struct):
        yield value
        yield from _structs(msgspec.structs.asdict(value))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _structs(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _structs(item)
