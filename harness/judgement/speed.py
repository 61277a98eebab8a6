"""What timings say: median and spread, and whether they count at all."""

from __future__ import annotations

import statistics

from harness.model.evidence import Evidence, Sample
from harness.model.steps import Time
from harness.model.verdict import Timing

_KIB_PER_MIB = 1024


def timings(evidence: Evidence) -> tuple[Timing, ...]:
    """Return one timing for every `Time` step that was carried out."""
    return tuple(
        _timing(observation.samples)
        for observation in evidence.observations
        if isinstance(observation.step, Time) and observation.samples
    )


def _timing(samples: tuple[Sample, ...]) -> Timing:
    seconds = [sample.seconds for sample in samples]
    return Timing(
        verb=samples[0].verb,
        seconds=tuple(seconds),
        median=statistics.median(seconds),
        fastest=min(seconds),
        slowest=max(seconds),
        rounds=len(samples),
        memory_mib=max(sample.max_rss_kib for sample in samples) / _KIB_PER_MIB,
        void=_void(samples),
    )


def _void(samples: tuple[Sample, ...]) -> str:
    """Return why these timings do not count, or nothing."""
    failed = [sample for sample in samples if sample.exit_code != 0]
    if failed:
        return f"{len(failed)} of {len(samples)} commands failed"
    answers = {sample.answer for sample in samples}
    if len(answers) > 1:
        return f"the same command gave {len(answers)} different answers"
    return ""
