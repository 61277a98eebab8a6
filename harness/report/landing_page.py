"""`queue.md` as a file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.journal.files import replace, write_record
from harness.queueing.result import NAME, Queue
from harness.report.landing import page
from harness.report.templating import environment

PAGE = "queue.md"


def write_queue(directory: Path, queue: Queue) -> Path:
    """Write `queue.json` and `queue.md`, and return the path of the latter."""
    directory.mkdir(parents=True, exist_ok=True)
    write_record(directory / NAME, queue)
    path = directory / PAGE
    replace(path, render_queue(queue).encode())
    return path


def render_queue(queue: Queue) -> str:
    """Return what was simulated as markdown."""
    values = msgspec.structs.asdict(page(queue))
    return environment().get_template("queue.md.j2").render(values)
