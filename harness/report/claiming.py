"""The claims as the report tells them: an answer for each era, and where it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.claims import Answer, Claimed, EraAnswer
from harness.judgement.wording import count
from harness.model.cell import Cell
from harness.report.columns import Column, column
from harness.report.phrases import listed
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
    """What became of a claim in one era.

    `brief` has one sentence of each verdict, and `alike` says where else the first of
    them has other numbers. `same_as` names an era that was told before and for which
    the brief says the same. `evidence` counts what it rests on, in words.
    """

    era: str
    title: str
    toolchains: tuple[str, ...]
    weighed: str
    sentences: tuple[Sentence, ...]
    brief: tuple[Sentence, ...]
    alike: tuple[str, ...]
    evidence: str
    same_as: str = ""


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
            one.id,
            one.sentence,
            one.why,
            tuple(_compared(tuple(_weighing(answer) for answer in one.answers))),
        )
        for one in claimed
    )


def _compared(weighings: tuple[Weighing, ...]) -> Iterator[Weighing]:
    """Yield the answers, and say of each whether an earlier one was the same."""
    told: dict[tuple[tuple[str, str, str], ...], str] = {}
    for one in weighings:
        said = tuple((s.weighed, s.text, s.condition) for s in one.brief)
        yield msgspec.structs.replace(one, same_as=told.get(said, ""))
        told.setdefault(said, one.title)


def _weighing(answer: EraAnswer) -> Weighing:
    era = answer.era
    sentences = tuple(_sentence(said.place, said.answer) for said in answer.said)
    brief = {one.weighed: one for one in reversed(sentences)}
    cells = {cell for said in answer.said for cell in said.answer.cells}
    records = {name for said in answer.said for name in said.answer.records}
    rest = [one for one in sentences if one not in brief.values()]
    return Weighing(
        era=era.name,
        title=era.title,
        toolchains=tuple(filter(None, (era.toolchain, era.newer))),
        weighed=answer.weighed,
        sentences=sentences,
        brief=tuple(one for one in sentences if one in brief.values()),
        alike=tuple(one.place for one in rest),
        evidence=_counted(len(cells), len(records)),
    )


def _counted(cells: int, records: int) -> str:
    said = [count(cells, "cell")] * bool(cells) + [count(records, "record")] * bool(
        records
    )
    return listed(said, "")


def _sentence(place: str, answer: Answer) -> Sentence:
    return Sentence(
        place=place,
        weighed=answer.weighed,
        text=answer.sentence,
        condition=answer.condition,
        cells=tuple(cited(answer.cells).items()),
        records=answer.records,
    )


def cited(cells: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    """Return the names of cells by story, alternatives in braces."""
    by_story: dict[str, list[Column]] = {}
    for cell in cells:
        by_story.setdefault(cell.scenario, []).append(column(cell))
    return {story: cell_pattern(story, own) for story, own in by_story.items()}
