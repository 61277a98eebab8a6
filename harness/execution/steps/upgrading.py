"""Upgrades other than the usual one: of a line, by a part of a name, several at once."""

from __future__ import annotations

from harness.execution.story import Found, Story
from harness.model.departures import UpgradeByPrefix, UpgradeLine, UpgradeTogether
from harness.model.steps import Step

UnusualUpgrade = UpgradeByPrefix | UpgradeLine | UpgradeTogether


def upgrade(step: Step, story: Story) -> Found:
    """Have the tool upgrade a database in a way that is not the usual one."""
    history, repository = story.history, story.repository
    match step:
        case UpgradeByPrefix(to, characters, name):
            history.upgrade_by_prefix(story.database(name), to, characters)
            story.state(name).passes(repository.up_to(to))
        case UpgradeLine(own, name):
            history.upgrade_line(story.database(name), own)
        case UpgradeTogether():
            return _together(step, story)
    return {}


def _together(step: UpgradeTogether, story: Story) -> Found:
    """Upgrade with several processes at once; a failure of one is the outcome."""
    history, database = story.history, story.database(step.database)
    history.prepare(database)
    invocation = history.upgrading(database)
    commands = story.session.together(invocation, step.processes)
    story.state(step.database).passes(story.repository.line)
    failed = (c.outcome for c in commands if not c.outcome.kind.went_through)
    outcome = next(failed, None)
    return {} if outcome is None else {"outcome": outcome}
