"""A story explained: its words, what each candidate writes for it, what is expected."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Iterable, Iterator
from textwrap import fill, indent

from harness.judgement import judge
from harness.judgement.difference import compare
from harness.model.evidence import Observation
from harness.model.explained import Played, Written
from harness.model.scenario import Scenario
from harness.model.snapshot import Snapshot, TableState
from harness.model.step import StepBase
from harness.model.steps import Expect, Watch
from harness.report.phrases import MARKS
from harness.report.python_source import laid_out
from harness.report.schema_lines import column_line, type_line
from harness.report.transcript import title

_WIDTH = 88
_MANY = 6


def story(scenario: Scenario) -> Iterator[str]:
    """Yield the story in words, with every step as it is written in the scenario."""
    yield _heading(scenario.id, "=")
    yield fill(scenario.question, _WIDTH)
    yield fill(f"Why: {scenario.why}", _WIDTH)
    if scenario.sources:
        yield f"Sources: {', '.join(scenario.sources)}"
    yield f"Databases: {', '.join(scenario.backends)}"
    yield ""
    yield _heading("The story", "-")
    yield "[0] Set up an empty history with the tool's own command."
    for number, step in enumerate(scenario.steps, start=1):
        yield _described(number, step)
        yield laid_out(step, depth=1)
    yield ""


def told(played: Iterable[Played]) -> Iterator[str]:
    """Yield what each candidate wrote and ran, and what was expected of it."""
    played = tuple(played)
    for one in played:
        yield from _candidate(one)
    expected = next((one for one in played if _looked(one)), None)
    if expected is not None:
        yield from _expectation(expected)


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"


def _described(number: int, step: StepBase) -> str:
    """Say what a kind of step does, in the words of the vocabulary."""
    first = (inspect.getdoc(type(step)) or "").split("\n\n")[0]
    mark = f"[{number}] "
    if isinstance(step, Watch):
        first = f"From here on, this is wrong: {step.fault}."
    return fill(mark + first, _WIDTH, subsequent_indent=" " * len(mark))


def _candidate(played: Played) -> Iterator[str]:
    evidence = played.evidence
    cell = evidence.cell
    place = f"{cell.candidate} ({cell.toolchain}, {cell.backend})"
    yield _heading(place, "-")
    yield from (fill(f"help: {said}", _WIDTH) for said in evidence.help)
    for number, observation in enumerate(evidence.observations):
        yield from _step(number, observation, played.written.get(number, ()))
    yield from (f"{name}: not carried out here" for name in played.left_out)
    if played.graph:
        yield "git, the newest first:"
        yield indent(played.graph, "    ")
    finding = judge(evidence)
    yield f"verdict here: {MARKS[finding.grade]} {finding.headline}"
    yield from (
        fill(f"- {reason}", _WIDTH, subsequent_indent="  ")
        for reason in finding.reasons
    )
    yield from ([evidence.detail] if evidence.detail else [])
    yield ""


def _step(
    number: int, observation: Observation, written: tuple[Written, ...]
) -> Iterator[str]:
    outcome = observation.outcome
    said = f"{outcome.kind}"
    said += "" if outcome.kind.went_through else f" ({outcome.fault}: {outcome.words})"
    yield f"[{number}] {title(observation.step)}: {_seen(observation) or said}"
    for command in observation.commands:
        environ = "".join(f"{k}={shlex.quote(v)} " for k, v in command.environ.items())
        yield f"    $ {environ}{shlex.join(command.argv)}"
    if observation.merge is not None:
        yield f"    git merge: exit {observation.merge.exit_code}"
    for change in observation.changes:
        was = f" (was {change.was})" if change.was else ""
        yield f"    {change.status} {change.path}{was}"
    shown = written if len(written) <= _MANY and number else ()
    for file in shown:
        yield f"    {file.path}:"
        yield indent(file.text.rstrip(), "    | ", lambda _: True)


def _seen(observation: Observation) -> str:
    """Return how a database that was looked at is held against the oracle."""
    if observation.expected is None or observation.after is None:
        return ""
    found = compare(observation.expected, observation.after)
    said = "; ".join(difference.sentence for difference in found)
    return f"not as expected: {said}" if said else "as expected"


def _looked(played: Played) -> bool:
    return any(_is_expectation(o) for o in played.evidence.observations)


def _is_expectation(observation: Observation) -> bool:
    return isinstance(observation.step, Expect) and observation.expected is not None


def _expectation(played: Played) -> Iterator[str]:
    """Yield the databases as they should be: the oracle's word, the same for all."""
    yield _heading("What is expected", "-")
    backend = played.evidence.cell.backend
    yield f"The oracle's word, on {backend}: plain SQLAlchemy, without any tool."
    for number, observation in enumerate(played.evidence.observations):
        if _is_expectation(observation) and observation.expected is not None:
            yield f"[{number}] {title(observation.step)}"
            yield from (f"    {line}" for line in _database(observation.expected))


def _database(snapshot: Snapshot) -> Iterator[str]:
    rows = {state.table: state.count for state in snapshot.rows}
    for table in snapshot.tables:
        yield f"{table.name}, {rows.get(table.name, 0)} rows"
        yield from (f"    {line}" for line in _table(table))
    if not snapshot.tables:
        yield "no table"
    yield from map(type_line, snapshot.types)


def _table(table: TableState) -> Iterator[str]:
    if table.comment is not None:
        yield f"comment {table.comment!r}"
    yield from map(column_line, table.columns)
    if table.primary_key:
        yield f"primary key ({', '.join(table.primary_key)})"
    named = (
        ("unique", table.uniques),
        ("index", table.indexes),
        ("foreign key", table.foreign_keys),
        ("check", table.checks),
    )
    for noun, states in named:
        for state in states:
            yield " ".join(part for part in (noun, state.name, state.says) if part)
    yield from (f"trigger {name}" for name in table.triggers)
