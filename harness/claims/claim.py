"""What a claim is, what it is given, and what it answers."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from enum import StrEnum

import msgspec

from harness.model.cell import Cell
from harness.model.compatibility import MatrixEvidence, MatrixRun
from harness.model.run import Run
from harness.model.verdict import Finding, Grade

_UNSHOWN = {Grade.UNKNOWN, Grade.UNSUPPORTED}
RUN_RECORD = "run.json"
MATRIX_RECORD = "matrix/matrix.json"


class Weighed(StrEnum):
    """What becomes of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    MIXED = "mixed"
    NOT_SHOWN = "not shown"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim comes to: one sentence with its numbers, and what it rests on.

    `condition` says on what a mixed answer depends. `cells` are those that the sentence
    counts; `records` are other stored records, such as a row of the matrix.
    """

    weighed: Weighed
    sentence: str
    condition: str = ""
    cells: tuple[Cell, ...] = ()
    records: tuple[str, ...] = ()


class Matrix(msgspec.Struct, frozen=True):
    """The compatibility matrix that lies beside a run."""

    run: MatrixRun
    evidence: tuple[MatrixEvidence, ...]


class Era(msgspec.Struct, frozen=True, kw_only=True):
    """A time to answer for, by the toolchain that stands for it.

    On `newer`, if there is one, the answer is looked for again: candidates that do not
    run there are taken from `toolchain`. `until` is the last day of a time that is
    past, ISO 8601.
    """

    name: str
    title: str
    toolchain: str
    newer: str = ""
    until: str = ""


class Need(msgspec.Struct, frozen=True):
    """Stories of a candidate without which a claim is not shown."""

    candidate: str
    scenarios: tuple[str, ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim sees: the findings of one era on one backend, and stored records."""

    era: Era
    backend: str
    findings: dict[tuple[str, str], Finding]
    run: Run
    matrix: Matrix | None = None

    def finding(self, candidate: str, scenario: str) -> Finding:
        """Return a finding that the claim needs."""
        return self.findings[candidate, scenario]

    def shown(self, candidate: str, *patterns: str) -> tuple[Finding, ...]:
        """Return the established findings of stories that match one of the patterns."""
        return tuple(
            f for f in self._of(candidate, patterns) if f.grade not in _UNSHOWN
        )

    def unshown(self, candidate: str, *patterns: str) -> tuple[Finding, ...]:
        """Return those that the candidate cannot express, or that are not established."""
        return tuple(f for f in self._of(candidate, patterns) if f.grade in _UNSHOWN)

    def _of(self, candidate: str, patterns: tuple[str, ...]) -> list[Finding]:
        return [
            finding
            for (name, scenario), finding in self.findings.items()
            if name == candidate
            and any(fnmatch.fnmatchcase(scenario, pattern) for pattern in patterns)
        ]

    @property
    def records(self) -> frozenset[str]:
        """The names of all stored records that an answer may rest on."""
        rows = [e.cell.id for e in self.matrix.evidence] if self.matrix else []
        whole = [MATRIX_RECORD] if self.matrix else []
        return frozenset((RUN_RECORD, *whole, *rows))


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that people argue about, and the function that decides it.

    `why` says why it matters. The function is asked only where everything in `needs` is
    established, and only on `backends`, if some are named; without needs it sees stored
    records only. A claim without a function is never shown, for the reason `missing`.
    """

    id: str
    sentence: str
    why: str
    needs: tuple[Need, ...] = ()
    backends: tuple[str, ...] = ()
    decide: Callable[[View], Answer] | None = None
    missing: str = ""


def not_shown(reason: str) -> Answer:
    """Return the answer that there is none, for a reason."""
    return Answer(weighed=Weighed.NOT_SHOWN, sentence=f"because {reason}")
