"""What timings say: of one candidate, and of all who took turns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

from harness.judgement import ratios
from harness.judgement.wording import percent
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Observation, Sample, Sampling, Status
from harness.model.speed import Match, Metric, Participant, Ratio, Timed, Versus, Word
from harness.model.steps import Measure

WORTH_KNOWING = 1.10
"""If a ratio may be beyond this, it is not said that no difference was shown."""
_KIB_PER_MIB = 1024
_FEWER = math.sqrt(2)
"""Between two candidates stand means of two twins each, in a control one twin each: what
comes by chance is then larger by this."""
_Blocks = dict[int, dict[int, Sample]]
_Columns = tuple[list[float], list[float]]


def timed(evidence: Evidence) -> Timed | None:
    """Return what a cell's samples come to, if it has any."""
    observation = measured(evidence)
    if observation is None or not observation.samples:
        return None
    samples = observation.samples
    return Timed(
        samples=len(samples),
        wall=ratios.spread([sample.seconds for sample in samples]),
        cpu=ratios.spread([sample.cpu_seconds for sample in samples]),
        memory_mib=max(sample.max_rss_kib for sample in samples) / _KIB_PER_MIB,
        commands=max(sample.commands for sample in samples),
        void=void(samples),
    )


def matches(evidence: Iterable[Evidence]) -> tuple[Match, ...]:
    """Return what follows for every scenario and backend in which turns were taken."""
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for one in evidence:
        groups.setdefault((one.cell.scenario, one.cell.backend), []).append(one)
    found = (_match(group) for group in groups.values())
    return tuple(match for match in found if match is not None)


def measured(evidence: Evidence) -> Observation | None:
    """Return the observation that has the samples, if there is one."""
    observations = (o for o in evidence.observations if isinstance(o.step, Measure))
    return next(observations, None)


def settled(group: Iterable[tuple[Cell, Observation]]) -> bool:
    """Tell whether everybody who takes turns was shown to differ from every other."""
    whole = {who_ran(cell): o for cell, o in group if o.samples and not void(o.samples)}
    return all(
        alike.differ(one, other, metric)
        for alike in _by_toolchain(whole)
        for one, other in itertools.combinations(alike.observations, 2)
        for metric in Metric
    )


def compare(
    one: Sequence[float],
    other: Sequence[float],
    metric: Metric,
    shows: float,
    error_rate: float,
) -> Ratio:
    """Return how many times as long one took as the other, with a verdict.

    Both lists are in the order of the blocks. `shows` is the logarithm of the smallest
    ratio that counts.
    """
    values = ratios.logarithms(one, other)
    blocks, needed = len(values), ratios.least_blocks(error_rate)
    middle = float(ratios.centre(values)) if blocks else 0.0
    if blocks < needed:
        bounds, chance, word = (-math.inf, math.inf), 1.0, Word.INCONCLUSIVE
        reason = f"{blocks} blocks: it takes {needed} to be that sure of anything"
    else:
        bounds = ratios.interval(values, error_rate)
        chance = ratios.chance(values)
        word, reason = _worded(middle, bounds, chance, shows, error_rate)
    return Ratio(
        metric=metric,
        verdict=word,
        reason=reason,
        blocks=blocks,
        ratio=math.exp(middle),
        low=math.exp(bounds[0]),
        high=math.exp(bounds[1]),
        chance=chance,
        shows=math.exp(shows),
    )


def _worded(
    middle: float,
    bounds: tuple[float, float],
    chance: float,
    shows: float,
    error_rate: float,
) -> tuple[Word, str]:
    """Return the verdict: a difference has to be both sure and large enough."""
    sure, large = chance <= error_rate, abs(middle) > shows
    if sure and large:
        return (Word.SLOWER if middle > 0 else Word.FASTER), ""
    limit = math.log(WORTH_KNOWING)
    reach = max(abs(bound) for bound in bounds)
    least = percent(math.exp(shows))
    if reach <= limit and shows <= limit:
        beyond = percent(math.exp(reach))
        return Word.NO_DIFFERENCE, f"one of more than {beyond} is not to be expected"
    if large:
        said = f"p is {chance:.2g}, and {error_rate:.2g} is needed"
        return Word.INCONCLUSIVE, f"it is not surer than chance: {said}"
    if shows > limit:
        return (
            Word.INCONCLUSIVE,
            f"a candidate differs from itself by up to {least} in this run",
        )
    if sure:
        return (
            Word.INCONCLUSIVE,
            f"it is less than the {least} that a candidate differs from itself",
        )
    return (
        Word.INCONCLUSIVE,
        f"the samples vary too much to rule out a difference of {percent(math.exp(reach))}",
    )


