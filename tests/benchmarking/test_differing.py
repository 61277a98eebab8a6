"""What changed between two runs, and what must not be compared."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harness.benchmarking.differing import difference
from harness.model.benchmark import MachineState
from harness.model.toolchain import Distribution
from tests.benchmarking.made_up import RECORD, stored
from tests.timed import around, timed

BOTH = (timed("one", around(1.0, 1)), timed("two", around(1.5, 2)))


def test_the_same_run_changed_nothing() -> None:
    """A run held against itself is compared, and nothing changed."""
    found = difference(stored(*BOTH), stored(*BOTH))

    assert 1 == found.compared
    assert "speed/start on sqlite, nothing changed" in found.lines


def test_verdicts_are_counted_before_all_else() -> None:
    """Whether two runs come to the same conclusions is said in one line."""
    turned = (timed("one", around(1.5, 2)), timed("two", around(1.0, 1)))
    said = "verdicts of one against another:"

    assert difference(stored(*BOTH), stored(*BOTH)).lines[2] == (
        f"{said} 2 of 2 the same, none turned round"
    )
    assert difference(stored(*BOTH), stored(*turned)).lines[2] == (
        f"{said} 0 of 2 the same, 2 turned round"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("processor", "another"), ("cores", 8), ("storage", "ext4"), ("system", "new")],
)
def test_another_machine_is_refused(field: str, value: object) -> None:
    """What the machine is must be the same; the reason names what is not."""
    machine = msgspec.structs.replace(RECORD.machine, **{field: value})

    found = difference(stored(*BOTH), stored(*BOTH, machine=machine))

    assert 0 == found.compared
    (line,) = found.lines
    assert f"another machine: its {field} was" in line
    assert f"is {value}" in line


def test_a_busier_machine_is_told_and_compared() -> None:
    """The state in which a machine is is no other machine."""
    busy = MachineState(load=9.0, memory_free_mib=1, megahertz=800.0)

    found = difference(stored(*BOTH), stored(*BOTH, before=busy))

    assert 1 == found.compared
    assert any("load 9.0 before" in line for line in found.lines)


def test_another_version_of_a_scenario_is_refused() -> None:
    """A scenario that changed is not comparable, and its neighbours are."""
    changed = tuple(msgspec.structs.replace(one, digest="e") for one in BOTH)
    others = tuple(timed(c, around(1.0, 1), scenario="speed/b") for c in ("one", "two"))

    found = difference(stored(*BOTH, *others), stored(*changed, *others))

    assert 1 == found.compared
    assert any("another version of the scenario (d, now e)" in s for s in found.lines)


def test_what_takes_longer_now_is_told_by_how_much() -> None:
    """A time and a ratio that changed beyond all noise are both told."""
    slower = (BOTH[0], timed("two", around(3.0, 3)))

    lines = difference(stored(*BOTH), stored(*slower)).lines

    assert any("two (common): wall time 1.5" in line for line in lines)
    assert any("one against two (common): ×0.66" in line for line in lines)


def test_another_verdict_is_told() -> None:
    """If who was slower is now faster, both words are told."""
    turned = (timed("one", around(1.0, 1)), timed("two", around(0.5, 2)))

    lines = difference(stored(*BOTH), stored(*turned)).lines

    assert any("faster by wall time is now slower" in line for line in lines)


def test_other_packages_are_named_with_what_changed() -> None:
    """A release of a tool may be why: it stands beside the change."""
    newer: Any = msgspec.structs.replace(
        RECORD.toolchains[0], distributions=(Distribution("a", "2.0", "y"),)
    )
    slower = (BOTH[0], timed("two", around(3.0, 3)))

    lines = difference(stored(*BOTH), stored(*slower, toolchains=(newer,))).lines

    assert any(
        s.startswith("speed/start on sqlite, two") and "(a 1.0 is now 2.0)" in s
        for s in lines
    )


def test_what_was_not_run_again_is_told() -> None:
    """A benchmark that is missing now is not passed over."""
    found = difference(stored(*BOTH), stored())

    assert 0 == found.compared
    assert any("it was not run again" in line for line in found.lines)
