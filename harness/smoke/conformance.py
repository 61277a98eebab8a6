"""What any adapter must do, as one story and the checks on its evidence.

The story is a clean line, walked up, down and up, with one migration that must
fail. The checks are pure: they look at evidence and name what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from harness.judgement.agreement import agreements
from harness.model.evidence import Evidence, Fault, Observation, Status
from harness.model.operations import AddColumn, CreateTable, RunStatement
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, String, Table
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    ListHeads,
    ListHistory,
    Migration,
    Seed,
    Stamp,
    Step,
    Upgrade,
)

_WAITING = 1.0
"""Seconds that a command, or an adapter between commands, may spend doing nothing."""

_FIRST = Migration(
    "create_books",
    (
        CreateTable(
            Table(
                "books",
                (
                    Column("id", Integer(), nullable=False, primary_key=True),
                    Column("title", String(50)),
                ),
            )
        ),
    ),
)
_SECOND = Migration(
    "add_pages",
    (
        AddColumn("books", Column("pages", Integer(), nullable=False, default="1")),
        AddColumn("books", Column("shelf", String(20))),
    ),
)
_FAILING = Migration("must_fail", (RunStatement("UPDATE no_such_table SET x = 1"),))
_FIRST_DONE, _BOTH_DONE = ("create_books",), ("create_books", "add_pages")

_STEPS: tuple[tuple[Step, tuple[str, ...] | None], ...] = (
    (Author(_FIRST), None),
    (ListHeads(), ("create_books",)),
    (Upgrade(), None),
    (Expect(_FIRST_DONE), None),
    (Seed("books", ({"id": 1, "title": "a"}, {"id": 2, "title": None})), None),
    (Current(), ("create_books",)),
    (Author(_SECOND), None),
    (ListHistory(), _BOTH_DONE),
    (ListHeads(), ("add_pages",)),
    (Upgrade(), None),
    (Expect(_BOTH_DONE), None),
    (Current(), ("add_pages",)),
    (Downgrade(to="create_books"), None),
    (Expect(_FIRST_DONE), None),
    (Current(), ("create_books",)),
    (Downgrade(), None),
    (Expect(()), None),
    (Upgrade(to="create_books"), None),
    (Expect(_FIRST_DONE), None),
    (Upgrade(), None),
    (Expect(_BOTH_DONE), None),
    (Upgrade(), None),
    (Expect(_BOTH_DONE), None),
    (Author(_FAILING), None),
    (Upgrade("failing"), None),
    (Stamp("add_pages", "stamped"), None),
    (Expect((), "stamped"), None),
    (Current("stamped"), ("add_pages",)),
)

CONFORMANCE = Scenario(
    name="conformance",
    family=Family.CHANGES,
    question="Does the adapter do each step, and tell the truth about it?",
    why="A comparison is worth what its adapters are worth.",
    steps=tuple(step for step, _ in _STEPS),
)


class Failure(msgspec.Struct, frozen=True):
    """A check that an adapter did not pass."""

    check: str
    sentence: str


def failures(evidence: Evidence) -> tuple[Failure, ...]:
    """Return every check that the evidence of the story does not pass."""
    return tuple(
        Failure(name, sentence)
        for name, check in CHECKS.items()
        for sentence in check(evidence)
    )


def _established(evidence: Evidence) -> Iterator[str]:
    if evidence.status is not Status.ESTABLISHED:
        yield f"{evidence.status}: {evidence.reason}"


def _carried_out(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        if _must_fail(observation) or observation.outcome.kind.went_through:
            continue
        outcome = observation.outcome
        yield f"{_name(observation)} was {outcome.kind}: {outcome.words}"


def _answers(evidence: Evidence) -> Iterator[str]:
    for observation, (_, expected) in zip(
        evidence.observations[1:], _STEPS, strict=False
    ):
        if expected is not None and observation.answer not in {None, expected}:
            yield f"{_name(observation)} answered {observation.answer}, not {expected}"


def _databases(evidence: Evidence) -> Iterator[str]:
    for agreement in agreements(evidence):
        yield from (f"after {agreement.after}: {d}" for d in agreement.differences)


def _failure_told(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        if not _must_fail(observation):
            continue
        if observation.outcome.kind.went_through:
            yield "a migration that must fail is said to have gone through"
        elif observation.outcome.fault is Fault.UNKNOWN:
            yield "no rule reads the words of an ordinary database error"


def _exit_codes(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        for command in observation.commands:
            through = command.outcome.kind.went_through
            if through and command.exit_code != 0:
                yield f"exit code {command.exit_code} of {_name(observation)} is ignored"


def _bookkeeping(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        step, after = observation.step, observation.after
        moved = isinstance(step, Upgrade | Stamp) and not _must_fail(observation)
        if moved and after is not None and not any(after.bookkeeping.values()):
            yield f"{_name(observation)} left no trace in the tool's own tables"


def _commands_run(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        asks = isinstance(
            observation.step, Author | Upgrade | Downgrade | Stamp | Current
        )
        if asks and not observation.commands:
            yield f"{_name(observation)} ran no command of the tool"


def _no_waiting(evidence: Evidence) -> Iterator[str]:
    for observation in evidence.observations:
        idle = observation.seconds - observation.tool_seconds
        idle -= observation.git_seconds + observation.looking_seconds
        if idle > _WAITING:
            yield f"{_name(observation)} spent {idle:.1f} s outside tool, git, database"
        for command in observation.commands:
            waited = command.seconds - command.cpu_seconds
            if waited > _WAITING and not command.timed_out:
                yield f"a command of {_name(observation)} waited for {waited:.1f} s"


CHECKS: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "every step is carried out": _carried_out,
    "answers are true": _answers,
    "databases are as the oracle says": _databases,
    "a failure is told": _failure_told,
    "exit codes are believed": _exit_codes,
    "the tool keeps its books": _bookkeeping,
    "the tool itself is run": _commands_run,
    "time goes into work": _no_waiting,
    "the cell is established": _established,
}


def _must_fail(observation: Observation) -> bool:
    step = observation.step
    return isinstance(step, Upgrade) and step.database == "failing"


def _name(observation: Observation) -> str:
    return type(observation.step).__name__