def _match(group: Sequence[Evidence]) -> Match | None:
    """Return what follows from the evidence of those who took turns."""
    sampling = _sampling(group)
    if sampling is None:
        return None
    whole: dict[Participant, Observation] = {}
    rows: list[tuple[Participant, Timed]] = []
    left_out: list[tuple[Participant, str]] = []
    for evidence in group:
        who, row, observation = (
            who_ran(evidence.cell),
            timed(evidence),
            measured(evidence),
        )
        if row is None or observation is None:
            left_out.append((who, _why(evidence)))
            continue
        rows.append((who, row))
        if not row.void:
            whole[who] = observation
    return Match(
        scenario=group[0].cell.scenario,
        digest=group[0].digest,
        backend=group[0].cell.backend,
        sampling=sampling,
        rows=tuple(rows),
        versus=tuple(_versus(whole)),
        left_out=tuple(left_out),
    )


def _versus(whole: dict[Participant, Observation]) -> Iterable[Versus]:
    """Yield the controls of each toolchain, then its comparisons."""
    for alike in _by_toolchain(whole):
        for who in alike.observations:
            yield alike.control(who)
        for one, other in itertools.combinations(alike.observations, 2):
            yield alike.versus(one, other)


def _by_toolchain(whole: dict[Participant, Observation]) -> Iterator[_Alike]:
    """Yield those who may be compared: never one toolchain with another."""
    for toolchain in dict.fromkeys(who.toolchain for who in whole):
        yield _Alike({w: o for w, o in whole.items() if w.toolchain == toolchain})


class _Alike:
    """Those who took turns on one toolchain, block by block."""

    def __init__(self, observations: dict[Participant, Observation]) -> None:
        self.observations = observations
        self._rate = _rate(observations.values())
        self._blocks = {w: _complete(o.samples) for w, o in observations.items()}
        self._limits: dict[tuple[Metric, Participant | None, int], float] = {}

    def control(self, who: Participant) -> Versus:
        """Hold a candidate against itself.

        It is judged by what the other candidates' twins differ by, where there are
        others: what sets the limit must not be what is held against it.
        """
        own = self._blocks[who]
        found = (
            compare(
                *self._twins(who, metric),
                metric,
                self._limit(metric, who, len(own)),
                self._rate,
            )
            for metric in Metric
        )
        return Versus(who, who, tuple(found))

    def versus(self, one: Participant, other: Participant) -> Versus:
        """Hold one candidate against another."""
        if not self._left_alike(one, other):
            return Versus(one, other, _unlike(len(self._common(one, other))))
        found = (
            compare(
                *self._columns(one, other, metric),
                metric,
                self._least(one, other, metric),
                self._rate,
            )
            for metric in Metric
        )
        return Versus(one, other, tuple(found))

    def differ(self, one: Participant, other: Participant, metric: Metric) -> bool:
        """Tell whether `versus` would show a difference, and work out nothing else."""
        columns = self._columns(one, other, metric)
        if not self._left_alike(one, other):
            return False
        if len(columns[0]) < ratios.least_blocks(self._rate):
            return False
        values = ratios.logarithms(*columns)
        sure = ratios.chance(values) <= self._rate
        return sure and abs(float(ratios.centre(values))) > self._least(
            one, other, metric
        )

    def _left_alike(self, one: Participant, other: Participant) -> bool:
        return _left(self.observations[one]) == _left(self.observations[other])

    def _common(self, one: Participant, other: Participant) -> list[int]:
        return [number for number in self._blocks[one] if number in self._blocks[other]]

    def _columns(
        self, one: Participant, other: Participant, metric: Metric
    ) -> _Columns:
        """Return what each took, in the blocks that both have."""
        common = self._common(one, other)
        return (
            [_both(self._blocks[one][number], metric) for number in common],
            [_both(self._blocks[other][number], metric) for number in common],
        )

    def _twins(self, who: Participant, metric: Metric) -> _Columns:
        pairs = [_twins(of_block, metric) for of_block in self._blocks[who].values()]
        return [one for one, _ in pairs], [other for _, other in pairs]

    def _least(self, one: Participant, other: Participant, metric: Metric) -> float:
        number = len(self._common(one, other))
        return self._limit(metric, None, number) / _FEWER

    def _limit(self, metric: Metric, but: Participant | None, number: int) -> float:
        """Return what the controls show in so many blocks, all but one's own."""
        key = metric, but, number
        if key not in self._limits:
            others = [w for w in self._blocks if w != but] or list(self._blocks)
            logs = [ratios.logarithms(*self._twins(w, metric)) for w in others]
            self._limits[key] = ratios.shown(logs, number, self._rate)
        return self._limits[key]


