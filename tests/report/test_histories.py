"""The report's section on real histories."""

from __future__ import annotations

import msgspec

from harness.report.histories import histories, markdown
from tests.report.histories import a_corpus_run


def test_it_tells_how_often_histories_had_to_merge() -> None:
    """For each tool once per history, however many backends it was played on."""
    run = a_corpus_run()
    elsewhere = msgspec.structs.replace(run.played[0], backend="postgresql")
    run = msgspec.structs.replace(run, played=(*run.played, elsewhere))

    merging = histories(run).parts[0]

    assert merging.words[0] == (
        "tool a: 2 merge revisions among 12 revisions of 2 histories, in 1 of them."
    )
    assert merging.table is not None
    assert merging.table.rows[0] == (
        *("one", "`one==1.0`", "tool a"),
        *("10", "2", "2", "1", "1"),
    )


def test_it_tells_what_steps_cost() -> None:
    """For each tool and backend: how many steps, and how they are distributed."""
    costs = histories(a_corpus_run()).parts[1]

    assert costs.table is not None
    assert costs.table.rows == (
        ("tool a", "sqlite", "2", "3", "0.20 s", "0.30 s", "0.30 s (other, s1)", "4"),
        ("tool b", "sqlite", "1", "1", "4.00 s", "4.00 s", "4.00 s (two, s1)", "4"),
    )


def test_it_tells_how_ends_differ_and_what_did_not_go_through() -> None:
    """Most first; a history that was not played is named with the reason."""
    text = markdown(histories(a_corpus_run()))

    assert "| one, two | sqlite | 3 | index (2) and column (1) |" in text
    assert "gone on sqlite: not played: it cannot be installed" in text
    assert "3 histories of real projects" in text


def test_nothing_is_told_of_nothing() -> None:
    """A record without a history has no tables."""
    empty = msgspec.structs.replace(a_corpus_run(), played=(), ends=())

    assert histories(empty).parts == ()
