"""One step in words: what its script says beforehand, and what it did afterwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from harness.model.replay import Direction, End, PlannedStep, PlayedStep
from harness.report.changed import change
from harness.report.phrases import seconds
from harness.report.replaying import failure_lines


def intent(step: PlannedStep, direction: Direction) -> str:
    """Say what a step is going to do: the function of its script, as it is written."""
    head = f"{direction} {step.id}: {step.message or Path(step.script).stem}"
    return f"{head}\n{step.script}\n\n{_code(Path(step.script), direction)}\n"


def outcome(step: PlayedStep) -> str:
    """Say what a step did: statements, schema, rows and time."""
    return "\n".join((*_told(step), ""))


def _told(step: PlayedStep) -> Iterator[str]:
    if step.end is End.NO_WAY_BACK:
        yield f"There is no way back: {step.failure.words if step.failure else ''}"
        return
    if step.end is not End.DONE:
        yield from failure_lines(step)
        return
    yield "Sent:"
    sent = [one for one in step.statements if not one.bookkeeping]
    for one in sent:
        rows = f", {one.rows} rows" if one.rows > 0 else ""
        yield f"  {' '.join(one.text.split())}  [{seconds(one.seconds)}{rows}]"
    yield f"  and {step.sent - len(sent)} that read, or keep the tool's books"
    yield "Changed:"
    yield from (f"  {change(one)}" for one in step.changes)
    if not step.changes:
        yield "  nothing"
    yield from (f"  {table}: {a} → {b} rows" for table, (a, b) in step.rows.items())
    yield from (f"  not as before: {change(one)}" for one in step.uneven)
    yield f"Took {seconds(step.seconds)}."


def _code(script: Path, direction: Direction) -> str:
    """Return the function that runs; all of a script that is not Python."""
    try:
        source = script.read_text(encoding="utf-8", errors="replace")
        if script.suffix == ".sql":
            return source
        functions = [
            n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)
        ]
    except (OSError, SyntaxError, ValueError):
        return "(the script cannot be read)"
    name = "upgrade" if direction is Direction.UP else "downgrade"
    found = next((n for n in functions if n.name == name), None)
    if found is None:
        return f"(the script has no function {name})"
    return ast.get_source_segment(source, found) or ""
