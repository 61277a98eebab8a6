"""The search: draw, play, and shrink what is new until nothing can be left out.

Hypothesis draws and shrinks. Once a difference is new, an example only counts as
failing if it shows the same symptom in the same column, so that shrinking cannot slip
to another one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase, Verbosity, given

from harness.exploration.drafts import Draft, drafts
from harness.exploration.known import covers
from harness.exploration.pruning import pruned
from harness.exploration.symptoms import Sighting, kind_of
from harness.model.cell import Cell
from harness.model.known import KnownDifference

_ROUNDS = 1000
Play = Callable[[Draft, tuple[Cell, ...]], tuple[Sighting, ...]]
"""Plays a draft in some columns and returns what is wrong there."""


class Budget(msgspec.Struct, frozen=True):
    """How far a search goes: examples drawn, seconds, and plays to shrink one find.

    No new example is begun after so many seconds; without a number there is no limit.
    """

    examples: int = 100
    seconds: float | None = None
    shrinks: int = 200


class Found(msgspec.Struct, frozen=True):
    """A new difference: the smallest draft that shows it, and where it was first seen.

    `whole` says that shrinking came to its end.
    """

    draft: Draft
    sighting: Sighting
    first: Draft
    whole: bool


class Tally(msgspec.Struct):
    """What a search has done so far."""

    examples: int = 0
    plays: int = 0
    operations: Counter[str] = msgspec.field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    known: Counter[str] = msgspec.field(default_factory=Counter)
    again: Counter[int] = msgspec.field(default_factory=Counter)
    """By the number of the find: how often it was met again."""

    def count(self, draft: Draft) -> None:
        """Count an example that is about to be played."""
        kinds = [kind_of(operation) for operation in draft.operations]
        self.examples += 1
        self.operations.update(kinds)
        self.pairs.update(pairwise(kinds))


class Search:
    """One search; `found` and `tally` hold what there is, however it ends."""

    def __init__(
        self,
        play: Play,
        columns: tuple[Cell, ...],
        known: tuple[KnownDifference, ...],
        budget: Budget,
        seed: int,
    ) -> None:
        self.found: list[Found] = []
        self.tally = Tally()
        self.hunt: Hunt | None = None
        self.budget = budget
        self.columns = columns
        self._play, self._known, self._seed = play, known, seed
        self._until = float("inf")
        self._played: dict[tuple[bytes, tuple[Cell, ...]], tuple[Sighting, ...]] = {}

    def run(
        self,
        finding: Callable[[Found], None] = lambda _: None,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        """Search until the budget is spent.

        `finding` is called with each find, `heard` after every play. An interruption
        passes through; the difference that was being shrunk is kept.
        """
        if self.budget.seconds is not None:
            self._until = time.monotonic() + self.budget.seconds
        number = 0
        with suppress(_TimeIsUp):
            while self._hunted(number, heard):
                finding(self.found[-1])
                number += 1

    @property
    def shrinking(self) -> bool:
        """Whether a find is being made smaller."""
        return self.hunt is not None and self.hunt.target is not None

    def is_new(self, sighting: Sighting) -> bool:
        """Tell whether a sighting is of nothing known and nothing found before."""
        return self._known_as(sighting) is None and self._found_as(sighting) is None

    def played(self, draft: Draft, columns: tuple[Cell, ...]) -> tuple[Sighting, ...]:
        """Play a draft, unless it has been played in these columns before."""
        key = msgspec.json.encode(draft), columns
        if key not in self._played:
            found = self._play(draft, columns)
            self._played[key] = found
            for cell in columns:
                alone = tuple(s for s in found if s.cell == cell)
                self._played.setdefault((key[0], (cell,)), alone)
            self.tally.plays += 1
        return self._played[key]

    def has_played(self, draft: Draft, columns: tuple[Cell, ...]) -> bool:
        """Tell whether a draft has been played in these columns before."""
        return (msgspec.json.encode(draft), columns) in self._played

    def over(self) -> bool:
        """Tell whether no new example may be begun."""
        spent = self.tally.examples >= self.budget.examples
        return spent or time.monotonic() > self._until

    def meet(self, sightings: tuple[Sighting, ...]) -> None:
        """Count those that are known or were found before, once an example."""
        known = {self._known_as(sighting) for sighting in sightings}
        self.tally.known.update(name for name in known if name is not None)
        found = {self._found_as(sighting) for sighting in sightings}
        self.tally.again.update(number for number in found if number is not None)

    def _hunted(self, number: int, heard: Callable[[], None]) -> bool:
        """Draw until something new is found and shrunk; tell whether it was."""
        backends = tuple(dict.fromkeys(cell.backend for cell in self.columns))
        self.hunt = hunt = Hunt(self, heard)
        configured = hypothesis.settings(
            max_examples=max(self.budget.examples - self.tally.examples, 1),
            phases=(Phase.generate, Phase.shrink),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )

        def attempt(draft: Draft) -> None:
            hunt.attempt(draft)

        drawing = configured(given(drafts(backends))(attempt))
        try:
            hypothesis.seed(self._seed * _ROUNDS + number)(drawing)()
        except Difference:
            hunt.prune()
        finally:
            self._keep(hunt)
        return hunt.target is not None

    def _keep(self, hunt: Hunt) -> None:
        if hunt.best is not None and hunt.first is not None:
            draft, sighting = hunt.best
            whole = hunt.pruned and hunt.left > 0
            self.found.append(Found(draft, sighting, hunt.first, whole))

    def _known_as(self, sighting: Sighting) -> str | None:
        return next((k.id for k in self._known if covers(k, sighting)), None)

    def _found_as(self, sighting: Sighting) -> int | None:
        matching = (
            number
            for number, found in enumerate(self.found)
            if found.sighting.symptom == sighting.symptom
            and {*found.sighting.operations} <= {*sighting.operations}
        )
        return next(matching, None)


class Hunt:
    """Drawing until something is new, and then shrinking that."""

    def __init__(self, search: Search, heard: Callable[[], None]) -> None:
        self.target: Sighting | None = None
        self.first: Draft | None = None
        self.best: tuple[Draft, Sighting] | None = None
        self.left = search.budget.shrinks
        self.pruning = self.pruned = False
        self._search = search
        self._heard = heard
        self._seen: set[bytes] = set()

    def attempt(self, draft: Draft) -> None:
        """Play an example; `Difference` if it shows what is hunted."""
        found = self._aimed(draft) if self.target else self._at_large(draft)
        self._heard()
        if found is not None:
            self.best = draft, found
            raise Difference

    def prune(self) -> None:
        """Leave out of the smallest draft so far whatever can be left out."""
        self.pruning = True
        if self.best is not None:
            pruned(self.best[0], self._still_shows)
        self.pruned = True

    def _still_shows(self, draft: Draft) -> bool:
        found = self._aimed(draft)
        self._heard()
        if found is not None:
            self.best = draft, found
        return found is not None

    def _at_large(self, draft: Draft) -> Sighting | None:
        search, key = self._search, msgspec.json.encode(draft)
        if key in self._seen:
            return None
        self._seen.add(key)
        if search.over():
            raise _TimeIsUp
        search.tally.count(draft)
        sightings = search.played(draft, search.columns)
        search.meet(sightings)
        self.target = next(filter(search.is_new, sightings), None)
        self.first = draft
        return self.target

    def _aimed(self, draft: Draft) -> Sighting | None:
        """Play in the one column, if there is something left to shrink with."""
        search, target = self._search, self.target
        assert target is not None  # noqa: S101
        alone = search.columns if target.symptom.kind == "disagrees" else (target.cell,)
        if not search.has_played(draft, alone):
            if self.left <= (0 if self.pruning else search.budget.shrinks // 2):
                return None
            self.left -= 1
        same = (
            sighting
            for sighting in search.played(draft, alone)
            if sighting.symptom == target.symptom
            and sighting.cell == target.cell
            and search.is_new(sighting)
        )
        return next(same, None)


class Difference(Exception):  # noqa: N818
    """An example shows what is hunted: for Hypothesis, a failure to be shrunk."""


class _TimeIsUp(BaseException):
    """The budget is spent; Hypothesis lets this pass, as it does Ctrl-C."""
