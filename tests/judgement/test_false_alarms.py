"""How often nothing was taken for something, and when that is too often."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judgement.false_alarms import alarms
from harness.model.speed import Metric, Ratio, Word


def ratio(word: Word) -> Ratio:
    """Return a ratio of that verdict."""
    return Ratio(Metric.WALL, word, "", 8, 1.0, 0.9, 1.1, 0.5, 1.02)


@pytest.mark.parametrize(
    ("wrong", "of", "too_many"),
    [(0, 20, False), (1, 20, False), (3, 20, False), (4, 20, True), (1, 1, False)],
)
def test_more_than_chance_explains_is_too_many(
    wrong: int, of: int, too_many: bool
) -> None:
    """At 5 %, 4 of 20 come by chance with a probability of 1.6 %, 3 with 7.5 %."""
    told = [ratio(Word.FASTER)] * wrong + [ratio(Word.INCONCLUSIVE)] * (of - wrong)

    if (wrong, of) == (1, 1):
        assert alarms(told, 0.05).chance == pytest.approx(0.05)
    else:
        assert too_many is alarms(told, 0.05).too_many


@given(st.lists(st.sampled_from(Word)))
def test_the_bounds_hold_the_share(words: list[Word]) -> None:
    """Without any comparison, nothing is known, and nothing is too much."""
    found = alarms(map(ratio, words), 0.05)

    assert len(words) == found.of
    assert 0 <= found.low <= found.wrong / max(found.of, 1) <= found.high <= 1
    assert words or not found.too_many
