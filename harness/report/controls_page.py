"""The page on repeated controls: how often a difference was told where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.judgement.false_alarms import SURE, Alarms, alarms
from harness.judgement.wording import count
from harness.model.benchmark import Benchmarked, again
from harness.model.speed import Match, Metric, Versus
from harness.report.columns import story
from harness.report.document import environment
from harness.report.speed import said
from harness.report.tables import Table

NAME = "controls.md"


class Repetition(msgspec.Struct, frozen=True):
    """One of the repetitions: its folder, what it was, and what follows from it."""

    folder: str
    record: Benchmarked
    matches: tuple[Match, ...]


class Counted(msgspec.Struct, frozen=True):
    """False alarms of one kind of comparison, by one metric."""

    what: str
    metric: Metric
    alarms: Alarms

    @property
    def sentence(self) -> str:
        """The count in words, with what follows from it."""
        found = self.alarms
        verdict = (
            "more than the stated rate explains"
            if found.too_many
            else "no more than the stated rate explains"
        )
        return (
            f"{self.what} by {self.metric}: told as different in {found.wrong} of "
            f"{count(found.of, 'comparison')} (so in {100 * found.low:.1f} to "
            f"{100 * found.high:.1f} % of all such, exact binomial bounds at 95 %). "
            f"The method allows {100 * found.rate:.0f} %; as many or more come by chance "
            f"with a probability of {found.chance:.2f}: {verdict}."
        )


def counted(repetitions: Iterable[Repetition]) -> tuple[Counted, ...]:
    """Count the false alarms of all repetitions; nothing in them differs."""
    matches = [match for one in repetitions for match in one.matches]
    if not matches:
        return ()
    rate = matches[0].sampling.error_rate
    kinds = {
        "A candidate against itself under another name": [
            v for match in matches for v in match.comparisons if _same(v)
        ],
        "A candidate's two set-ups against each other": [
            v for match in matches for v in match.controls
        ],
    }
    return tuple(
        Counted(what, metric, alarms((v.by(metric) for v in found), rate))
        for what, found in kinds.items()
        for metric in Metric
    )


def write_controls_page(
    directory: Path, repetitions: tuple[Repetition, ...], found: tuple[Counted, ...]
) -> Path:
    """Write the page and return its path."""
    text = (
        environment()
        .get_template("controls.md.j2")
        .render(
            repetitions=repetitions, counted=found, sure=SURE, table=_table(repetitions)
        )
    )
    path = directory / NAME
    replace(path, text.encode())
    return path


def _same(versus: Versus) -> bool:
    """Tell whether both are one candidate under two names."""
    return versus.other.candidate == again(versus.one.candidate)


def _table(repetitions: tuple[Repetition, ...]) -> Table:
    return Table(
        ("repetition", "seed", "load", "what", "who", "blocks", *map(str, Metric)),
        tuple(
            (
                one.folder,
                str(one.record.seed),
                f"{one.record.before.load:.1f} to {one.record.after.load:.1f}",
                f"{story(match.scenario)} ({match.backend})",
                f"{versus.one.candidate} ({versus.one.toolchain})",
                str(match.sampling.blocks),
                *(said(versus.by(metric)) for metric in Metric),
            )
            for one in repetitions
            for match in one.matches
            for versus in match.comparisons
            if _same(versus)
        ),
    )
