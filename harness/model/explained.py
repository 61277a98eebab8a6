"""A story as a candidate played it, with what was written into its repository."""

from __future__ import annotations

import msgspec

from harness.model.evidence import Evidence


class Written(msgspec.Struct, frozen=True):
    """A file that a step wrote: the whole text of a new one, else what git says changed."""

    path: str
    text: str


class Played(msgspec.Struct, frozen=True):
    """A cell's evidence, the files by the number of the step, and git's graph at the end.

    `left_out` are the steps that are not carried out for this, such as timings.
    """

    evidence: Evidence
    written: dict[int, tuple[Written, ...]]
    graph: str
    left_out: tuple[str, ...] = ()
