"""The claims as the report tells them: an answer for each era, and where it holds."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.claims import Answer, Claimed, EraAnswer
from harness.model.cell import Cell
from harness.report.columns import Column, column
from harness.report.where import cell_pattern


class Sentence(msgspec.Struct, frozen=True):
    """An answer in a sentence; `place` is empty where it holds wherever it was asked.

    `cells` are the names of the cells that it rests on, by story; `records` are other
    stored records.
    """

    place: str
    weighed: str
    text: str
    condition: str
    cells: tuple[tuple[str, tuple[str, ...]], ...]
    records: tuple[str, ...]


class Weighing(msgspec.Struct, frozen=True):
    """What became of a claim in one era."""

    era: str
    title: str
    toolchains: tuple[str, ...]
    weighed: str
    sentences: tuple[Sentence, ...]
    number_of_cells: int


class ClaimPart(msgspec.Struct, frozen=True):
    """A claim, why it matters, and its answers."""

    id: str
    sentence: str
    why: str
    answers: tuple[Weighing, ...]


def claim_parts(claimed: Iterable[Claimed]) -> tuple[ClaimPart, ...]:
    """Return the claims as the report tells them."""
    return tuple(
        ClaimPart(
            one.id, one.sentence, one.why, tuple(_weighing(a) for a in one.answers)
        )
        for one in claimed
    )


def _weighing(answer: EraAnswer) -> Weighing:
    era = answer.era
    return Weighing(
        era=era.name,
        title=era.title,
        toolchains=tuple(filter(None, (era.toolchain, era.newer))),
        weighed=answer.weighed,
        sentences=tuple(_sentence(said.place, said.answer) for said in answer.said),
        number_of_cells=len(
            {cell for said in answer.said for cell in said.answer.cells}
        ),
    )


def _sentence(place: str, answer: Answer) -> Sentence:
    return Sentence(
        place=place,
        weighed=answer.weighed,
        text=answer.sentence,
        condition=answer.condition,
        cells=tuple(_cited(answer.cells).items()),
        records=answer.records,
    )


def _cited(cells: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    by_story: dict[str, list[Column]] = {}
    for cell in cells:
        by_story.setdefault(cell.scenario, []).append(column(cell))
    return {story: cell_pattern(story, own) for story, own in by_story.items()}
