"""Known differences: where a tool is known not to do what was asked of it."""

from __future__ import annotations

import fnmatch

import msgspec

from harness.model.cell import Cell


class KnownDifference(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One known difference; an empty field is met by anything.

    For explorations, `symptom` is a regular expression that must be found in a symptom
    as reports write it, and one of `operations` must be among those that it came with;
    `sentence` is one that must be found in the sentence that was said.
    For a run's stories, `scenarios` are patterns over their ids, and `outcome` a
    regular expression that must be found in the verdict or its reasons. One of the
    two is always there.

    Of `candidates`, `backends` and `toolchains` one pattern each must match. `versions`
    says with which releases it was seen; `reference` is an address, or an id of the
    catalogue.
    """

    id: str
    reason: str
    reference: str
    symptom: str = ""
    sentence: str = ""
    operations: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    outcome: str = ""
    candidates: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ()
    versions: dict[str, str] = {}

    def concerns(self, cell: Cell) -> bool:
        """Tell whether it could be seen in a cell, by where that is."""
        return (
            _one_matches(self.candidates, cell.candidate)
            and _one_matches(self.backends, cell.backend)
            and _one_matches(self.toolchains, cell.toolchain)
        )

    def is_told_by(self, cell: Cell) -> bool:
        """Tell whether a cell's story must show it, as long as it is there."""
        told = self.outcome and _one_matches(self.scenarios, cell.scenario)
        return bool(told) and self.concerns(cell)


def _one_matches(patterns: tuple[str, ...], name: str) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(name, p) for p in patterns)