def _rate(observations: Iterable[Observation]) -> float:
    """Return the error rate of one look."""
    sampling = next(iter(observations)).sampling
    if sampling is None or not sampling.looks:
        return 1.0
    return sampling.error_rate / len(sampling.looks)


def _unlike(blocks: int) -> tuple[Ratio, ...]:
    reason = "they did not leave the same tables and rows"
    return tuple(
        Ratio(metric, Word.INCONCLUSIVE, reason, blocks, 1.0, 0.0, math.inf, 1.0, 1.0)
        for metric in Metric
    )


def _left(observation: Observation) -> object:
    """Return what the step left in the database, bookkeeping aside."""
    after = observation.after
    return None if after is None else (after.tables, after.rows)


def _complete(samples: Iterable[Sample]) -> _Blocks:
    """Return the samples of both twins by block; a block that lacks one is left out."""
    blocks: _Blocks = {}
    for sample in samples:
        blocks.setdefault(sample.block, {})[sample.twin] = sample
    return {number: found for number, found in blocks.items() if len(found) > 1}


def _value(sample: Sample, metric: Metric) -> float:
    return sample.seconds if metric is Metric.WALL else sample.cpu_seconds


def _twins(of_block: dict[int, Sample], metric: Metric) -> tuple[float, float]:
    return _value(of_block[0], metric), _value(of_block[1], metric)


def _both(of_block: dict[int, Sample], metric: Metric) -> float:
    """Return the geometric mean of the twins, as what is compared are ratios."""
    one, other = _twins(of_block, metric)
    return math.sqrt(one * other)


def who_ran(cell: Cell) -> Participant:
    """Return who takes part with a cell."""
    return Participant(cell.candidate, cell.toolchain)


def _why(evidence: Evidence) -> str:
    if evidence.status is not Status.ESTABLISHED:
        return f"{evidence.status}: {evidence.reason}"
    failed = (
        observation.outcome
        for observation in evidence.observations
        if not observation.outcome.kind.went_through
    )
    outcome = next(failed, None)
    if outcome is not None:
        return outcome.words
    sampling = _sampling([evidence])
    return "it was not timed" if sampling is None else sampling.stopped


def _sampling(group: Iterable[Evidence]) -> Sampling | None:
    observations = filter(None, map(measured, group))
    found = (o.sampling for o in observations if o.sampling is not None)
    return next(found, None)


def void(samples: tuple[Sample, ...]) -> str:
    """Return why timings do not count, or nothing."""
    failed = [sample for sample in samples if not sample.went_through]
    if failed:
        return f"{len(failed)} of {len(samples)} samples failed"
    answers = {(sample.twin, sample.answer, sample.schema) for sample in samples}
    twins = {sample.twin for sample in samples}
    if len(answers) > len(twins):
        more = len(answers) - len(twins) + 1
        return f"the same step gave {more} different answers"
    if any(min(s.seconds, s.cpu_seconds) <= 0 for s in samples):
        return "a clock showed no time at all"
    return ""
