"""Taking turns: in which order, how often, and until when.

A block is one turn of everybody. The order is drawn anew for every block, from a seed
that is kept, so that whatever drifts on a machine meets everybody alike. How many blocks
there may be follows from the time there is and what the warm-up took, and is fixed before
the first. The error rate is divided among the looks, so looking costs no honesty
(Bonferroni).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

LOOKS = (8, 16, 32)
ERROR_RATE = 0.05
"""How often a comparison may tell a difference where there is none."""


class Participant(Protocol):
    """Somebody who takes turns."""

    def warm_up(self) -> float:
        """Do it once; return about how many seconds a turn takes."""

    def turn(self, block: int, place: int) -> float:
        """Do it once, timed; return the seconds that count."""


class Taken(msgspec.Struct, frozen=True):
    """What taking turns came to; see `harness.model.evidence.Sampling`."""

    looks: tuple[int, ...]
    blocks: int
    stopped: str
    seconds: float
    sampled_seconds: float


def order(participants: int, seed: str, block: int) -> list[int]:
    """Return the order of a block: every participant once."""
    places = list(range(participants))
    random.Random(f"{seed}:{block}").shuffle(places)  # noqa: S311
    return places


def planned(block_seconds: float, budget: float) -> tuple[int, ...]:
    """Return the looks for which there is time; none if not even for the first."""
    return tuple(look for look in LOOKS if look * block_seconds <= budget)


def take_turns(
    participants: Sequence[Participant],
    seed: str,
    budget: float,
    settled: Callable[[tuple[int, ...]], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Taken:
    """Warm up, plan, and go on until a look finds all settled or there is no time.

    `settled` is asked at the planned looks only, and told which those are.
    """
    block_seconds = sum([participant.warm_up() for participant in participants])
    looks = planned(block_seconds, budget)
    first = f"{LOOKS[0] * block_seconds:.0f} s"
    stopped = (
        f"the first look takes about {first}, and there were {budget:.0f} s for it"
    )
    blocks, sampled = 0, 0.0
    begun = clock()
    for look in looks:
        so_far = clock() - begun
        if blocks and so_far / blocks * look > budget:
            stopped = "there was no time for the next look"
            break
        for block in range(blocks, look):
            for place, number in enumerate(order(len(participants), seed, block)):
                sampled += participants[number].turn(block, place)
        blocks = look
        if settled(looks):
            stopped = "all differences were shown"
            break
        stopped = "it was the last look"
    return Taken(looks, blocks, stopped, clock() - begun, sampled)
