"""The search, with a play that is made up: no tool and no database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.exploration.drafts import Draft
from harness.exploration.search import Budget, Search
from harness.exploration.symptoms import Sighting, Symptom
from harness.model.cell import Cell
from harness.model.known import KnownDifference
from harness.model.operations import AddColumn, DropColumn, Operation

_ONE = Cell("changes/draft", "one", "common", "sqlite")
_TWO = Cell("changes/draft", "two", "common", "sqlite")
_COLUMNS = (_ONE, _TWO)
_BUDGET = Budget(examples=60, shrinks=400)
_Kind = type[Operation]


class Play:
    """Says that a candidate loses something wherever there is a kind of operation."""

    def __init__(self, *wrong: tuple[Cell, _Kind, str]) -> None:
        self.wrong = wrong
        self.drafts: list[Draft] = []

    def __call__(self, draft: Draft, columns: tuple[Cell, ...]) -> tuple[Sighting, ...]:
        """Keep the draft, and say what is wrong in it."""
        self.drafts.append(draft)
        return tuple(
            Sighting(cell, Symptom("differs", says, "up"), (kind.__name__,), says)
            for cell, kind, says in self.wrong
            if cell in columns and any(isinstance(o, kind) for o in draft.operations)
        )


def searched(
    play: Callable[..., tuple[Sighting, ...]],
    *,
    known: tuple[KnownDifference, ...] = (),
    budget: Budget = _BUDGET,
    seed: int = 0,
) -> Search:
    """Return a search that has been carried out."""
    search = Search(play, _COLUMNS, known, budget, seed)
    search.run()
    return search


def test_nothing_wrong_finds_nothing() -> None:
    """All examples are played, and counted by operation and by pair."""
    search = searched(Play())

    assert search.found == []
    assert search.tally.examples > _BUDGET.examples / 2
    assert search.tally.operations.total() > search.tally.examples / 2
    assert search.tally.pairs


def test_a_difference_is_made_as_small_as_it_can_be() -> None:
    """What is left is one migration with the one operation that it takes."""
    search = searched(Play((_TWO, AddColumn, "a column is lost")))

    (found,) = search.found
    assert [type(o) for o in found.draft.operations] == [AddColumn]
    assert [len(found.draft.tables), found.draft.rows] == [1, {}]
    assert (found.sighting.cell, found.whole) == (_TWO, True)
    assert search.tally.again[0] > 0


def test_shrinking_does_not_slip_to_another_difference() -> None:
    """Two differences are found as two, each with its own operation."""
    play = Play((_ONE, AddColumn, "one thing"), (_TWO, DropColumn, "another"))

    search = searched(play)

    kinds = {f.sighting.symptom.says: type(f.draft.operations[0]) for f in search.found}
    assert kinds == {"one thing": AddColumn, "another": DropColumn}
    assert [len(found.draft.operations) for found in search.found] == [1, 1]


def test_what_is_known_does_not_stop_the_search() -> None:
    """It is counted, and what else there is is found."""
    play = Play((_ONE, AddColumn, "one thing"), (_TWO, DropColumn, "another"))
    entry = KnownDifference(
        id="it", symptom="one thing", reason="!", reference="S18", candidates=("one",)
    )

    search = searched(play, known=(entry,))

    assert [found.sighting.symptom.says for found in search.found] == ["another"]
    assert search.tally.known["it"] > 0


def test_the_same_seed_draws_the_same() -> None:
    """And another seed draws something else."""
    plays = [Play(), Play(), Play()]
    for play, seed in zip(plays, (7, 7, 8), strict=True):
        searched(play, seed=seed)

    assert plays[0].drafts == plays[1].drafts
    assert plays[0].drafts != plays[2].drafts


def test_the_budget_for_shrinking_is_kept() -> None:
    """A find that could not be made small in time says so."""
    play = Play((_ONE, AddColumn, "a column is lost"))

    search = searched(play, budget=Budget(examples=5, shrinks=2), seed=3)

    assert len(play.drafts) <= 5 + 2
    assert [found.whole for found in search.found] in ([], [False])


def test_no_time_no_example() -> None:
    """When the time is over no example is begun."""
    search = searched(Play(), budget=Budget(seconds=0.0))

    assert search.tally.examples == 0


def test_an_interruption_leaves_what_was_found() -> None:
    """Ctrl-C while a find is made smaller keeps the smallest so far."""
    wrong = Play((_ONE, AddColumn, "a column is lost"))
    found: list[Sighting] = []

    def play(draft: Draft, columns: tuple[Cell, ...]) -> tuple[Sighting, ...]:
        if found:
            raise KeyboardInterrupt
        found.extend(wrong(draft, columns))
        return tuple(found)

    search = Search(play, _COLUMNS, (), _BUDGET, seed=0)
    with pytest.raises(KeyboardInterrupt):
        search.run()

    assert [one.whole for one in search.found] == [False]
