"""`carry-over.md`: a history that was carried over, and what was proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.model.carrying import (
    CarriedStep,
    CarryOver,
    NotCarried,
    Proof,
    ProvedStep,
    Stamp,
)
from harness.model.replay import Direction, Failure
from harness.report.document import environment

NAME = "carry-over.md"
_MOST_TOLD = 6


class Row(msgspec.Struct, frozen=True):
    """A step of the table: how it was written, and what was seen on each backend."""

    step: str
    revision: str
    how: str
    back: str
    seen: tuple[str, ...]


class Differing(msgspec.Struct, frozen=True):
    """Something that did not come to the same database."""

    place: str
    said: tuple[str, ...]


def write_carry_over(folder: Path, record: CarryOver) -> Path:
    """Write the report beside the record, and return its path."""
    path = folder / NAME
    replace(path, render(record).encode())
    return path


def render(record: CarryOver) -> str:
    """Return a record as markdown."""
    template = environment().get_template("carry-over.md.j2")
    return template.render(
        record=record,
        conclusions=conclusions(record),
        differing=tuple(_differing(record)),
        marked=[step for step in record.steps if step.marks],
        mended=[step for step in record.steps if step.reason],
        left=[_left(one) for one in record.not_carried],
        stamps=[(p.backend, _stamp(s)) for p in record.proofs for s in p.stamps],
        backends=[proof.backend for proof in record.proofs],
        rows=[_row(step, record.proofs) for step in record.steps],
        command=" ".join(record.command),
    )


def conclusions(record: CarryOver) -> tuple[str, ...]:
    """Return the sentences at the head."""
    ways = Counter(step.how for step in record.steps)
    written = ", ".join(f"{number} as {how}" for how, number in ways.items())
    revisions = "1 revision was" if len(record.steps) == 1 else "revisions were"
    number = "" if len(record.steps) == 1 else f"{len(record.steps)} "
    told = [f"{number}{revisions} written: {written}."]
    if record.squashed:
        told.append(f"The first stands for {record.squashed} steps of the old history.")
    told += [_proved(proof, len(record.steps)) for proof in record.proofs]
    told += [_stamped(proof) for proof in record.proofs if proof.stamps]
    marked = sum(bool(step.marks) for step in record.steps)
    if marked:
        told.append(f"{marked} of them are marked for a person to look at.")
    if record.not_carried:
        told.append(f"{len(record.not_carried)} steps were not carried over.")
    return (*told, f"The result is: {record.status}.")


def _proved(proof: Proof, steps: int) -> str:
    up = [s for s in proof.steps if s.direction is Direction.UP]
    whole = {s.step for s in up} - {s.step for s in up if not s.same}
    down = [s for s in proof.steps if s.direction is Direction.DOWN]
    told = (
        f"On {proof.backend}, schema and rows are the same after {len(whole)} of {steps} "
        "steps"
    )
    if down:
        same = sum(step.same for step in down)
        told += f", and after {same} of {len(down)} ways back"
    return f"{told}."


def _stamped(proof: Proof) -> str:
    same = sum(stamp.same for stamp in proof.stamps)
    return (
        f"On {proof.backend}, {same} of {len(proof.stamps)} databases of the old tool came "
        "to the same end after a stamp."
    )


def _differing(record: CarryOver) -> Iterator[Differing]:
    for proof in record.proofs:
        for step in proof.steps:
            if not step.same:
                yield Differing(
                    f"{proof.backend}: {step.direction} {step.step} ({step.revision})",
                    tuple(_said(step)),
                )
        for stamp in proof.stamps:
            if not stamp.same:
                yield Differing(
                    f"{proof.backend}: stamped at {stamp.revision}", tuple(_said(stamp))
                )


def _said(one: ProvedStep | Stamp) -> Iterator[str]:
    if one.failure is not None:
        yield _failure(one.failure)
    yield from (difference.sentence for difference in one.differences[:_MOST_TOLD])
    if len(one.differences) > _MOST_TOLD:
        yield f"and {len(one.differences) - _MOST_TOLD} more"


def _failure(failure: Failure) -> str:
    said = f"{failure.kind}: {failure.words}"
    return f"{said} ({failure.statement})" if failure.statement else said


def _left(one: NotCarried) -> str:
    said = f"{one.step} ({one.script}): {one.reason}"
    return f"{said}: {_failure(one.failure)}" if one.failure else said


def _stamp(stamp: Stamp) -> str:
    word = "the same" if stamp.same else "another one"
    return (
        f"stamped at {stamp.revision}, then {stamp.left} revisions to the end: {word}"
    )


def _row(step: CarriedStep, proofs: tuple[Proof, ...]) -> Row:
    how = f"{step.how}, not {step.instead_of}" if step.instead_of else str(step.how)
    if step.marks:
        how += ", marked"
    return Row(
        step=step.step,
        revision=step.revision,
        how=how,
        back="yes" if step.downgrade else "none",
        seen=tuple(_seen(step, proof) for proof in proofs),
    )


def _seen(step: CarriedStep, proof: Proof) -> str:
    mine = [one for one in proof.steps if one.step == step.step]
    if not mine:
        return "not played"
    if any(one.failure for one in mine):
        return "✘ fails"
    differences = sum(len(one.differences) for one in mine)
    if differences:
        return f"✘ {differences} differ"
    return "✔ same" if all(one.digest for one in mine) else "as before"
