"""One cell as a transcript: each step, each command with its output, each change."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from harness.judgement.difference import compare
from harness.judgement.wording import sampled
from harness.model.evidence import Command, Evidence, Observation
from harness.model.snapshot import Snapshot
from harness.model.step import StepBase


def transcript(evidence: Evidence) -> str:
    """Return all that was observed in a cell, for a person to read."""
    return "\n".join(_lines(evidence))


def _lines(evidence: Evidence) -> Iterator[str]:
    yield f"cell: {evidence.cell.id}"
    yield f"status: {evidence.status}{f', {evidence.reason}' if evidence.reason else ''}"
    yield from (f"help: {said}" for said in evidence.help)
    for number, observation in enumerate(evidence.observations):
        yield ""
        yield f"[{number}] {title(observation.step)}: {observation.outcome.kind}"
        yield from (f"    {line}" for line in _observed(observation))
    if evidence.detail:
        yield ""
        yield evidence.detail


def title(step: StepBase) -> str:
    """Return a step as its name and the fields that are set."""
    fields = (getattr(step, name) for name in step.__struct_fields__)
    said = (_brief(value) for value in fields)
    return " ".join((type(step).__name__, *(word for word in said if word)))


def _brief(value: object) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    return str(getattr(value, "name", "") or "")


def _observed(observation: Observation) -> Iterator[str]:
    outcome = observation.outcome
    if outcome.words:
        yield f"{outcome.fault}: {outcome.words}"
    if observation.merge is not None:
        yield f"git merge: exit {observation.merge.exit_code}"
        yield from observation.merge.output.splitlines()
    for command in observation.commands:
        yield from _command(command)
    if observation.answer is not None:
        yield f"answer: {', '.join(observation.answer)}"
    for change in observation.changes:
        was = f" (was {change.was})" if change.was else ""
        lines = f"+{change.added} −{change.deleted}"
        yield f"{change.status} {change.path}{was} {lines}"
    yield from differences(observation)
    if observation.after is not None:
        yield f"bookkeeping: {_bookkeeping(observation.after)}"
    for sample in observation.samples:
        yield sampled(sample)


def command_line(command: Command) -> str:
    """Return a command as a shell takes it, with what was set in its environment."""
    environ = "".join(f"{k}={shlex.quote(v)} " for k, v in command.environ.items())
    return f"{environ}{shlex.join(command.argv)}"


def ending(command: Command) -> str:
    """Return how a command ended: its exit code or its signal."""
    code = f"signal {command.signal}" if command.signal else f"exit {command.exit_code}"
    return f"{code}, time limit" if command.timed_out else code


def _command(command: Command) -> Iterator[str]:
    yield f"$ {command_line(command)}"
    yield from (f"  {line}" for line in command.stdout.splitlines())
    yield from (f"! {line}" for line in command.stderr.splitlines())
    times = f"{command.seconds:.3f} s, network {command.network}"
    yield f"  ({ending(command)}, {times})"
    yield from (f"  reached for {a.kind} {a.target}" for a in command.attempts)


def differences(observation: Observation) -> Iterator[str]:
    """Yield in words what a look at a database showed, if the step took one."""
    if observation.after is None:
        return
    if observation.expected is not None:
        found = compare(observation.expected, observation.after)
        yield from (f"not as expected: {one.sentence}" for one in found)
        if not found:
            yield "as expected"
    elif observation.stages:
        yield from _stages(observation.stages, observation.after)
    elif observation.before is not None:
        changed = compare(observation.before, observation.after)
        yield from (f"not as before: {one.sentence}" for one in changed)


def _stages(stages: tuple[Snapshot, ...], after: Snapshot) -> Iterator[str]:
    last = len(stages) - 1
    for number, stage in enumerate(stages):
        if not compare(stage, after):
            yield f"as after {number} of {last} changes"
            return
    for one in compare(stages[0], after):
        yield f"not as before: {one.sentence}"
    for one in compare(stages[-1], after):
        yield f"not as after: {one.sentence}"


def _bookkeeping(snapshot: Snapshot) -> str:
    return "; ".join(
        f"{table}: {', '.join(map(str, rows)) or 'empty'}"
        for table, rows in snapshot.bookkeeping.items()
    )
