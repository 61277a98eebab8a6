"""Carrying out one step of a story, and observing what it did."""

from __future__ import annotations

import time

import msgspec

from harness.contract import NotCarriedOut, Unsupported
from harness.databases import DatabaseRefused
from harness.execution.interference import hooks_of
from harness.execution.repository import StoryError
from harness.execution.steps import (
    asking,
    databases,
    departures,
    git_moves,
    upgrading,
    writing,
)
from harness.execution.story import Found, Story
from harness.model.departures import (
    Meddle,
    UpgradeByPrefix,
    UpgradeLine,
    UpgradeTogether,
)
from harness.model.evidence import (
    OK,
    Command,
    Fault,
    Observation,
    Outcome,
    OutcomeKind,
)
from harness.model.moves import Compete
from harness.model.snapshot import Snapshot
from harness.model.steps import Downgrade, RunSql, Stamp, Step, Upgrade, Watch

_KINDS = (
    (writing.Writing, writing.write),
    (departures.Departure, departures.depart),
    (git_moves.GitMove, git_moves.move),
    (asking.AskingTheTool, asking.ask),
    (upgrading.UnusualUpgrade, upgrading.upgrade),
    (databases.DoneByTheHarness, databases.act),
)
_ChangesDatabase = (
    Upgrade
    | UpgradeByPrefix
    | UpgradeLine
    | UpgradeTogether
    | Downgrade
    | Stamp
    | RunSql
    | Meddle
)


def perform(step: Step, story: Story) -> Observation:
    """Carry out a step and return what was observed.

    A command that fails, a merge that conflicts and a step that the candidate
    cannot express are observations; only what the harness itself got wrong is raised.
    """
    session = story.session
    deployment = story.deployment(getattr(step, "database", None))
    hooks = hooks_of(step, story)
    session.begin(getattr(step, "without", ()), hooks, deployment)
    git_before, begun = session.git.seconds, time.monotonic()
    before = _seen_before(step, story)
    ready = time.monotonic()
    outcome, found = _outcome_of(step, story)
    looked = time.monotonic()
    if isinstance(step, _ChangesDatabase):
        name = step.database
        found |= {"database": name, "before": before, "after": story.look(name)}
    ended = time.monotonic()
    return Observation(
        step=step,
        outcome=outcome,
        seconds=ended - begun,
        tool_seconds=sum(command.seconds for command in session.commands),
        git_seconds=session.git.seconds - git_before,
        looking_seconds=ready - begun + ended - looked,
        commands=tuple(session.commands),
        **found,
    )


def _outcome_of(step: Step, story: Story) -> tuple[Outcome, Found]:
    try:
        with story.unconfigured():
            found = _carry_out(step, story)
    except NotCarriedOut as failed:
        return failed.command.outcome, {}
    except Unsupported as refusal:
        words = f"{refusal.reason} ({refusal.reference})"
        words = words if refusal.reference else refusal.reason
        kind, fault = OutcomeKind.UNSUPPORTED, Fault.NOT_EXPRESSIBLE
        return Outcome(kind, fault, words), {}
    except DatabaseRefused as refusal:
        words = str(refusal)
        return Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, words), {}
    return found.pop("outcome", None) or _worst(story.session.commands), found


def _worst(commands: list[Command]) -> Outcome:
    """Return the outcome of commands that all went through: a warning if any."""
    warned = (c.outcome for c in commands if c.outcome.kind is OutcomeKind.WARNED)
    return next(warned, OK)


def _seen_before(step: Step, story: Story) -> Snapshot | None:
    """Return the database that a step may change, as it is before the step."""
    if isinstance(step, _ChangesDatabase):
        return story.last_seen(step.database)
    return None


def _carry_out(step: Step, story: Story) -> Found:
    """Carry out a step; return the fields of the observation that it fills."""
    for kind, carry_out in _KINDS:
        if isinstance(step, kind):
            return carry_out(step, story)
    if not isinstance(step, Watch | Compete):
        message = f"a {type(step).__name__} step cannot be performed here"
        raise StoryError(message)
    return {}


def describe(step: Step) -> str:
    """Return a step in a few words, for progress lines and listings."""
    fields = msgspec.structs.asdict(step)
    said = (value for value in fields.values() if isinstance(value, str) and value)
    return " ".join((type(step).__name__, *said))
