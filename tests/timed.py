"""Timings made up by tests: nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from harness.model.cell import Cell
from harness.model.evidence import OK, Evidence, Observation, Sample, Sampling, Status
from harness.model.steps import Measure, Start

Pair = tuple[float, float]


def sample(block: int, twin: int, seconds: float, answer: str = "same") -> Sample:
    """Return a sample of one command that spent all its time on a processor."""
    return Sample(
        block=block,
        place=0,
        twin=twin,
        seconds=seconds,
        cpu_seconds=seconds,
        max_rss_kib=2048,
        commands=1,
        went_through=True,
        answer=answer,
    )


def samples(blocks: Iterable[Pair]) -> tuple[Sample, ...]:
    """Return the samples of both twins, from what they took in each block."""
    return tuple(
        sample(number, twin, seconds)
        for number, pair in enumerate(blocks)
        for twin, seconds in enumerate(pair)
    )


def observed(
    taken: Sequence[Sample], looks: tuple[int, ...] = (8, 16, 32)
) -> Observation:
    """Return what a measured step came to."""
    blocks = max((one.block for one in taken), default=-1) + 1
    sampling = Sampling(
        seed=0,
        looks=looks,
        blocks=blocks,
        stopped="it was the last look",
        budget_seconds=100.0,
        seconds=10.0,
        sampled_seconds=9.5,
        error_rate=0.05,
        conditions=("All were alike.",),
    )
    return Observation(
        Measure(Start()), OK, 1.0, samples=tuple(taken), sampling=sampling
    )


def timed(
    candidate: str,
    taken: Sequence[Sample],
    toolchain: str = "common",
    scenario: str = "speed/start",
) -> Evidence:
    """Return the evidence of a timed cell."""
    return Evidence(
        cell=Cell(scenario, candidate, toolchain, "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="cold",
        observations=(observed(taken),),
        seconds=1.0,
    )


def around(
    seconds: float, seed: int, blocks: int = 16, noise: float = 0.02
) -> tuple[Sample, ...]:
    """Return samples that vary by chance, by a share of what they are about."""
    drawn = np.random.default_rng(seed).normal(0.0, noise, (blocks, 2))
    return samples(tuple(map(tuple, (seconds * np.exp(drawn)).tolist())))
