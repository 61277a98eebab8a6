"""What is the same for everything that is timed, and said in the report."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.workspaces.scratch import storage

ENVIRON_BYTES = 8192
"""The size of the environment of every timed process: larger than any would be."""
TWINS_TAKE_PART = (
    "Each candidate takes part twice, set up twice, in directories whose names are of "
    "one length."
)


@contextmanager
def steady() -> Iterator[int]:
    """Keep this thread, and what it starts, on one processor; give its number.

    Our own garbage is not collected meanwhile.
    """
    allowed = os.sched_getaffinity(0)
    chosen = max(allowed)
    os.sched_setaffinity(0, {chosen})
    gc.collect()
    gc.disable()
    try:
        yield chosen
    finally:
        gc.enable()
        os.sched_setaffinity(0, allowed)


def described(processor: int, directory: Path) -> tuple[str, ...]:
    """Return what holds for every sample, as sentences."""
    return (
        "Each command is a fresh process, started through the installed console script, "
        "and timed from when it was started to when it has ended.",
        f"All commands run on processor {processor}; servers run where they like.",
        f"Workspaces and databases lie on {storage(directory)}.",
        "One warm-up of everybody comes first: byte code is written then, files and "
        "libraries are in memory afterwards.",
        "After each block, everybody's database and work tree are put back to what they "
        "were, all at once.",
        "The interpreter's garbage collection is as it comes; PYTHONHASHSEED is 0; "
        f"every environment has {ENVIRON_BYTES} bytes.",
    )
