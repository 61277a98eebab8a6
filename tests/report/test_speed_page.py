"""The page on times that lies beside a stored run of benchmarks."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.judgement.speed import matches
from harness.model.evidence import Evidence
from harness.report.speed import sentences
from harness.report.speed_page import Part, write_speed_page
from harness.report.tables import Table
from tests.benchmarking.made_up import RECORD
from tests.timed import around, sample, timed

TWO = (timed("one", around(1.0, 1)), timed("two", around(1.5, 2)))


def page(directory: Path, *evidence: object, **fields: object) -> str:
    """Write the page of a run and return it."""
    record = msgspec.structs.replace(RECORD, **fields)
    return write_speed_page(directory, record, matches(evidence)).read_text()


def test_each_participant_has_its_times(tmp_path: Path) -> None:
    """Medians with quartiles, memory, and how many samples there were."""
    text = page(tmp_path, *TWO)

    assert "| start (sqlite) | two (common) | 1.50" in text
    assert "| 2 MiB | 32 |" in text
    assert "faster: ×0.666" in text


def test_what_the_harness_adds_is_held_against_the_shortest(tmp_path: Path) -> None:
    """10 ms are one per cent of a second."""
    text = page(tmp_path, *TWO, added_seconds=0.01)

    assert "adds 10.00 ms of processor time" in text
    assert "1.00 % of the shortest that was timed" in text


def test_a_void_row_says_why(tmp_path: Path) -> None:
    """Its times are not told."""
    odd = timed("one", (*around(1.0, 1), sample(16, 0, 1.0, "another")))

    text = page(tmp_path, odd, TWO[1])

    assert "void: the same step gave 2 different answers" in text
    because = "void, because the same step gave 2 different answers"
    assert f"No times for start with one (common): {because}." in text


def test_who_was_slowed_is_named(tmp_path: Path) -> None:
    """A page of planted differences cannot be taken for another."""
    text = page(tmp_path, *TWO, slowed={"two": 10})

    assert "- two was slowed on purpose by 10 %" in text


def test_what_there_was_no_time_for_is_told_together(tmp_path: Path) -> None:
    """One sentence names the operations, another the budget that would do."""
    late = [without_time(who, f"speed/{story}") for story in "ab" for who in ("1", "2")]

    text = page(tmp_path, *TWO, *late)

    assert "- No times for a and b: there was no time for the first look." in text
    assert "`run --speed-budget 5`, or `bench --budget 5`" in text


def without_time(candidate: str, scenario: str) -> Evidence:
    """Return the evidence of a cell for which there was no time; two minutes would do."""
    stored = timed(candidate, (), scenario=scenario)
    (observation,) = stored.observations
    sampling = msgspec.structs.replace(
        observation.sampling,
        looks=(),
        stopped="there was no time for the first look",
        wanted_seconds=120.0,
    )
    there = msgspec.structs.replace(observation, sampling=sampling)
    return msgspec.structs.replace(stored, observations=(there,))


def test_the_picture_lies_beside_the_page(tmp_path: Path) -> None:
    """And the page shows it."""
    text = page(tmp_path, *TWO)

    assert "](ratios.svg)" in text
    assert (tmp_path / "ratios.svg").exists()


def test_a_part_of_its_own_comes_with_its_pictures(tmp_path: Path) -> None:
    """Whoever answers another question of times adds a section to the page."""
    part = Part(
        "How it grows", ("It does.",), (Table(("n",), (("1",),)),), (("g.svg", "up"),)
    )

    text = write_speed_page(tmp_path, RECORD, matches(TWO), (part,)).read_text()

    assert "### How it grows\n\n- It does.\n" in text
    assert "![up](g.svg)" in text
    assert "| n |\n|---|\n| 1 |" in text


def test_without_times_there_is_a_page(tmp_path: Path) -> None:
    """It says so, and where nothing was timed."""
    text = page(tmp_path)

    assert "Nothing was timed." in text
    assert "2 processors" in text


def test_a_shared_processor_is_told() -> None:
    """Where the clock ran far ahead of the processor, and elsewhere did not."""
    calm = [
        timed(who, around(1.0, n), scenario=f"speed/{name}")
        for n, name in enumerate(("a", "b", "c"))
        for who in ("one", "two")
    ]
    busy = tuple(
        msgspec.structs.replace(one, cpu_seconds=one.seconds / 2)
        for one in around(1.0, 9)
    )

    said = [
        sentence
        for sentence in sentences(
            matches([*calm, *(timed(w, busy) for w in ("one", "two"))])
        )
        if sentence.startswith("While")
    ]

    (sentence,) = said
    assert "While start was timed, other work held the processor" in sentence
    assert "by the clock it took ×2.0 of its processor time" in sentence
    assert not any(s.startswith("While") for s in sentences(matches(calm)))
