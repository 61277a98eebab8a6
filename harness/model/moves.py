"""Steps in git of many authors: what competes, what is copied, what is taken back."""

from __future__ import annotations

from harness.model.step import StepBase


class CherryPick(StepBase, frozen=True, tag="cherry_pick"):
    """Copy the newest commit of a branch onto the current one; a conflict is backed out."""

    branch: str


class Revert(StepBase, frozen=True, tag="revert"):
    """Take back the newest commit of a branch on the current one, as CherryPick copies."""

    branch: str


class UnionGuard(StepBase, frozen=True, tag="union_guard"):
    """Have git keep the lines of both sides of the guard's file, and commit."""


class Compete(StepBase, frozen=True, tag="compete"):
    """Say that these branches were cut from one base and want the next place.

    They land in this order; each but the first is tried as it is, and then redone.
    """

    branches: tuple[str, ...]
