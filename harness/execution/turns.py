"""Taking turns: in which order, how often, and until when.

A block is one turn of everybody. The order is drawn anew for every block, from a seed
that is kept, so that whatever drifts on a machine meets everybody alike. How many blocks
there may be follows from the time there is and what the warm-up took, and is fixed before
the first. The error rate is divided among the looks, so looking costs no honesty
(Bonferroni).

Where time is short, few operations are measured well rather than all badly: an operation
may take what two looks need, as long as there is that much left for all.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec

LOOKS = (8, 16, 32)
WELL = 2
"""So many looks an operation has, if there is time for them at all."""
ERROR_RATE = 0.05
"""How often a comparison may tell a difference where there is none."""

NO_TIME = "there was no time for the first look"


class Budget(msgspec.Struct, frozen=True):
    """Seconds for the samples of an operation: its share, and what is left for all."""

    share: float
    left: float


class Participant(Protocol):
    """Somebody who takes turns."""

    def warm_up(self) -> float:
        """Do it once; return about how many seconds a turn takes."""

    def turn(self, block: int, place: int) -> float:
        """Do it once, timed; return the seconds that count."""

    def finish(self) -> None:
        """See what the turn left, and make ready for the next; others do so as well."""


class Taken(msgspec.Struct, frozen=True):
    """What taking turns came to; see `harness.model.evidence.Sampling`."""

    looks: tuple[int, ...]
    blocks: int
    stopped: str
    budget_seconds: float
    wanted_seconds: float
    seconds: float
    sampled_seconds: float


def order(participants: int, seed: str, block: int) -> list[int]:
    """Return the order of a block: every participant once."""
    places = list(range(participants))
    random.Random(f"{seed}:{block}").shuffle(places)  # noqa: S311
    return places


def planned(block_seconds: float, seconds: float) -> tuple[int, ...]:
    """Return the looks for which there is time; none if not even for the first."""
    return tuple(look for look in LOOKS if look * block_seconds <= seconds)


def finish(participants: Sequence[Participant]) -> None:
    """Have everybody finish a block at once: most of it is waiting for servers."""
    with ThreadPoolExecutor(len(participants) or 1) as pool:
        for done in [pool.submit(one.finish) for one in participants]:
            done.result()


def take_turns(
    participants: Sequence[Participant],
    seed: str,
    budget: Budget,
    settled: Callable[[tuple[int, ...]], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Taken:
    """Warm up, plan, and go on until a look finds all settled or there is no time.

    `settled` is asked at the planned looks only, and told which those are.
    """
    block_seconds = sum([participant.warm_up() for participant in participants])
    allowed, looks = budget.share, planned(block_seconds, budget.share)
    if len(looks) < WELL:
        allowed, looks = budget.left, planned(block_seconds, budget.left)[:WELL]
    stopped = NO_TIME
    blocks, sampled = 0, 0.0
    begun = clock()
    for number, look in enumerate(looks):
        so_far = clock() - begun
        limit = max(allowed, budget.left) if number < WELL else allowed
        if blocks and so_far / blocks * look > limit:
            stopped = "there was no time for the next look"
            break
        for block in range(blocks, look):
            for place, whose in enumerate(order(len(participants), seed, block)):
                sampled += participants[whose].turn(block, place)
            finish(participants)
        blocks = look
        if settled(looks):
            stopped = "all differences were shown"
            break
        stopped = "it was the last look"
    return Taken(
        looks=looks,
        blocks=blocks,
        stopped=stopped,
        budget_seconds=allowed,
        wanted_seconds=block_seconds * LOOKS[:WELL][-1],
        seconds=clock() - begun,
        sampled_seconds=sampled,
    )
